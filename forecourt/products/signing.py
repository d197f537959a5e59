"""Which key signs: made at first need, replaced when the vendor says so, and when SECRET_KEY, which
its private half is sealed with, was lost. All of it runs in the transaction of an action."""

import logging

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from forecourt.core import audit, scope
from forecourt.core.actors import Actor, System
from forecourt.products.events import Event
from forecourt.products.models import SigningKey

log = logging.getLogger(__name__)


def signer() -> tuple[SigningKey, Ed25519PrivateKey]:
    """The key that signs now, and its private half."""
    key = SigningKey.objects.filter(retired_at=None).first() or replace(None)
    try:
        return key, key.opened()
    except InvalidToken:
        log.error("no SECRET_KEY opens the signing key %s: a new one takes its place", key.kid)
        key = replace(key)
        return key, key.opened()


def replace(former: SigningKey | None, by: Actor | None = None) -> SigningKey:
    """Retire a key and have a new one sign, noted as the house's own act. Of several who do it at
    once, one makes the new key and all get it."""
    if former is not None:
        SigningKey.objects.filter(pk=former.pk, retired_at=None).update(
            retired_at=timezone.now(), private=None
        )
    made = SigningKey.new()
    # Waits for whoever else is making one, and leaves theirs.
    SigningKey.objects.bulk_create([made], ignore_conflicts=True)
    key = SigningKey.objects.get(retired_at=None)
    if key.kid == made.kid:
        before = {"kid": former.kid} if former else {}
        with scope.organization(None):
            audit.record(by or System(), Event.SIGNING_KEY_MADE, key, before=before)
    else:
        audit.unchanged()
    return key
