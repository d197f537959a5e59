"""What stands in an audit event before and after, as people read it: fields in words, money with its
currency, days as days."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, to_locale

from forecourt.account import mail_words
from forecourt.core import money
from forecourt.core.jinja import day
from forecourt.core.languages import language
from forecourt.orgs.mail_kinds import LABELS

#: Letters of a value that a page shows; an export has all of them.
MOST = 200
FIELDS = {
    "both_work_until": gettext_lazy("The key before works until"),
    "buyer_reference": gettext_lazy("Buyer reference"),
    "by": gettext_lazy("Credit note"),
    "city": gettext_lazy("City"),
    "company": gettext_lazy("Company"),
    "country": gettext_lazy("Country"),
    "credited": gettext_lazy("Credited"),
    "declined": gettext_lazy("Unsubscribed from"),
    "email": gettext_lazy("E-mail address"),
    "ends_at": gettext_lazy("Ends"),
    "ends_on": gettext_lazy("Ends"),
    "form": gettext_lazy("As"),
    "from": gettext_lazy("From"),
    "grace": gettext_lazy("Grace"),
    "had": gettext_lazy("E-mails as an additional contact"),
    "invitation_days": gettext_lazy("An invitation is valid for, in days"),
    "invoice": gettext_lazy("Invoice"),
    "key": gettext_lazy("License key"),
    "keys_hidden": gettext_lazy("License keys are hidden from Members"),
    "kid": gettext_lazy("Signing key"),
    "kinds": gettext_lazy("E-mails they get"),
    "language": gettext_lazy("Language"),
    "left": gettext_lazy("Unsubscribed from"),
    "license": gettext_lazy("License"),
    "link": gettext_lazy("Download link"),
    "mail": gettext_lazy("Mail"),
    "name": gettext_lazy("Name"),
    "net_days": gettext_lazy("Days to pay"),
    "next_seats": gettext_lazy("Seats of the next term"),
    "on": gettext_lazy("On"),
    "phone": gettext_lazy("Phone"),
    "plan": gettext_lazy("Plan"),
    "po_number": gettext_lazy("PO number"),
    "postal_code": gettext_lazy("Postal code"),
    "reason": gettext_lazy("Reason"),
    "region": gettext_lazy("Region"),
    "release": gettext_lazy("Release"),
    "renews": gettext_lazy("Renews"),
    "revision": gettext_lazy("Corrected copy"),
    "role": gettext_lazy("Role"),
    "seats": gettext_lazy("Seats"),
    "second_factor_from": gettext_lazy("A second factor is required from"),
    "session_hours": gettext_lazy("Members sign in again after, in hours"),
    "since": gettext_lazy("Since"),
    "slug": gettext_lazy("Address in the portal"),
    "starts_at": gettext_lazy("Begins"),
    "state": gettext_lazy("In the register"),
    "status": gettext_lazy("Status"),
    "street": gettext_lazy("Street"),
    "tax_id": gettext_lazy("Tax id"),
    "to": gettext_lazy("To"),
    "total": gettext_lazy("Total"),
    "unit_amount": gettext_lazy("Price of a seat"),
    "until": gettext_lazy("Until"),
    "what": gettext_lazy("What"),
    "who": gettext_lazy("Who"),
    "who_may_invite": gettext_lazy("Who may invite"),
    "year": gettext_lazy("Year"),
}
KINDS = {kind.value: label for kind, label in LABELS.items()}
#: Words that stand for something, by their field.
VALUES: dict[str, Mapping[str, Any]] = {
    "mail": mail_words.WORDS,
    "role": {"admin": gettext_lazy("Admin"), "member": gettext_lazy("Member")},
    "declined": KINDS,
    "had": KINDS,
    "kinds": KINDS,
    "left": KINDS,
    "who_may_invite": {
        "everyone": gettext_lazy("Everyone"),
        "admins": gettext_lazy("Admins only"),
    },
    "status": {
        "open": gettext_lazy("Open"),
        "paid": gettext_lazy("Paid"),
        "credited": gettext_lazy("Credited"),
        "void": gettext_lazy("Void"),
        "issued": gettext_lazy("Credit note"),
    },
    "state": {
        "valid": gettext_lazy("Valid"),
        "invalid": gettext_lazy("Invalid"),
        "unknown": gettext_lazy("Not looked up yet"),
    },
}
#: A day, or a time with its zone, as actions note them.
ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?", re.ASCII)
#: What rules read there, and no person.
UNSAID = ("change",)
#: Whole minor units of the `currency` beside them.
AMOUNTS = ("credited", "net", "paid", "tax", "total", "unit_amount")


@dataclass(frozen=True)
class Change:
    """What a field was and is, in words; "" for what was or is not there."""

    label: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between the two, a field at a time."""
    currency = after.get("currency") or before.get("currency")
    told = []
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if (
            was != now
            and name not in UNSAID
            and not (name == "currency" and _has_amount(before, after))
        ):
            told.append(Change(_field(name), said(name, was, currency), said(name, now, currency)))
    return [change for change in told if change.before or change.after]


def _has_amount(*values: Mapping[str, Any]) -> bool:
    return any(name in AMOUNTS for each in values for name in each)


def _field(name: str) -> str:
    return one_line(FIELDS.get(name) or name.replace("_", " ").capitalize())


def said(name: str, value: Any, currency: Any = None) -> str:
    """A field's value in words, on one line of at most 200 letters."""
    text = one_line(_words(name, value, currency))
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


def _words(name: str, value: Any, currency: Any) -> object:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int) and name in AMOUNTS and money.is_currency(str(currency)):
        return money.said(value, str(currency), to_locale(language()))
    if isinstance(value, list):
        return ", ".join(str(_words(name, each, currency)) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{_field(key)}: {_words(key, each, None)}" for key, each in value.items())
    if isinstance(value, str):
        return VALUES.get(name, {}).get(value) or _moment(value) or value
    return value


def _moment(text: str) -> str:
    """A day, or a time in UTC, as people write it; "" for what is neither."""
    shape = ISO.fullmatch(text)
    try:
        if shape and not shape[1]:
            return day(dt.date.fromisoformat(text))
        if shape:
            utc = dt.datetime.fromisoformat(text).astimezone(dt.UTC)
            return f"{day(utc.date())}, {utc:%H:%M} UTC"
    except (ValueError, OverflowError):  # what no calendar has
        pass
    return ""


def one_line(text: object) -> str:
    """Printable letters alone, in one line: what somebody typed makes no second line, and nothing
    that a terminal would obey."""
    line = " ".join(str(text).split())
    return line if line.isprintable() else "".join(c if c.isprintable() else "�" for c in line)
