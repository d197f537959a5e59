"""How each kind of cell is read from its text and written again, so that what was written is read as
the same. What cannot be read is a sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core.exports import FORMULA
from forecourt.orgs import slugs
from forecourt.orgs.mail_kinds import in_order
from forecourt.people.addresses import BadAddress, normalize
from forecourt.people.names import PersonName
from forecourt.products import keys

Reader = Callable[[str], Any]
#: What a spreadsheet would take for a formula, and the sign that keeps it from doing so.
GUARD = "'"
#: Of one thing, in a line of an invoice.
MANY = 1_000_000_000
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")


class BadCell(Exception):
    """What is wrong with a cell, as a sentence."""


def guarded(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    return f"{GUARD}{text}" if text.startswith((*FORMULA, GUARD)) else text


def plain(text: str) -> str:
    """The text that was guarded; other text as it is."""
    is_guarded = text.startswith(GUARD) and text[1:].startswith((*FORMULA, GUARD))
    return text[1:] if is_guarded else text


def shown(text: str) -> str:
    """The beginning of something unknown, to be shown in a sentence or on a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text[:40])


def words(most: int) -> Reader:
    """One line of at most so many letters, all of which can be seen."""

    def read(text: str) -> str:
        text = " ".join(text.split())
        if len(text) > most:
            said = {"most": most, "many": len(text)}
            raise BadCell(_("At most %(most)d letters; these are %(many)d.") % said)
        if not text.isprintable():
            raise BadCell(_("There is a letter in it that cannot be seen."))
        return text

    return read


def text(most: int) -> Reader:
    """Several lines of at most so many letters together, as they are."""

    def read(text: str) -> str:
        if len(text) > most:
            said = {"most": most, "many": len(text)}
            raise BadCell(_("At most %(most)d letters; these are %(many)d.") % said)
        if "\x00" in text:
            raise BadCell(_("There is a letter in it that cannot be seen."))
        return text

    return read


def key(text: str) -> str:
    """A license key, also one of another system."""
    if len(text) > 120 or not text.isprintable():
        raise BadCell(_("A key has 120 printable characters at most."))
    return keys.normalize(text)


def choice(values: Iterable[str]) -> Reader:
    """One of these words, whatever its case."""
    known = [str(value) for value in values]

    def read(text: str) -> str:
        if text and text.lower() not in known:
            said = {"text": shown(text), "known": ", ".join(known)}
            raise BadCell(_("“%(text)s” is none of these: %(known)s.") % said)
        return text.lower()

    return read


def several(values: Iterable[str]) -> Reader:
    """Some of these words, with blanks between."""
    one = choice(values)

    def read(text: str) -> list[str]:
        return in_order(one(word) for word in text.split())

    return read


def number(least: int, most: int) -> Reader:
    """A whole number; None where there is none."""

    def read(text: str) -> int | None:
        if not text:
            return None
        is_number = text.isascii() and text.isdigit() and len(text) <= 10
        if not (is_number and least <= int(text) <= most):
            said = {"least": least, "most": most}
            raise BadCell(_("A whole number from %(least)d to %(most)d.") % said)
        return int(text)

    return read


def count(text: str) -> int | None:
    """How many of something; negative where they are taken back. None where there is none."""
    found = number(1, MANY)(text.removeprefix("-"))
    return -found if found is not None and text.startswith("-") else found


def amount(text: str) -> Decimal | None:
    """An amount of money in its currency, or another number with decimals; None where there is
    none."""
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise BadCell(_("It is no amount, as 1234.50 is one."))
    return Decimal(text).normalize() + 0  # (1.50 is 1.5, and there is no -0.)


def code(most: int) -> Reader:
    """A word in capital letters, however it was typed."""
    read = words(most)
    return lambda text: read(text).upper()


def yes(text: str) -> bool:
    """Yes or no; empty is no."""
    if text.lower() in ("yes", "true", "1"):
        return True
    if text.lower() in ("no", "false", "0", ""):
        return False
    raise BadCell(_("It must be yes or no."))


def day(text: str) -> dt.date | None:
    """A day, as 2027-03-31 is one."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadCell(_("It is no day, as 2027-03-31 is one.")) from None


def paper_day(text: str) -> dt.date | None:
    """A day of this time, as stands on papers: years can be counted from it."""
    found = day(text)
    if found and not 1900 <= found.year < 3000:
        raise BadCell(_("It is no day, as 2027-03-31 is one."))
    return found


def moment(*, at_end: bool = False) -> Reader:
    """A moment, or a day: its beginning, or its last second, in the portal's time zone."""

    def read(text: str) -> dt.datetime | None:
        if not text:
            return None
        try:
            if len(text) > len("2027-03-31"):
                found = dt.datetime.fromisoformat(text)
            else:
                time = dt.time(23, 59, 59) if at_end else dt.time()
                found = dt.datetime.combine(dt.date.fromisoformat(text), time)
            found = found if found.tzinfo else _in_our_zone(found)
            return found.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            raise BadCell(_("It is no day, as 2027-03-31 is one.")) from None

    return read


def _in_our_zone(found: dt.datetime) -> dt.datetime:
    return timezone.make_aware(found, timezone.get_default_timezone())


def address(text: str) -> str:
    """An e-mail address in its one form; "" where there is none."""
    try:
        return normalize(text) if text else ""
    except BadAddress as problem:
        raise BadCell(str(problem)) from problem


def person_name(text: str) -> str:
    """A person's own name."""
    try:
        return PersonName().clean(text)
    except ValidationError as problem:
        raise BadCell(" ".join(problem.messages)) from problem


def slug(text: str) -> str:
    """An organization's name in addresses."""
    if text and (sentence := slugs.problem(text)):
        raise BadCell(sentence)
    return text


def former_slugs(text: str) -> list[str]:
    """Those that it had, with blanks between."""
    return [slug(word) for word in text.split()]


def language(text: str) -> str:
    """One that the portal speaks."""
    return choice(dict(settings.LANGUAGES))(text)


def handle(text: str) -> UUID | None:
    """A license's name in license files."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadCell(_("It is no name of a license.")) from None


def written(value: Any) -> str:
    """A value as the text of its cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | tuple):
        return " ".join(str(each) for each in value)
    return str(value)
