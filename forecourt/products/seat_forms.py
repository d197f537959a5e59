"""What the input about seats looks like; the rules are in the actions."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forecourt.core import lists


class Members(forms.Field):
    """One or more members, by their ids."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        ids = [lists.number(each) for each in super().clean(value)]
        if None in ids:
            raise ValidationError(_("Choose from the list."))
        return {*ids}


class AssignForm(forms.Form):
    """The members who shall have a seat."""

    member = Members(error_messages={"required": _("Choose at least one member.")})
