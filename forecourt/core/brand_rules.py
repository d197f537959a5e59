"""What a brand may be: a rule for each of its values, the same for whoever sets it."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from forecourt.core import accents, logos
from forecourt.core.refusals import Refused

LONGEST_TEXT, LONGEST_FOOTER = 2_000, 1_000
#: Would end a line or say nothing: control signs, halves of signs, and ends of lines and paragraphs.
UNSEEN = {"Cc", "Cs", "Zl", "Zp"}


def _line(text: str, name: str, most: int) -> str:
    text = text.strip()
    if any(unicodedata.category(sign) in UNSEEN for sign in text):
        raise Refused(_("This is one line of plain text."), field=name)
    if len(text) > most:
        raise Refused(_("At most %(number)d letters.") % {"number": most}, field=name)
    return text


def _name(text: str, name: str) -> str:
    return _line(text, name, 80)


def _mailbox(text: str, name: str) -> str:
    text = _line(text, name, 254)
    try:
        if text:
            validate_email(text)
    except ValidationError:
        sentence = _("This is no e-mail address: write it like help@example.com.")
        raise Refused(sentence, field=name) from None
    return text


def _link(text: str, name: str) -> str:
    text = _line(text, name, 300)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_web = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    if text and (
        not is_web or port == 0 or any(sign.isspace() or sign in '"<>\\' for sign in text)
    ):
        sentence = _("This is no web address: write it like https://www.example.com.")
        raise Refused(sentence, field=name)
    return text


def _accent(text: str, name: str) -> str:
    text = text.strip().lower()
    if len(text) == 4:
        text = "#" + "".join(2 * digit for digit in text[1:])
    if text and not accents.SHAPE.fullmatch(text):
        raise Refused(_("This is no color: write it like #1e6f5c."), field=name)
    return text


def _paragraphs(text: str, name: str, most: int = LONGEST_TEXT) -> str:
    text = text.replace("\r\n", "\n").strip()
    if any(unicodedata.category(sign) in UNSEEN for sign in text if sign not in "\n\t"):
        raise Refused(_("There is a sign in this text that nobody can see."), field=name)
    if len(text) > most:
        raise Refused(_("At most %(number)d letters.") % {"number": most}, field=name)
    return text


def _footer(text: str, name: str) -> str:
    return _paragraphs(text, name, LONGEST_FOOTER)


def _picture(content: bytes, name: str) -> bytes:
    return logos.drawn(content, field=name) if content else b""


RULES: dict[str, Callable[[Any, str], Any]] = {
    "name": _name,
    "support_email": _mailbox,
    "help_url": _link,
    "community_url": _link,
    "privacy_url": _link,
    "terms_url": _link,
    "imprint_url": _link,
    "accent": _accent,
    "logo": _picture,
    "dark_logo": _picture,
    "sign_in_text": _paragraphs,
    "products_text": _paragraphs,
    "billing_text": _paragraphs,
    "no_organization_text": _paragraphs,
    "sender_name": _name,
    "sender_address": _mailbox,
    "mail_footer": _footer,
}


def sorted_out(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Refused]]:
    """The values as they are kept, and what is said of those that cannot be."""
    good, bad = {}, []
    for name, value in given.items():
        try:
            good[name] = RULES[name](value, name)
        except Refused as refusal:
            bad.append(refusal)
    return good, bad


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept; raises the first Refused."""
    good, bad = sorted_out(given)
    if bad:
        raise bad[0]
    return good
