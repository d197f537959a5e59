"""People's names as they are typed: whatever script, but one line that shows what it is."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 120
#: Control characters, halves of characters, separators of lines and paragraphs.
HIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: What turns the direction of text around, so that a name would read as something else.
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class PersonName(forms.CharField):
    """A person's own name, optional, at most 120 characters."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Your name"))
        options.setdefault("help_text", _("Colleagues see it on the Members page."))
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "name"}))
        super().__init__(max_length=LONGEST, required=False, **options)

    def clean(self, value: Any) -> str:
        """The name; raises ValidationError where it holds what nobody can see."""
        name = super().clean(value)
        if any(unicodedata.category(sign) in HIDDEN or sign in TURNING for sign in name):
            raise ValidationError(_("A name cannot hold control characters."), code="control")
        return name
