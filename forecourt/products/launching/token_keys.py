"""Which key signs ID tokens: made at first need, and replaced every 90 days with an overlap, so
that no product meets a signature whose key it could not have fetched."""

import datetime as dt
import logging

from allauth.idp.oidc.internal.private_keys import filter_keys, pick_signing_key
from allauth.idp.oidc.models import PrivateKey
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from forecourt.core import audit, scope
from forecourt.core.actors import Actor, System
from forecourt.core.turns import take_turn
from forecourt.products.events import Event
from forecourt.products.models import TokenKey

log = logging.getLogger(__name__)
#: How long a key signs; how long before that it is published (products keep the list for an hour);
#: and how long after that (a product shows an old token when it signs somebody out).
SIGNS, AHEAD, AFTER = dt.timedelta(days=90), dt.timedelta(days=1), dt.timedelta(days=30)
#: The same where it was replaced at once, since it was stolen: nothing that it signed counts.
OVER = dt.timedelta(0)


def known(**conditions: bool | None) -> list[PrivateKey]:
    """The keys that allauth signs and verifies with; what no SECRET_KEY opens is left out."""
    rows = TokenKey.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))
    keys = [key for row in rows.order_by("signs_from") if (key := _opened(row))]
    return filter_keys(keys, **conditions)


def signer() -> PrivateKey:
    """The key that signs now."""
    found = pick_signing_key(known(did_activate=True, is_active=True))
    return found or _opened(replace(at_once=True))


def replace(*, at_once: bool, by: Actor | None = None) -> TokenKey:
    """Have a new key sign, a day from now or at once; noted as the house's own act. Of several who
    do it at once for want of a key, one makes it and all get it."""
    with transaction.atomic(), scope.organization(None):
        take_turn("token key")
        present = TokenKey.objects.filter(ends_at=None).first()
        if by is None and present is not None and _is_young(present) and _opened(present):
            audit.unchanged()
            return present
        made = TokenKey.new()
        if not at_once:
            made.signs_from += AHEAD
        if present is not None:
            present.ends_at = made.signs_from + (AFTER if not at_once else OVER)
            present.save(update_fields=["ends_at"])
        made.save()
        before = {"kid": present.kid} if present else {}
        audit.record(by or System(), Event.TOKEN_KEY_MADE, made, before=before)
    return made


def keep_fresh() -> None:
    """Make the next key when the present one has signed for 90 days."""
    present = TokenKey.objects.filter(ends_at=None).first()
    if present is not None and not _is_young(present):
        replace(at_once=False)
    TokenKey.objects.filter(ends_at__lt=timezone.now()).delete()


def _is_young(key: TokenKey) -> bool:
    return timezone.now() < key.signs_from + SIGNS


def _opened(row: TokenKey) -> PrivateKey | None:
    try:
        pem = row.opened()
    except InvalidToken:
        log.error("no SECRET_KEY opens the token key %s: a new one takes its place", row.kid)
        return None
    return PrivateKey(
        pem=pem, issued_at=row.signs_from, not_before=row.signs_from, expires_at=row.ends_at
    )
