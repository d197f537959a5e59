"""What the mails of this room say when they are sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from forecourt.billing import papers, prices, telling
from forecourt.billing.accounts import account_of
from forecourt.billing.models import BillingAccount, Invoice, Payment, Subscription
from forecourt.core import money
from forecourt.core.models import Mail
from forecourt.orgs.models import Organization
from forecourt.orgs.recipients import MailKind, extras


def invoice(mail: Mail) -> dict[str, Any] | None:
    """With the paper; None where it was credited meanwhile."""
    found = _invoice(mail)
    if found.status == Invoice.Status.CREDITED:
        return None
    paper = papers.content(papers.document(found), "pdf")
    name = papers.file_name(found, None, "pdf")
    attachments = [(name, paper, "application/pdf")]
    return _of_invoice(mail, MailKind.INVOICES, found, attachments=attachments)


def due(mail: Mail) -> dict[str, Any] | None:
    """None where it was paid meanwhile."""
    return _open(mail, MailKind.INVOICES)


def overdue(mail: Mail) -> dict[str, Any] | None:
    """None where it was paid meanwhile."""
    return _open(mail, MailKind.PAYMENT_PROBLEMS)


def payment_failed(mail: Mail) -> dict[str, Any] | None:
    """None where it was paid meanwhile."""
    return _open(mail, MailKind.PAYMENT_PROBLEMS)


def _open(mail: Mail, kind: MailKind) -> dict[str, Any] | None:
    found = _invoice(mail)
    if found.status != Invoice.Status.OPEN:
        return None
    return _of_invoice(mail, kind, found)


def paid(mail: Mail) -> dict[str, Any] | None:
    """As it came, whatever happened after."""
    payment = Payment.objects.select_related("invoice__seller", "invoice__buyer").get(
        pk=mail.values["payment_id"]
    )
    found = payment.invoice
    amount = money.said(payment.amount, found.currency, found.buyer.language)
    more = {"amount": amount, "received_on": payment.received_on, "method": payment.method}
    return _of_invoice(mail, MailKind.INVOICES, found, **more)


def canceled(mail: Mail) -> dict[str, Any] | None:
    """None where it was resumed meanwhile."""
    found = _subscription(mail)
    return _of_subscription(mail, found) if found.cancels_at_period_end else None


def resumed(mail: Mail) -> dict[str, Any] | None:
    """None where it was canceled again meanwhile."""
    found = _subscription(mail)
    return None if found.cancels_at_period_end else _of_subscription(mail, found)


def renews(mail: Mail) -> dict[str, Any] | None:
    """None where it does not renew any more."""
    found = _subscription(mail)
    account = account_of(found.organization)
    coming = prices.coming(account, found)
    if coming is None or not found.days_left:
        return None
    amount = money.said(coming.total, coming.currency, account.details.language)
    return _of_subscription(mail, found, amount=amount, days=found.days_left)


def tax_id_invalid(mail: Mail) -> dict[str, Any] | None:
    """None where it was changed meanwhile."""
    account = BillingAccount.objects.select_related("details").get(pk=mail.organization_id or 0)
    is_so = account.tax_id_state == BillingAccount.TaxIdState.INVALID
    if account.details.tax_id != mail.values["tax_id"] or not is_so:
        return None
    if not _is_recipient(mail, MailKind.INVOICES):
        return None
    return {**mail.values, "link": _link(mail), **extras(mail, MailKind.INVOICES)}


def _invoice(mail: Mail) -> Invoice:
    rows = Invoice.objects.select_related("buyer", "seller", "credits")
    return rows.get(pk=mail.values["invoice_id"])


def _subscription(mail: Mail) -> Subscription:
    rows = Subscription.objects.select_related("plan__product", "organization__primary_contact")
    return rows.get(pk=mail.values["subscription_id"])


def _of_invoice(mail: Mail, kind: MailKind, found: Invoice, **more: Any) -> dict[str, Any] | None:
    if not _is_recipient(mail, kind):
        return None
    language, seller = found.buyer.language, found.seller.content
    return {
        **mail.values,
        "number": found.number,
        "is_credit_note": found.is_credit_note,
        "credits": found.credits.number if found.credits else "",
        "total": money.said(found.total, found.currency, language),
        "outstanding": money.said(found.outstanding, found.currency, language),
        "is_open": found.status == Invoice.Status.OPEN,
        "due_on": found.due_on,
        "iban": seller["iban"],
        "bic": seller["bic"],
        "holder": seller["name"],
        "note": found.note,
        "link": _link(mail),
        **extras(mail, kind),
        **more,
    }


def _of_subscription(mail: Mail, found: Subscription, **more: Any) -> dict[str, Any] | None:
    if not _is_recipient(mail, MailKind.RENEWALS):
        return None
    return {
        **mail.values,
        "product_name": found.plan.product.name,
        "plan": found.plan.name,
        "seats": found.next_seats or found.seats,
        "ends_on": found.period_end,
        "link": _link(mail),
        **extras(mail, MailKind.RENEWALS),
        **more,
    }


def _is_recipient(mail: Mail, kind: MailKind) -> bool:
    """Whoever was removed while the mail waited gets none."""
    organization = Organization.objects.get(pk=mail.organization_id or 0)
    return mail.to in telling.addresses(organization, kind)


def _link(mail: Mail) -> str:
    """The Billing page."""
    return settings.PUBLIC_URL + reverse("billing", args=[mail.values["slug"]])
