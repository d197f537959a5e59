"""Every mail that was sent or given up, and what became of it: not what it said, which was never kept. On
the server alone, since whoever names a mail is believed about its fate. Nothing is sent by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from forecourt.console.events import Event
from forecourt.console.models import Imported
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import FORMER, Row, is_handle
from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.models import Mail
from forecourt.members.models import Invitation

#: Mails at once.
AT_ONCE = 1_000
#: What the mail of an invitation is about: here by its number, in the files by its name.
ABOUT = re.compile(r"invitation:([0-9a-f-]+):([0-9]+)")
Status = Mail.Status
#: What became of a mail after it was sent.
AFTER = (Status.SENT, Status.DELIVERED, Status.BOUNCED, Status.COMPLAINED)


def rows(pk: int | None, ref: str) -> Iterator[list[Row]]:
    """The mails of an organization (None: of the house) that wait no more, in their order. In its
    scope."""
    every = Mail.objects.filter(organization_id=pk).exclude(status=Status.QUEUED).order_by("pk")
    last = 0
    while some := list(every.filter(pk__gt=last).defer("values", "sealed")[:AT_ONCE]):
        names = _names(mail.about for mail in some)
        yield [{"organization": ref, **_row(mail, names)} for mail in some]
        last = some[-1].pk


def _names(abouts: Iterable[str]) -> dict[str, str]:
    """The names of the invitations that these are about, by their numbers."""
    found = [match[1] for about in abouts if (match := ABOUT.fullmatch(about))]
    numbers = [int(each) for each in found if each.isdigit()]
    named = Invitation.objects.filter(pk__in=numbers).values_list("pk", "handle")
    return {str(pk): str(handle) for pk, handle in named}


def _row(mail: Mail, names: dict[str, str]) -> Row:
    return {
        "at": mail.created_at,
        "message": mail.message_id,
        "kind": mail.kind,
        "to": mail.to,
        "about": _about(mail.about.removeprefix(FORMER), names) or mail.about.removeprefix(FORMER),
        "status": mail.status,
        "error": mail.error,
        "sent": mail.sent_at,
        "told": mail.told_at,
    }


def _about(about: str, names: dict[str, str]) -> str:
    """The same by another name of the invitation; "" where there is none, or it is about another thing."""
    match = ABOUT.fullmatch(about)
    name = names.get(match[1]) if match else None
    return f"invitation:{name}:{match[2]}" if match and name else ""


@action("import_mails")
def import_mails(actor, *, lines: list[Line]) -> int:
    """Write down what became of mails elsewhere; of how many that was not known here yet."""
    pk = actor.organization_id
    said = {line.values["message"]: line.values for line in lines}
    with scope.across_organizations("which mails are here already"):
        here = Mail.objects.filter(message_id__in=said)
        known = set(here.values_list("message_id", flat=True))
    fresh = [values for name, values in said.items() if name not in known]
    if not fresh:
        audit.unchanged()
        return 0
    numbers = _numbers(values.get("about", "") for values in fresh)
    Mail.objects.bulk_create(_mail(pk, values, numbers) for values in fresh)
    thing = Imported(organization_id=pk, kind="mails", ref=lines[0].organization)
    audit.record(actor, Event.MAILS_IMPORTED, thing, after={"lines": len(fresh)})
    return len(fresh)


def _numbers(abouts: Iterable[str]) -> dict[str, str]:
    """The numbers here of the invitations that these are about, by their names."""
    found = [match[1] for about in abouts if (match := ABOUT.fullmatch(about))]
    handles = [each for each in found if is_handle(each)]
    named = Invitation.objects.filter(handle__in=handles).values_list("handle", "pk")
    return {str(handle): str(pk) for handle, pk in named}


def _mail(pk: int | None, said: dict[str, Any], numbers: dict[str, str]) -> Mail:
    about = said.get("about", "")
    sent = said.get("sent") or (said["at"] if said["status"] in AFTER else None)
    return Mail(
        organization_id=pk,
        to=said["to"],
        kind=said["kind"],
        about=_about(about, numbers) or (f"{FORMER}{about}"[:60] if about else ""),
        message_id=said["message"],
        status=said["status"],
        error=said.get("error", ""),
        created_at=said["at"],
        sent_at=sent,
        told_at=said.get("told"),
    )
