"""What became of each mail of an organization: filtered, newest first, a page at a time.

What it said is not there, nor any of its values. A page costs the same however many mails there are:
by fate an index finds them; by a part of an address it looks through so many and no further.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.account import mail_words
from forecourt.account.activity import in_order
from forecourt.account.activity_words import one_line
from forecourt.core import lists
from forecourt.core.lists import PER_PAGE
from forecourt.core.models import Mail

#: Mails that one page looks through for those to an address.
LOOKED = 20_000
SHOWN = ("pk", "to", "kind", "status", "error", "created_at", "sent_at", "told_at")
#: Every fate: its words, how its badge looks, and the icon on it.
FATES = {
    "queued": (gettext_lazy("Queued"), "", "clock"),
    "sent": (gettext_lazy("Sent"), "accent", "send"),
    "delivered": (gettext_lazy("Delivered"), "good", "circle-check"),
    "bounced": (gettext_lazy("Bounced"), "danger", "mail-x"),
    "complained": (gettext_lazy("Marked as spam"), "danger", "ban"),
    "failed": (gettext_lazy("Given up"), "danger", "triangle-alert"),
    "dropped": (gettext_lazy("Not needed any more"), "", "x"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for; whatever cannot be read counts as not asked."""

    to: str = ""
    fate: str = ""

    @classmethod
    def from_query(cls, query: Any) -> Asked:
        fate = query.get("fate", "")
        return cls(to=lists.words(query.get("to", "")), fate=fate if fate in FATES else "")

    @property
    def query(self) -> dict[str, str]:
        """The filters as an address has them."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass
class Entry:
    """A mail as the page shows it."""

    mail: Mail
    what: str = field(init=False)
    to: str = field(init=False)
    reason: str = field(init=False)

    def __post_init__(self) -> None:
        self.what = mail_words.said(self.mail.kind)
        self.to, self.reason = one_line(self.mail.to), one_line(self.mail.error)

    @property
    def fate(self) -> tuple[str, str, str]:
        """Words, look and icon."""
        words, tone, icon = FATES[self.mail.status]
        return str(words), tone, icon


@dataclass
class Page:
    """A page of mails. `looked_to`: how far back it looked, where it did not look at all of them."""

    asked: Asked
    entries: list[Entry] = field(default_factory=list)
    looked_to: dt.datetime | None = None
    next: str | None = None
    previous: str | None = None

    @property
    def fates(self) -> list[tuple[str, str]]:
        """What can be asked for, as a choice."""
        return [("", _("Any")), *((name, str(said)) for name, (said, *_x) in FATES.items())]


def read(organization_id: int, asked: Asked, *, before: str | None, after: str | None) -> Page:
    """The page of mails older than `before` or newer than `after` (ids; else the newest), in at most
    two queries and a setting."""
    with transaction.atomic():
        in_order()
        return _read(organization_id, asked, lists.number(before), lists.number(after))


def _read(organization_id: int, asked: Asked, before: int | None, after: int | None) -> Page:
    page, backwards = Page(asked), bool(after)
    rows = _from(Mail.objects.filter(organization_id=organization_id), before, after)
    if asked.fate:
        rows = rows.filter(status=asked.fate)
    end = None
    if asked.to:
        end = rows.values_list("pk", "created_at")[LOOKED - 1 : LOOKED].first()
        if end:
            rows = rows.filter(**{"pk__lte" if backwards else "pk__gte": end[0]})
        rows = rows.filter(to__icontains=asked.to)
    found = list(rows.only(*SHOWN)[: PER_PAGE + 1])
    further, shown = len(found) > PER_PAGE, found[:PER_PAGE]
    last = shown[-1].pk if further else end and end[0]
    first = shown[0].pk if shown else (after or before)
    if backwards:
        shown.reverse()
        page.previous = _link(asked, after=last)
        page.next = _link(asked, before=first)
    else:
        page.next = _link(asked, before=last)
        page.previous = _link(asked, after=first) if before else None
        page.looked_to = end[1] if end and not further else None
    page.entries = [Entry(mail) for mail in shown]
    return page


def _from(rows: QuerySet[Mail], before: int | None, after: int | None) -> QuerySet[Mail]:
    if after:
        return rows.filter(pk__gt=after).order_by("pk")
    return (rows.filter(pk__lt=before) if before else rows).order_by("-pk")


def _link(asked: Asked, **where: int | None) -> str | None:
    if not all(where.values()):
        return None
    return "?" + urlencode({**asked.query, **where})
