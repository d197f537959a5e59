"""What people type on "Profile & security"."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.people.names import PersonName


def _zones() -> list[tuple[str, str]]:
    names = (name for name in sorted(available_timezones()) if "/" in name)
    shown = (name for name in names if not name.startswith(("Etc/", "SystemV/", "US/")))
    return [
        ("", str(_("As the browser says"))),
        *((name, name.replace("_", " ")) for name in shown),
    ]


class ProfileForm(forms.Form):
    """Name and time zone."""

    name = PersonName()
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
