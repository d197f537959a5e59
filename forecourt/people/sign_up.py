"""What a new person says beside address and password. Apart from `people.forms`, because allauth
reads it while its own forms are being made."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forecourt.people.models import User


class SignUp(forms.Form):
    """What a new person says about themselves beside address and password."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        help_text=_("Optional. Colleagues see it on the Members page."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data.get("name", "")
        user.save(update_fields=["name"])
