"""What the organization's settings look like."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.orgs.models import Organization

WHO = [
    (Organization.WhoMayInvite.EVERYONE, _("Everyone")),
    (Organization.WhoMayInvite.ADMINS, _("Admins only")),
]


class SettingsForm(forms.Form):
    """Who may invite, how long an invitation lives, and who sees license keys."""

    who_may_invite = forms.ChoiceField(
        label=_("Who may invite people"), choices=WHO, widget=forms.RadioSelect
    )
    invitation_days = forms.IntegerField(
        label=_("An invitation lives"),
        min_value=1,
        max_value=30,
        help_text=_("Days, 1 to 30. An invitation that makes an Admin lives 72 hours at most."),
    )
    who_sees_keys = forms.ChoiceField(
        label=_("Who sees license keys"), choices=WHO, widget=forms.RadioSelect
    )


class SignInRulesForm(forms.Form):
    """Whether a second factor is demanded and from when, and how long a proof is good for."""

    second_factor = forms.ChoiceField(
        label=_("Require a second factor"),
        choices=[("off", _("No")), ("on", _("Yes, from a day on"))],
        widget=forms.RadioSelect,
    )
    second_factor_from = forms.DateField(
        label=_("From"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    session_hours = forms.IntegerField(
        label=_("Members sign in again after, in hours"),
        required=False,
        min_value=1,
        max_value=720,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("second_factor") == "off":
            values["second_factor_from"] = None
            self.errors.pop("second_factor_from", None)
        elif not values.get("second_factor_from") and "second_factor_from" not in self.errors:
            self.add_error("second_factor_from", _("Choose the day."))
        return values
