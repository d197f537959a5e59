"""What input of the Activity page looks like."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    """In which form."""

    # Not "form": so a control of that name hides the property that scripts ask.
    file_type = forms.ChoiceField(
        label=_("As"),
        choices=[("csv", _("CSV table")), ("jsonl", _("JSON Lines"))],
        initial="csv",
        widget=forms.RadioSelect,
    )
