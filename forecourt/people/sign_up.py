"""What a new person says beside address and password. Apart from `people.forms`, because allauth
reads it while its own forms are being made."""

from django import forms
from django.http import HttpRequest

from forecourt.people.models import User
from forecourt.people.names import PersonName


class SignUp(forms.Form):
    """What a new person says about themselves beside address and password."""

    name = PersonName()

    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data.get("name", "")
        user.save(update_fields=["name"])
