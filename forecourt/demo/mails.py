"""The sample world's mails: what became of those to Acme, and a contact to whom they come back."""

import datetime as dt

from django.utils import timezone

from forecourt.core import mail, scope
from forecourt.core.models import Mail
from forecourt.orgs.mail_kinds import in_order
from forecourt.orgs.models import Contact

#: A buyer who is gone; nobody has told the vendor.
GONE = "former.buyer@acme.example"
SAID = "550 5.1.1 The mailbox does not exist"
#: (days ago, kind, to, fate, what was said)
MAILS = [
    (40.2, "billing.invoice", "invoices@acme.example", "delivered", ""),
    (31.1, "products.release", GONE, "delivered", ""),
    (30.4, "members.joined", "admin@acme.example", "delivered", ""),
    (21.3, "billing.renews", "primary@acme.example", "delivered", ""),
    (16.7, "products.release", "releases@acme.example", "complained", ""),
    (12.1, "members.invitation", "late.reply@acme.example", "delivered", ""),
    (9.5, "products.license_ending", GONE, "bounced", SAID),
    (9.5, "products.license_ending", "admin@acme.example", "delivered", ""),
    (5.2, "billing.payment_failed", "invoices@acme.example", "failed", "552 5.2.2 Mailbox full"),
    (3.3, "billing.due", "invoices@acme.example", "dropped", ""),
    (2.4, "billing.paid", "invoices@acme.example", "delivered", ""),
    (1.0, "members.invitation", "new.hire@acme.example", "sent", ""),
]


def mails() -> None:
    """Acme's."""
    now = timezone.now()
    with scope.organization(1):
        for days, kind, to, fate, said in MAILS:
            at = now - dt.timedelta(days=days)
            Mail.objects.create(
                organization_id=1,
                to=to,
                kind=kind,
                status=fate,
                error=said,
                message_id=mail._message_id(),
                created_at=at,
                sent_at=None if fate in ("dropped", "failed") else at,
                told_at=at if fate in ("delivered", "bounced", "complained") else None,
            )
        Contact.objects.create(
            organization_id=1,
            email=GONE,
            name="Theo Marsh",
            kinds=in_order(["renewals", "license_keys", "releases"]),
            confirmed_at=now - dt.timedelta(days=400),
            bounced_at=now - dt.timedelta(days=9.5),
            bounce=SAID,
        )
