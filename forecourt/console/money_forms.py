"""What the console's input of money looks like."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.billing.models import Plan
from forecourt.console.prices import in_minor_units
from forecourt.core import money

DAY = {"type": "date"}


class StartForm(forms.Form):
    """A new subscription."""

    plan = forms.ChoiceField(label=gettext_lazy("Plan"))
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1)
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        help_text=gettext_lazy("Empty: today. Up to a month back or ahead."),
        widget=forms.DateInput(attrs=DAY),
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        plans = Plan.objects.select_related("product").filter(is_offered=True)
        chosen: Any = self.fields["plan"]
        chosen.choices = [
            (plan.slug, f"{plan.product.name} · {plan.name} · {_price(plan)}")
            for plan in plans.order_by("product__position", "pk")
        ]


def _price(plan: Plan) -> str:
    return money.said(plan.unit_amount, plan.currency)


class ChangeForm(forms.Form):
    """How a subscription goes on, or ends."""

    how = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            ("seats", gettext_lazy("Another number of seats")),
            ("cancel", gettext_lazy("Cancel at the end of the period")),
            ("resume", gettext_lazy("Resume: it goes on after all")),
            ("end", gettext_lazy("End it now, with its license")),
        ],
        widget=forms.RadioSelect,
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("More at once, for the rest of the period; fewer when it renews."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Another number is one."""
        given = super().clean() or self.cleaned_data
        if given.get("how") == "seats" and not given.get("seats") and "seats" not in self.errors:
            self.add_error("seats", _("How many shall there be?"))
        return given


class IssueForm(forms.Form):
    """An invoice over something that no subscription bills."""

    text = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    quantity = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, initial=1)
    unit_amount = forms.DecimalField(
        label=gettext_lazy("Price of one"),
        help_text=gettext_lazy("Before tax."),
        min_value=0,
        max_digits=14,
        decimal_places=3,
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"), min_length=3, max_length=3, initial="EUR"
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The customer reads it on the invoice."),
    )

    def clean(self) -> dict[str, Any]:
        """The price in minor units of its currency."""
        super().clean()
        return in_minor_units(self, "unit_amount")


class PaidForm(forms.Form):
    """Money that came."""

    amount = forms.DecimalField(label=gettext_lazy("Amount"), required=False, min_value=0)
    received_on = forms.DateField(
        label=gettext_lazy("On"),
        required=False,
        help_text=gettext_lazy("Empty: today."),
        widget=forms.DateInput(attrs=DAY),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of the payment"), required=False, max_length=140
    )

    def __init__(self, *arguments: Any, currency: str, outstanding: int, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.currency = currency
        said = money.said(outstanding, currency)
        self.fields["amount"].help_text = _("Empty: all that is open, %s.") % said

    def clean_amount(self) -> int | None:
        """In minor units."""
        given: Decimal | None = self.cleaned_data["amount"]
        if given is None:
            return None
        minor = money.minor(given, self.currency)
        if minor is None:
            raise forms.ValidationError(_("That is no amount of %s.") % self.currency)
        return minor

    def clean_received_on(self) -> dt.date | None:
        """None: today."""
        return self.cleaned_data["received_on"]


class CreditForm(forms.Form):
    """Why an invoice is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("The customer reads it on the credit note."),
    )
