"""A price that staff type, with its currency."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from forecourt.core import money


def in_minor_units(form: forms.Form, name: str) -> dict[str, Any]:
    """What a form has so far, with its `currency` in capitals and the price that its field `name` has as
    `unit_amount`, in minor units. What is wrong is said at its field."""
    given = dict(form.cleaned_data)
    currency = given.get("currency", "").upper()
    if name not in given or not currency:
        return given
    if not money.is_currency(currency):
        form.add_error("currency", _("That is no currency of ISO 4217, as EUR is one."))
    elif (amount := money.minor(given[name], currency)) is None:
        form.add_error(name, _("That has more decimals than the currency."))
    else:
        given |= {"currency": currency, "unit_amount": amount}
    return given
