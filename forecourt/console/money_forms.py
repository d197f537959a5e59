"""What the console's input of money looks like."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.billing import money
from forecourt.billing.models import Plan

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


class EndForm(forms.Form):
    """How a subscription ends, or goes on."""

    how = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            ("cancel", gettext_lazy("Cancel at the end of the period")),
            ("resume", gettext_lazy("Resume: it goes on after all")),
            ("end", gettext_lazy("End it now, with its license")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)


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
        minor = given.scaleb(money.exponent(self.currency))
        if minor != int(minor):
            raise forms.ValidationError(_("That is no amount of %s.") % self.currency)
        return int(minor)

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
