"""The lists of the Members page: searched, filtered, a page at a time."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from forecourt.core import lists
from forecourt.core.languages import language
from forecourt.core.lists import EXACT_UP_TO, PER_PAGE
from forecourt.core.models import Mail
from forecourt.core.prepared import Prepared
from forecourt.members.actions.invitations import manages
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import Permission, Role, table

MOST_INVITATIONS = 25
#: The columns that a row shows.
SHOWN = (
    *("organization_id", "user_id", "role", "contact_id", "joined_at", "last_seen_at"),
    *("user__name", "user__email"),
)


@dataclass
class Asked:
    """What the address of the page asks for; whatever cannot be read counts as not asked."""

    q: str = ""
    role: str = ""
    after: int | None = None
    before: int | None = None
    first: int = 1

    @classmethod
    def from_query(cls, query: Any) -> Asked:
        role = query.get("role", "")
        return cls(
            q=lists.words(query.get("q", "")),
            role=role if role in ("admin", "member", "pending") else "",
            after=lists.number(query.get("after")),
            before=lists.number(query.get("before")),
            first=lists.number(query.get("n")) or 1,
        )


@dataclass
class Row:
    """One member as the list shows them to `viewer`."""

    member: Membership
    viewer: Membership
    id: int = field(init=False)
    name: str = field(init=False)
    email: str = field(init=False)
    label: str = field(init=False)
    is_me: bool = field(init=False)
    is_primary: bool = field(init=False)
    role: str = field(init=False)
    role_label: str = field(init=False)
    joined_at: dt.datetime = field(init=False)
    last_seen_at: dt.datetime | None = field(init=False)
    may_edit: bool = field(init=False)
    may_remove: bool = field(init=False)
    may_leave: bool = field(init=False)

    def __post_init__(self) -> None:
        self.id = self.member.pk
        self.name = self.member.user.name
        self.email = self.member.user.email
        self.label = self.name or self.email
        self.is_me = self.member.pk == self.viewer.pk
        contact = self.member.contact_id
        self.is_primary = (
            contact is not None and contact == self.viewer.organization.primary_contact_id
        )
        self.role, self.role_label = self.member.role, self.member.role_label
        self.joined_at, self.last_seen_at = self.member.joined_at, self.member.last_seen_at
        self.may_edit = self.viewer.may(Permission.EDIT_MEMBERS)
        self.may_remove = not self.is_me and self.viewer.may(Permission.REMOVE_MEMBERS)
        self.may_leave = self.is_me and self.viewer.may(Permission.LEAVE)


@dataclass
class Page:
    """Everything that the Members page shows of its lists."""

    q: str
    role: str
    members: list[Row] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    more_invitations: bool = False
    total: str = "0"
    first: int = 1
    last: int = 0
    next: str | None = None
    previous: str | None = None


def read(viewer: Membership, asked: Asked) -> Page:
    """The page that was asked for: at most four queries."""
    page = Page(q=asked.q, role=asked.role)
    _read_invitations(page, viewer, asked)
    if asked.role != "pending":
        _read_members(page, viewer, asked)
    return page


def _everyone(organization_id: int, after: int) -> QuerySet[Membership]:
    members = Membership.objects.select_related("user").filter(organization_id=organization_id)
    return members.filter(pk__gt=after).order_by("pk").only(*SHOWN)[: PER_PAGE + 1]


def _ids(organization_id: int) -> QuerySet[Membership]:
    members = Membership.objects.filter(organization_id=organization_id)
    return members.only("pk")[: EXACT_UP_TO + 1]


def _pending(organization_id: int) -> QuerySet[Invitation]:
    pending = Invitation.objects.filter(
        organization_id=organization_id, status=Invitation.Status.PENDING
    )
    return pending.order_by("-pk")[: MOST_INVITATIONS + 1]


#: The lists as the page opens, without a search: asked all day, so compiled once.
everyone = Prepared(_everyone, organization_id=-11, after=-12)
all_ids = Prepared(_ids, organization_id=-11)
all_pending = Prepared(_pending, organization_id=-11)


def _read_members(page: Page, viewer: Membership, asked: Asked) -> None:
    found, earlier, later = _find(viewer, asked)
    page.members = [Row(member, viewer) for member in found]
    page.first = asked.first if earlier else 1
    page.last = page.first + len(found) - 1
    page.total = _total(viewer, asked) if earlier or later else f"{len(found)}"
    if found and later:
        page.next = _link(asked, after=found[-1].pk, n=page.last + 1)
    if found and earlier:
        page.previous = _link(asked, before=found[0].pk, n=max(1, page.first - PER_PAGE))


def _find(viewer: Membership, asked: Asked) -> tuple[list[Membership], bool, bool]:
    """The members of the page that is asked for, and whether there are some before and after."""
    if asked.before or asked.q or asked.role:
        return lists.part(_wanted(viewer, asked), after=asked.after, before=asked.before)
    found = everyone(organization_id=viewer.organization_id, after=asked.after or 0)
    return found[:PER_PAGE], bool(asked.after), len(found) > PER_PAGE


def _wanted(viewer: Membership, asked: Asked) -> QuerySet[Membership]:
    members = viewer.organization.memberships.select_related("user").only(*SHOWN)
    if asked.role in Role.values:
        members = members.filter(role=asked.role)
    return lists.matching(members, asked.q, "user__name", "user__email")


def _read_invitations(page: Page, viewer: Membership, asked: Asked) -> None:
    if asked.role in Role.values or asked.after or asked.before:
        return
    most = MOST_INVITATIONS * (20 if asked.role == "pending" else 1)
    if asked.q or asked.role:
        pending = viewer.organization.invitations.filter(status=Invitation.Status.PENDING)
        found = list(lists.matching(pending, asked.q, "email").order_by("-pk")[: most + 1])
    else:
        found = all_pending(organization_id=viewer.organization_id)
    page.more_invitations = len(found) > most
    page.invitations = found[:most]
    failed = _undeliverable(viewer.organization_id, page.invitations)
    for invitation in page.invitations:
        invitation.may_manage = manages(viewer, invitation)
        invitation.undeliverable = invitation.about in failed


def _undeliverable(organization_id: int, invitations: list[Invitation]) -> set[str]:
    """Which of these invitations' present mails were refused for good, or came back."""
    if not invitations:
        return set()
    lost = (Mail.Status.FAILED, Mail.Status.BOUNCED)
    failed = Mail.objects.filter(organization_id=organization_id, status__in=lost)
    return set(
        failed.filter(about__in=[x.about for x in invitations]).values_list("about", flat=True)
    )


def _total(viewer: Membership, asked: Asked) -> str:
    if asked.q or asked.role:
        return lists.said(lists.counted(_wanted(viewer, asked)))
    return lists.said(all_ids.number(organization_id=viewer.organization_id))


def _link(asked: Asked, **where: int) -> str:
    kept = {"q": asked.q, "role": asked.role}
    return "?" + urlencode({**{key: value for key, value in kept.items() if value}, **where})


def roles_table() -> list[tuple[str, ...]]:
    """The permission table as people read it: what, then a word for each kind of member."""
    return _roles_table(language())


@functools.cache
def _roles_table(_language: str) -> list[tuple[str, ...]]:
    words = {"yes": _("Yes"), "no": _("No"), "policy": _("If the organization allows it")}
    words["vacant"] = _("While no member is the primary contact")
    return [(what, *(words[answer] for answer in answers)) for what, *answers in table()]
