"""The engine that every page and mail is made with."""

import datetime as dt
import functools
import zlib
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from forecourt.core import markdown
from forecourt.core.assets import asset, shape, sheet
from forecourt.core.brand import Vendor
from forecourt.core.foresight import Foreseeing
from forecourt.core.languages import language


def environment(**options: Any) -> Environment:
    """Jinja2 with the functions and filters that templates use."""
    made = Foreseeing(
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options
    )
    made.foreseen = ("asset", "url")
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        url=url,
        asset=asset,
        sheet=sheet,
        vendor=Vendor(),
        theme=theme,
        demo=settings.DEMO,
        # Read each time: tests change it.
        providers=lambda: settings.IDENTITY_PROVIDERS,
    )
    made.filters.update(
        groups=groups,
        date=date,
        moment=moment,
        stamp=stamp,
        day=day,
        ago=ago,
        initials=initials,
        hue=hue,
        plain=plain,
        filesize=filesizeformat,
        markdown=markdown.html,
        shape=shape,
    )
    return made


def url(name: str, *args: object, **keywords: object) -> str:
    """The address of a page by its name."""
    return reverse(name, args=args or None, kwargs=keywords or None)


@pass_context
def theme(context: Context) -> str:
    """ "light", "dark", or "" for what the reader's system says."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else ""


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(request: HttpRequest | None) -> dt.tzinfo:
    """The reader's time zone: the browser says it by a cookie; else the vendor's."""
    chosen = timezone.get_current_timezone()
    if chosen is not timezone.get_default_timezone():
        return chosen  # the person's own, put in force by their session
    name = request.COOKIES.get("timezone", "") if request else ""
    if name and name in _zones():
        return ZoneInfo(name)
    return timezone.get_default_timezone()


@functools.lru_cache(maxsize=10_000)
def _words(day: dt.date, form: str, language: str | None) -> str:
    """A day in words. Django makes them anew each time, which on a page of dates is what it
    spends most on."""
    return date_format(day, form)


def _time(value: dt.datetime, local: dt.datetime, words: str) -> Markup:
    day = _words(local.date(), "l, F j, Y", language())
    return Markup(  # noqa: S704 - words of ours and numbers alone
        f'<time datetime="{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"'
        f' title="{day}, {local:%H:%M %Z}">{words}</time>'
    )


def _local(context: Context, value: dt.datetime) -> dt.datetime:
    return value.astimezone(zone_of(context.get("request")))


def _day(local: dt.datetime) -> str:
    return _words(local.date(), "M j, Y", language())


@pass_context
def date(context: Context, value: dt.datetime | None) -> Markup:
    """A day, with the full date on hover."""
    if value is None:
        return Markup("")
    local = _local(context, value)
    return _time(value, local, _day(local))


@pass_context
def moment(context: Context, value: dt.datetime | None) -> Markup:
    """A day with its time, with the full date on hover."""
    if value is None:
        return Markup("")
    local = _local(context, value)
    return _time(value, local, f"{_day(local)}, {local:%H:%M}")


def stamp(value: dt.datetime) -> str:
    """A day with its time and zone as plain words, for mails, whose reader's zone nobody knows."""
    local = value.astimezone(timezone.get_default_timezone())
    return f"{_day(local)}, {local:%H:%M %Z}"


def day(value: dt.date) -> str:
    """A day that is one wherever the reader is, as plain words."""
    return _words(value, "M j, Y", language())


@pass_context
def ago(context: Context, value: dt.datetime | None) -> Markup:
    """How long ago, in a word where it is near, as a day where it is far."""
    if value is None:
        return escape(_("Never"))
    local = _local(context, value)
    now = timezone.now()
    days = (now.astimezone(local.tzinfo).date() - local.date()).days
    if now - value < dt.timedelta(minutes=10):
        return _time(value, local, _("Now"))
    if days in (0, 1):
        return _time(value, local, _("Yesterday") if days else _("Today"))
    return _time(value, local, _day(local))


def groups(text: str) -> str:
    """Letters in groups of four, as one types them from a page."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def initials(name: str) -> str:
    """At most two letters for a face: of first and last word, or of the address."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 and "@" not in name else "")
    return letters.upper()


def hue(text: str) -> int:
    """One of six colors, always the same for the same text."""
    return zlib.crc32(text.encode()) % 6 + 1


def plain(text: object) -> str:
    """A person's text for a mail: one line, and nothing a mail program would make a link of."""
    words = " ".join(str(text).split())
    return words.replace("://", ":// ").replace("www.", "www .")
