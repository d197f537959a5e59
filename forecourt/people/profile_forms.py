"""What people type on "Profile & security"."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecourt.people import zones
from forecourt.people.names import PersonName


class ProfileForm(forms.Form):
    """Name, language where there is a choice, and time zone."""

    name = PersonName()
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        fields: dict[str, Any] = self.fields
        chosen = self["time_zone"].value() or ""
        fields["time_zone"].choices = zones.choices(gettext("As my browser says"), chosen)
        if len(settings.LANGUAGES) > 1:
            fields["language"].choices = [("", gettext("As the portal")), *settings.LANGUAGES]
        else:
            del fields["language"]
