"""The keys that license files and tokens are signed with, in the open: what another portal seals with
another SECRET_KEY. On the server alone."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.jwkkit import load_jwk_from_pem
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext as _

from forecourt.console.transfer.lines import Line
from forecourt.core import audit, sealing
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.products.events import Event
from forecourt.products.models import SigningKey, TokenKey
from forecourt.products.models.signing import _read, thumbprint, written

FILES, TOKENS = "license_files", "tokens"


def rows() -> list[dict[str, Any]]:
    """All of them, those of license files first. A private half that no SECRET_KEY opens is empty."""
    signing = [
        {
            "use": FILES,
            "kid": key.kid,
            "public": key.public,
            "private": _opened(key.private) if key.private else "",
            "made": key.made_at,
            "signs_from": None,
            "ends": key.retired_at,
        }
        for key in SigningKey.objects.order_by("pk")
    ]
    return signing + [
        {
            "use": TOKENS,
            "kid": key.kid,
            "public": "",
            "private": _opened(key.private),
            "made": key.made_at,
            "signs_from": key.signs_from,
            "ends": key.ends_at,
        }
        for key in TokenKey.objects.order_by("pk")
    ]


def _opened(sealed: Any) -> str:
    try:
        return str(sealing.unseal(bytes(sealed))["private"])
    except InvalidToken:
        return ""


def check(lines: list[Line]) -> None:
    """Say what would become of each, and which are wrong: one that signs stays the one that does."""
    there = {*SigningKey.objects.values_list("kid", flat=True)}
    there |= {*TokenKey.objects.values_list("kid", flat=True)}
    signs = {
        FILES: SigningKey.objects.filter(retired_at=None).exists(),
        TOKENS: TokenKey.objects.filter(ends_at=None).exists(),
    }
    for line in lines:
        line.outcome = _("Unchanged") if line.values.get("kid") in there else _("New")
        is_new = not line.problem and line.values["kid"] not in there
        if is_new and not line.values.get("ends") and signs[line.values["use"]]:
            line.problem = _("This portal signs by a key of its own, and goes on to do so.")


@action("import_key")
def import_key(actor, *, said: dict[str, Any]) -> None:
    """Keep a key that signed elsewhere, and have it sign here if it signed there. Raises Refused."""
    key = _signing_key(said) if said["use"] == FILES else _token_key(said)
    key.save(force_insert=True)
    event = Event.SIGNING_KEY_MADE if said["use"] == FILES else Event.TOKEN_KEY_MADE
    audit.record(actor, event, key, after={"kid": key.kid})


def _signing_key(said: dict[str, Any]) -> SigningKey:
    public, private, ends = said.get("public", ""), said.get("private", ""), said.get("ends")
    if bool(private) == bool(ends):
        raise Refused(_("A key that signs has its private half, and one that ended has none."))
    try:
        is_right = thumbprint(public) == said["kid"] and len(_read(public)) == 32
        if private:
            pair = Ed25519PrivateKey.from_private_bytes(_read(private))
            is_right = is_right and written(pair.public_key().public_bytes_raw()) == public
    except ValueError:
        is_right = False
    if not is_right:
        raise Refused(_("The parts of this key do not belong together."))
    sealed = sealing.seal({"private": private}) if private else None
    values = {"made_at": said["made"], "retired_at": ends}
    return SigningKey(kid=said["kid"], public=public, private=sealed, **values)


def _token_key(said: dict[str, Any]) -> TokenKey:
    private = said.get("private", "")
    try:
        is_right = load_jwk_from_pem(private)[0]["kid"] == said["kid"]
    except (ValueError, TypeError, AttributeError):
        is_right = False
    if not (is_right and said.get("signs_from")):
        raise Refused(_("The parts of this key do not belong together."))
    return TokenKey(
        kid=said["kid"],
        private=sealing.seal({"private": private}),
        made_at=said["made"],
        signs_from=said["signs_from"],
        ends_at=said.get("ends"),
    )
