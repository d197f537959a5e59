"""The PDF of Stripe's invoices: fetched once, and kept, so that it can be had when Stripe is away."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from forecourt.billing.models import Invoice, StripeInvoice
from forecourt.billing.stripe import client
from forecourt.core import scope

log = logging.getLogger(__name__)
LONGEST = 5_000_000  # bytes


def paper(invoice: Invoice) -> bytes | None:
    """The PDF, None where it was not fetched yet."""
    content = StripeInvoice.objects.filter(invoice=invoice).values_list("paper", flat=True).first()
    return bytes(content) if content is not None else None


def fetch(organization_id: int, invoice_id: int) -> None:
    """Keep the PDF of an invoice, unless it is kept. Raises Away where there is none to have now."""
    with transaction.atomic(), scope.organization(organization_id):
        row = StripeInvoice.objects.select_related("invoice").filter(pk=invoice_id).first()
        if row is None or row.paper is not None:
            return
        external_id = row.invoice.external_id
    with client.asking(waits=False) as api:
        address = api.v1.invoices.retrieve(external_id).invoice_pdf
    content = _download(address) if address else None
    if content is None:
        raise client.Away(f"there is no paper of invoice {invoice_id} to have")
    with transaction.atomic(), scope.organization(organization_id):
        StripeInvoice.objects.filter(pk=invoice_id, paper=None).update(paper=content)


def _download(address: str) -> bytes | None:
    import requests

    if not _is_stripes(address):
        log.error("Stripe names an address of somebody else for a paper")
        return None
    try:
        with requests.get(address, timeout=client.JOBS_PATIENCE, stream=True) as answer:
            if answer.status_code != 200 or not _is_stripes(answer.url):
                return None
            content = answer.raw.read(LONGEST + 1, decode_content=True)
    except requests.RequestException:
        return None
    return content if content.startswith(b"%PDF-") and len(content) <= LONGEST else None


def _is_stripes(address: str) -> bool:
    if settings.STRIPE_API_BASE and address.startswith(settings.STRIPE_API_BASE + "/"):
        return True
    parts = urlsplit(address)
    return parts.scheme == "https" and f".{parts.hostname}".endswith(".stripe.com")
