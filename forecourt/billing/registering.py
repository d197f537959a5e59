"""Asking the register for a tax id, and telling who should know that it does not know it."""

from django.db import transaction

from forecourt.billing import actions, tax_ids, telling
from forecourt.billing.models import BillingAccount
from forecourt.core import mail, scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import lock
from forecourt.orgs.recipients import MailKind


def check(organization_id: int) -> None:
    """Ask, and note the answer; nothing is open meanwhile. Raises NoAnswer."""
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        rows = BillingAccount.objects.select_related("details")
        account = rows.get(pk=organization_id)
        tax_id = account.details.tax_id
    if tax_ids.is_asked(tax_id):
        is_valid = tax_ids.is_known(tax_id)
        actions.note_tax_id(System(organization_id), tax_id=tax_id, is_valid=is_valid)


def tell(organization_id: int, event_id: int) -> None:
    """Queue the bad news for the invoicing address and the primary contact, once."""
    about = f"tax-id:{event_id}"
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        event = AuditEvent.objects.filter(pk=event_id).first()
        if event is None or Mail.objects.filter(about=about).exists():
            return
        mail.queue_all(
            "billing.tax_id_invalid",
            telling.addresses(organization, MailKind.INVOICES),
            organization_id=organization_id,
            about=about,
            organization_name=organization.name,
            slug=organization.slug,
            tax_id=event.after["tax_id"],
        )
