"""Passkeys and security keys: what a device is asked, and what its answer is worth.

Both are allauth's authenticators of type WEBAUTHN, which hold a public key; allauth checks
challenges and signatures. `data["passkey"]` says which of the two one is. Only pages at PUBLIC_URL
count: a browser lets each page below its host, too, ask for the portal's passkeys. How often a key
was used is not looked at: passkeys that are copied between devices do not count.
"""

import json
from typing import Any

from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import auto_generate_recovery_codes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.webauthn import forms as allauth
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AuthenticationResponse,
    AuthenticatorAssertionResponse,
    RegistrationResponse,
)

from forecourt.core.refusals import Gone, Refused
from forecourt.people.actions import ways_in
from forecourt.people.answers import BROKEN, FAILED, Answer
from forecourt.people.devices import device_name
from forecourt.people.models import User
from forecourt.people.names import PersonName

WEBAUTHN = Authenticator.Type.WEBAUTHN
LONGEST_NAME = 60
LONGEST_ID = 1023  # bytes, as the standard has it
TAKEN = gettext_lazy("This key belongs to an account already.")


class KeyName(PersonName):
    """What its person calls a key, at most 60 characters."""

    def __init__(self) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        super().__init__(label=gettext_lazy("Name"), help_text="", widget=widget)
        self.validators.append(MaxLengthValidator(LONGEST_NAME))


class NewKeyForm(forms.Form):
    """A key that was just made. `user` is whom it shall belong to, `passkey` what was asked for."""

    name = KeyName()
    credential = Answer()

    def __init__(self, *args: Any, user: Any, passkey: bool, agent: str = "", **keywords: Any):
        self.user, self.passkey = user, passkey
        self.default = device_name(agent) if passkey else _("Security key")
        keywords["initial"] = {"name": self.default}
        super().__init__(*args, **keywords)

    def clean_name(self) -> str:
        # The device holds the key by now: a name that is missing is no reason to refuse it.
        return self.cleaned_data["name"] or self.default

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            values["credential"] = registered(values["credential"], passkey=self.passkey)
        return values


class RenameForm(forms.Form):
    """Another name for a key."""

    name = KeyName()

    def clean_name(self) -> str:
        if not self.cleaned_data["name"]:
            raise ValidationError(_("Give it a name."))
        return self.cleaned_data["name"]


class Known:
    """An answer to a challenge that must come from a key we know; says so in a sentence."""

    def clean_credential(self) -> Authenticator:
        """The key it came from; raises ValidationError."""
        try:
            key = super().clean_credential()  # type: ignore[misc]
            if self.given().client_data.origin != settings.PUBLIC_URL:
                raise ValidationError(FAILED)
            return key
        except ValidationError as problem:
            if problem.code != "incorrect_code":  # too many tries
                raise
            answer = self.cleaned_data["credential"]  # type: ignore[attr-defined]
            raise ValidationError(FAILED if _is_known(answer) else unknown()) from problem
        except BROKEN as problem:
            raise ValidationError(FAILED) from problem

    def given(self) -> AuthenticatorAssertionResponse:
        """What the key said, once it is known to have said it."""
        answer = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        return AuthenticationResponse.from_dict(answer).response


class SignInForm(Known, allauth.LoginWebAuthnForm):
    """Signing in with a passkey. A security key is a second factor only."""

    credential = Answer()

    def clean_credential(self) -> Authenticator:
        key = super().clean_credential()
        if not key.data.get("passkey"):
            raise ValidationError(unknown())
        # Asked anew: the question may come from another page of this browser, that asks for less.
        if not self.given().authenticator_data.is_user_verified():
            raise ValidationError(FAILED)
        return key


class SecondStepForm(Known, allauth.AuthenticateWebAuthnForm):
    """A key of the person who is signing in, after their password."""

    credential = Answer()


class ConfirmForm(Known, allauth.ReauthenticateWebAuthnForm):
    """A key of the person who is signed in."""

    credential = Answer()


def unknown() -> str:
    """What somebody reads whose browser has a passkey that we do not have."""
    return _("This passkey is not known here (any more). Sign in another way.")


def keys_of(user: User) -> QuerySet[Authenticator]:
    """The passkeys and security keys of an account, oldest first."""
    found = Authenticator.objects.filter(user_id=user.pk, type=WEBAUTHN)
    return found.order_by("pk")


def _with_id(credential_id: str) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(type=WEBAUTHN, data__credential__rawId=credential_id)


def _is_known(answer: Any) -> bool:
    try:
        return _with_id(websafe_encode(websafe_decode(answer["rawId"]))).exists()
    except ValueError:
        return False


def registered(answer: Any, *, passkey: bool) -> dict[str, Any]:
    """What we keep of a new key's answer, in our own spelling; raises ValidationError."""
    try:
        auth.parse_registration_response(answer)
        bound = auth.complete_registration(answer)
        given = RegistrationResponse.from_dict(answer)
        extensions = given.client_extension_results
        if given.response.client_data.origin != settings.PUBLIC_URL:
            raise ValidationError(FAILED)
        resident = (extensions.get("credProps") or {}).get("rk")
    except (ValidationError, *BROKEN) as problem:
        raise ValidationError(FAILED) from problem
    if passkey and (resident is False or not bound.is_user_verified()):
        raise ValidationError(_("This device cannot keep a passkey. Take another one."))
    key_id = websafe_encode(given.raw_id)
    made = bound.credential_data
    if made is None or made.credential_id != given.raw_id or len(given.raw_id) > LONGEST_ID:
        raise ValidationError(FAILED)
    if _with_id(key_id).exists():
        raise ValidationError(TAKEN)
    return {
        "id": key_id,
        "rawId": key_id,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(given.response.client_data),
            "attestationObject": websafe_encode(given.response.attestation_object),
        },
        "clientExtensionResults": {"credProps": {"rk": bool(resident)}},
    }


def options(asked: Any) -> dict[str, Any]:
    """What the device is asked, as plain values for JSON."""
    return json.loads(json.dumps(asked, default=dict))


def told(asked: Any) -> JsonResponse:
    """The answer to the script that asks what to ask the device."""
    response = JsonResponse(options(asked))
    response["Cache-Control"] = "private, no-store"
    return response


@transaction.atomic
def add_key(
    request: HttpRequest, user: User, *, name: str, credential: dict[str, Any], passkey: bool
) -> bool:
    """Put a key on the account; raises Refused. Returns whether recovery codes were made with it:
    they are with the first second factor; a passkey demands nothing, so it needs none."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one key after another
    data = {"name": name, "credential": credential, "passkey": passkey}
    try:
        with transaction.atomic():
            key = Authenticator.objects.create(user=user, type=WEBAUTHN, data=data)
    except IntegrityError:  # registered elsewhere at the same moment
        raise Refused(str(TAKEN)) from None
    authenticator_added.send(sender=Authenticator, request=request, user=user, authenticator=key)
    return not passkey and auto_generate_recovery_codes(request) is not None


@transaction.atomic
def remove_key(request: HttpRequest, key: Authenticator) -> None:
    """Take a key off the account, unless it is the last way in; raises Refused, and Gone where
    it is off already."""
    user = User.objects.select_for_update(no_key=True).get(pk=key.user_id)
    if not keys_of(user).filter(pk=key.pk).exists():
        raise Gone
    if key.data.get("passkey") and ways_in(user) < 2:
        raise Refused(_("This is your only way in. Set a password or add another passkey first."))
    delete_and_cleanup(request, key)
