"""What an organization can be called."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.orgs.slugs import LONGEST


class NameForm(forms.Form):
    """Its name, and its slug."""

    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.CharField(label=_("Address in the portal"), max_length=LONGEST)
