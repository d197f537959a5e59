"""What input of this room looks like."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    """Why a subscription is canceled."""

    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It helps us to know. You need not say."),
    )


class SeatsForm(forms.Form):
    """How many seats."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=1_000_000)


class ExportForm(forms.Form):
    """Which year, and in which form."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    # Not "form": so a control of that name hides the property that scripts ask.
    file_type = forms.ChoiceField(
        label=_("As"),
        choices=[("zip", _("ZIP of PDF and XML")), ("csv", _("CSV table"))],
        initial="zip",
        widget=forms.RadioSelect,
    )

    def __init__(self, years: list[int], *arguments: Any) -> None:
        super().__init__(*arguments)
        choosing = self.fields["year"]
        choosing.choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
