"""What the room's input looks like; the rules are in the actions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.products.actions.keys import LONGEST_OVERLAP


class RotationForm(forms.Form):
    """For how long the key before works on."""

    overlap_days = forms.IntegerField(
        label=_("The present key works on for, in days"),
        min_value=0,
        max_value=LONGEST_OVERLAP,
        initial=7,
        help_text=_("From 0 to 90. With 0 it stops at once."),
    )
