"""What the tests of mails' fates share: mails of Acme that were sent, and reports about them."""

import datetime as dt

from django.utils import timezone

from forecourt.account import fates
from forecourt.core import mail
from forecourt.core.fates import Told
from forecourt.core.models import AuditEvent, Mail
from tests.cast import organization

BOUNCED, DELIVERED = Mail.Status.BOUNCED, Mail.Status.DELIVERED
COMPLAINED, FAILED, SENT = Mail.Status.COMPLAINED, Mail.Status.FAILED, Mail.Status.SENT
UNKNOWN = "5.1.1 The mailbox does not exist"


def sent(to: str, *, slug: str = "acme", minutes: float = 0, **more) -> Mail:
    """A mail of an organization that was sent so many minutes ago."""
    at = timezone.now() - dt.timedelta(minutes=minutes)
    row = {"kind": "billing.invoice", "status": SENT, "sent_at": at, "created_at": at, **more}
    return Mail.objects.create(
        organization_id=organization(slug).pk, to=to, message_id=mail._message_id(), **row
    )


def tell(row: Mail, fate: Mail.Status, reason: str = "", **more) -> Mail:
    """What somebody tells of a mail; the row after it."""
    told = {"is_for_good": fate == BOUNCED, **more}
    assert fates.believe(Told(row.token, fate, reason, **told))
    return again(row)


def again(row: Mail) -> Mail:
    """The row as it is now."""
    organization("acme")
    return Mail.objects.get(pk=row.pk)


def events(slug: str = "acme") -> list[str]:
    """What the organization's audit log has, in order."""
    found = AuditEvent.objects.filter(organization_id=organization(slug).pk).order_by("pk")
    return list(found.values_list("event", flat=True))


def report(
    row: Mail, *, action="failed", status="5.1.1", to="", said=UNKNOWN, original=True
) -> bytes:
    """A report of delivery as a mail server sends it (RFC 3464): to the return address, or else with
    what is left of the mail."""
    back = f"Message-ID: {row.message_id}\r\nSubject: An invoice\r\n" if original else ""
    return (
        f"""From: MAILER-DAEMON@mx.example.com
To: {to or "bounces@lumen.example"}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Your mail could not be delivered.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {row.to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {said}

--B
Content-Type: text/rfc822-headers

{back}
--B--
""".replace("\r\n", "\n")
        .replace("\n", "\r\n")
        .encode()
    )


def complaint(row: Mail, kind: str = "abuse") -> bytes:
    """A complaint as a mailbox provider sends it (RFC 5965)."""
    return f"""From: feedback@mailbox.example
To: bounces@lumen.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is a complaint.
--B
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Mailbox/1.0
Version: 1

--B
Content-Type: message/rfc822

Message-ID: {row.message_id}
To: {row.to}
Subject: An invoice

Hello
--B--
""".replace("\n", "\r\n").encode()
