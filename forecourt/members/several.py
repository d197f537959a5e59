"""Reading many addresses out of pasted text or a CSV file, before anything is written."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecourt.core.refusals import Refused
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import Role
from forecourt.people.addresses import BadAddress, normalize

MOST = 100


@dataclass(frozen=True)
class Line:
    """One line of what was given, and what will happen with it."""

    number: int
    text: str
    email: str
    role: str
    verdict: str
    tone: str
    will_invite: bool

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def read(text: str, *, default_role: str, may_choose_role: bool) -> list[tuple[str, str, str]]:
    """(text, address, role) for each line with something in it; the address is empty where there
    is none to be found. A line of several addresses counts as several. Raises Refused when there
    are more than 100."""
    found = []
    for row in _rows(text):
        role = default_role
        if may_choose_role:
            said = {cell.strip().lower() for cell in row}
            role = next((r.value for r in Role if r.value in said), default_role)
        addresses = [cell for cell in row if "@" in cell]
        if not addresses and {"email", "e-mail"} & {cell.strip().lower() for cell in row}:
            continue  # the heading of a CSV file
        for cell in addresses or [" ".join(row)]:
            inside = re.search(r"<([^<>]*)>", cell)
            found.append((cell.strip()[:300], inside[1] if inside else cell.strip(), role))
            if len(found) > MOST:
                raise Refused(
                    _("At most %(most)d addresses at once; this is more.") % {"most": MOST},
                    field="people",
                )
    return found


def _rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.strip():
            try:
                yield next(csv.reader(io.StringIO(line.replace(";", ",").replace("\t", ","))))
            except (csv.Error, StopIteration):
                yield [line]


def preview(organization_id: int, lines: list[tuple[str, str, str]]) -> list[Line]:
    """What sending would do with each line; writes nothing."""
    addresses = [_normal(address) for _text, address, _role in lines]
    good = {address for address in addresses if address}
    members = set(
        Membership.objects.filter(
            organization_id=organization_id,
            user__emailaddress__email__in=good,
            user__emailaddress__verified=True,
        ).values_list("user__emailaddress__email", flat=True)
    )
    pending = {
        invitation.email: invitation
        for invitation in Invitation.objects.filter(
            organization_id=organization_id, email__in=good, status=Invitation.Status.PENDING
        )
    }
    seen: set[str] = set()
    result = []
    for number, ((text, _address, role), address) in enumerate(
        zip(lines, addresses, strict=True), start=1
    ):
        verdict, tone, will = _verdict(address, role, members, pending, seen)
        seen.add(address)
        result.append(Line(number, text, address, role, verdict, tone, will))
    return result


def _verdict(address, role, members, pending, seen) -> tuple[str, str, bool]:
    if not address:
        return _("Not an e-mail address; left out."), "danger", False
    if address in seen:
        return _("Stands above already; left out."), "warning", False
    if address in members:
        return _("Already a member; left alone."), "warning", False
    if address in pending and not pending[address].is_expired:
        return _("Already invited; the link sent before stays good."), "warning", False
    if address in pending and pending[address].is_unsent:
        return _("Is prepared already, and will be sent."), "good", True
    if address in pending:
        return _("The invitation had expired; gets a new link."), "good", True
    return _("Will be invited."), "good", True


def _normal(address: str) -> str:
    try:
        return normalize(address)
    except BadAddress:
        return ""
