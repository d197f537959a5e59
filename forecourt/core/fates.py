"""What became of a mail after it was sent, as others tell: a provider by its webhooks, or a mail that
came back. Whoever tells names the mail by its token, which nobody can guess."""

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.models import Mail

Status = Mail.Status
TOKEN = re.compile(r"[0-9a-f]{32}")
MOST = 300
#: What is known of a mail that was sent, from the least to the last word: a later one takes the place
#: of an earlier one alone, so that it matters neither in which order they come nor how often.
_WEIGHT = {
    Status.SENT: 0,
    Status.DELIVERED: 1,
    Status.FAILED: 2,
    Status.BOUNCED: 2,
    Status.COMPLAINED: 3,
}


@dataclass(frozen=True)
class Told:
    """What somebody tells of a mail: DELIVERED, BOUNCED, COMPLAINED or FAILED. `is_for_good`: the
    address itself gets no mail, rather than this one or now."""

    token: str
    fate: Mail.Status
    reason: str = ""
    at: dt.datetime | None = None
    is_for_good: bool = False


def find(token: str) -> tuple[int, int | None] | None:
    """The mail with this token, whosever it is, and its organization's id."""
    if not TOKEN.fullmatch(token):
        return None
    with scope.across_organizations("the mail whose fate somebody tells"):
        rows = Mail.objects.filter(message_id__startswith=f"<{token}@")
        return rows.values_list("pk", "organization_id").first()


def mark(row: Mail, told: Told) -> bool:
    """Note what was told of a mail, whose row is locked; whether that was news. What has not been sent
    has no fate yet: it is sent once more, and has one then."""
    if _WEIGHT.get(Status(row.status), 9) >= _WEIGHT[told.fate]:
        return False
    now = timezone.now()
    row.status, row.told_at = told.fate, min(told.at or now, now)
    row.error = plain(told.reason)
    row.save(update_fields=["status", "error", "told_at"])
    return True


def plain(reason: str) -> str:
    """What a mail server said, as one short line: nothing in it is a link, a token, or unseen."""
    text = re.sub(r"\w+://\S+", "…", reason[:5_000])
    text = re.sub(r"[0-9a-fA-F]{32,}", "…", text)
    text = "".join(c if c.isprintable() or c.isspace() else "�" for c in text)
    text = " ".join(text.split())
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def _split() -> tuple[str, str]:
    name, _at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return name, domain


def return_address(token: str) -> str:
    """Where a mail comes back to: the mailbox for bounces, with the mail's token in its address."""
    name, domain = _split()
    return f"{name}+{token}@{domain}"


def token_in(text: str) -> str | None:
    """The token in a return address of ours, somewhere in this text."""
    name, domain = _split()
    if not name:
        return None
    shape = rf"{re.escape(name)}\+({TOKEN.pattern})@{re.escape(domain)}"
    found = re.search(shape, text, re.IGNORECASE)
    return found[1].lower() if found else None
