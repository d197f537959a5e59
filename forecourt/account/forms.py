"""What the organization's settings look like."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.orgs.models import Organization

WHO = [
    (Organization.WhoMayInvite.EVERYONE, _("Everyone")),
    (Organization.WhoMayInvite.ADMINS, _("Admins only")),
]


class SettingsForm(forms.Form):
    """Who may invite, and how long an invitation lives."""

    who_may_invite = forms.ChoiceField(
        label=_("Who may invite people"), choices=WHO, widget=forms.RadioSelect
    )
    invitation_days = forms.IntegerField(
        label=_("An invitation lives"),
        min_value=1,
        max_value=30,
        help_text=_("Days, 1 to 30. An invitation that makes an Admin lives 72 hours at most."),
    )
