"""What a browser passes on from a key: anybody's text, until it has the shape of an answer."""

import json
import struct
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy
from fido2 import cbor
from fido2.utils import websafe_decode

#: An answer is some hundred letters long, with a manufacturer's certificate a few thousand.
LONGEST = 20_000
#: What reading an answer that somebody made up can end in.
BROKEN = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    struct.error,
)
FAILED = gettext_lazy("That did not work. Try again.")


class Answer(forms.JSONField):
    """The hidden field that the script fills."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValidationError(FAILED)
        try:
            answer = super().to_python(value)
            if answer is not None and not _has_shape(answer):
                raise ValidationError(FAILED)
        except (ValidationError, *BROKEN):
            raise ValidationError(FAILED) from None
        return answer


def _has_shape(answer: Any) -> bool:
    """Whether all that stands for bytes is text. fido2 takes a number there for so many zeros, and
    would fill the memory with them."""
    response = answer["response"]
    said = json.loads(websafe_decode(_text(response["clientDataJSON"])))
    _text(answer["rawId"])
    _text(said["challenge"])
    for name in ("authenticatorData", "signature", "userHandle", "attestationObject"):
        _text(response.get(name) or "")
    if made := response.get("attestationObject"):
        return isinstance(cbor.decode(websafe_decode(made))["authData"], bytes)  # type: ignore
    return True


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
