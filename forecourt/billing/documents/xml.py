"""The invoice for programs: EN 16931 in UN/CEFACT's syntax, as Factur-X embeds it."""

import functools
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from forecourt.billing.documents.document import CORRECTED, CREDIT_NOTE, INVOICE, Document, Party
from forecourt.billing.documents.text import plain
from forecourt.core import money

#: UNTDID 1001.
TYPE_CODES = {INVOICE: "380", CREDIT_NOTE: "381", CORRECTED: "384"}


def xml(document: Document) -> bytes:
    """The whole document as UTF-8, of the profile EN16931 (guideline urn:cen.eu:en16931:2017)."""
    with translation.override(document.language):
        terms = _terms(document)
    return (
        _template()
        .render(
            document=document,
            credit_note=CREDIT_NOTE,
            type_code=TYPE_CODES[document.kind],
            seller_id=_seller_id(document.seller),
            terms=terms,
            amount=lambda minor: money.printed(minor, document.currency),
            number=_number,
            street=_street,
        )
        .encode()
    )


@functools.cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(Path(__file__).with_name("invoice.xml").read_text())


def _clean(value: Any) -> Any:
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _number(value: Decimal) -> str:
    return f"{value:f}"


def _street(party: Party) -> list[str]:
    """The lines of the street; the schema has three places, and the last takes the rest."""
    lines = [line.strip() for line in party.street.splitlines() if line.strip()]
    return [*lines[:2], ", ".join(lines[2:])] if len(lines) > 3 else lines


def _seller_id(seller: Party) -> str:
    """The seller needs something to be known by (BR-CO-26); its tax number does where it has
    nothing better."""
    return "" if seller.tax_id or seller.registration else seller.tax_number


def _terms(document: Document) -> str:
    """What is to be done without a day to do it on (BR-CO-25)."""
    if document.due_on or document.payable <= 0:
        return ""
    if document.kind == CREDIT_NOTE:
        return _("The amount is credited to you.")
    return _("Payable on receipt.")
