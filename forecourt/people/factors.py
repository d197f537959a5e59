"""Passkeys and second factors, as allauth keeps them, fitted into the house."""

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import Q

from forecourt.core import sealing
from forecourt.core.brand import brand

log = logging.getLogger(__name__)
Type = Authenticator.Type
#: A passkey alone demands nothing at sign-in: it is a way in of its own.
DEMANDING = Q(type=Type.TOTP) | Q(type=Type.WEBAUTHN) & ~Q(data__passkey=True)


class Adapter(DefaultMFAAdapter):
    """allauth's hooks."""

    def encrypt(self, text: str) -> str:
        return sealing.seal({"text": text}).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed. Where the key is no longer known, a secret that nobody has: no code
        matches it, and signing in goes on by another factor."""
        try:
            return sealing.unseal(encrypted_text.encode())["text"]
        except InvalidToken:
            log.error("a second factor cannot be opened: its SECRET_KEY is no longer known")
            return generate_totp_secret()

    def get_totp_issuer(self) -> str:
        return brand().name

    def is_mfa_enabled(self, user: Any, types: list[str] | None = None) -> bool:
        """Whether the person has factors of these types. Where allauth asks for both kinds that
        sign-in demands, passkeys do not count."""
        if user.is_anonymous:
            return False
        found = Authenticator.objects.filter(user_id=user.pk)
        if types is not None and {*types} == {Type.TOTP, Type.WEBAUTHN}:
            return found.filter(DEMANDING).exists()
        return (found.filter(type__in=types) if types is not None else found).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {
            "id": urlsplit(settings.PUBLIC_URL).hostname or "localhost",
            "name": brand().name,
        }

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        entity = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.label()}
