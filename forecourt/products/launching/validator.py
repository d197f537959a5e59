"""What oauthlib asks before it gives out a token: allauth's answers, and what is stricter here.

Every client uses PKCE, addresses fit exactly, a code or refresh token that is used twice ends its
whole family (RFC 9700, 4.14; RFC 6749, 4.1.2), and nothing is given for a launch that has ended.
"""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.models import Client, Token
from django.core.cache import cache
from django.utils import timezone

from forecourt.core.sealing import fingerprint
from forecourt.core.turns import take_turn
from forecourt.products.launching import marks
from forecourt.products.models import ProductClient

#: The type of a refresh token that was exchanged for the next one.
SPENT = "sp"
#: How long a spent refresh token is known as such (later it is as unknown as any), and a code.
KNOWN, CODE_KNOWN = dt.timedelta(days=1), 600


class Validator(OAuthLibRequestValidator):
    """One for each request."""

    def _lookup_client(self, request: Any, client_id: str) -> Client | None:
        client = super()._lookup_client(request, client_id)
        rows = ProductClient.objects.filter(client_id=client_id, disabled_at=None)
        of_product = rows.first() if client is not None else None
        if client is None or of_product is None:
            return None
        client.check_secret = of_product.knows
        return client

    def validate_redirect_uri(self, client_id, redirect_uri, request, *args, **keywords) -> bool:
        """Letter by letter (RFC 9700, 2.1); a program on the own machine may choose its port
        (RFC 8252, 7.3)."""
        known = request.client.get_redirect_uris()
        if redirect_uri in known:
            return True
        is_public = request.client.type == Client.Type.PUBLIC
        return is_public and _without_port(redirect_uri) in {*map(_without_port, known)} - {""}

    def is_pkce_required(self, client_id, request) -> bool:
        return True

    def validate_silent_authorization(self, request) -> bool:
        """`authorize` looks at consent and organization itself."""
        return True

    def validate_code(self, client_id, code, client, request, *args, **keywords) -> bool:
        take_turn(f"code:{code}")
        if super().validate_code(client_id, code, client, request, *args, **keywords):
            return self._goes_on(get_validator_context().granted_resources, request)
        marks.revoke(cache.get(_spent(client_id, code)), "code used twice")
        return False

    def invalidate_authorization_code(self, client_id, code, request, *args, **keywords) -> None:
        super().invalidate_authorization_code(client_id, code, request, *args, **keywords)
        granted = get_validator_context().granted_resources
        cache.set(_spent(client_id, code), granted, CODE_KNOWN)

    def validate_refresh_token(self, refresh_token, client, request, *args, **keywords) -> bool:
        take_turn(f"refresh:{fingerprint(refresh_token)}")
        spent = Token.objects.filter(client=client).lookup(SPENT, refresh_token)
        if spent is not None:
            marks.revoke(spent.get_resources(), "refresh token used twice")
            return False
        if not super().validate_refresh_token(refresh_token, client, request, *args, **keywords):
            return False
        token = get_validator_context().refresh_token
        return token is not None and self._goes_on(token.get_resources(), request)

    def validate_device_code(self, client_id, device_code, request) -> str:
        """allauth has looked it up before (`TokenView`), so here it is one that was agreed to."""
        return "authorized"

    def _prep_refresh_token(self, ctx: Any, refresh_token: str, request: Any) -> Token:
        """Remember the one before as spent."""
        before = ctx.refresh_token
        made = super()._prep_refresh_token(ctx, refresh_token, request)
        if before is not None:
            Token.objects.create(
                type=SPENT,
                hash=before.hash,
                client=before.client,
                user=before.user,
                data=before.data,
                expires_at=timezone.now() + KNOWN,
            )
        return made

    def save_bearer_token(self, token: dict, request: Any, *args, **keywords) -> None:
        """Nothing is given without a launch, which every kind of grant has looked for before."""
        super().save_bearer_token(token, request, *args, **keywords)
        marks.told(context.request.live)

    def validate_bearer_token(self, token, scopes, request) -> bool:
        if not super().validate_bearer_token(token, scopes, request):
            return False
        access = get_validator_context().access_token
        return access is not None and self._goes_on(access.get_resources(), request)

    def revoke_token(self, token, token_type_hint, request, *args, **keywords) -> None:
        """A program's own token alone; with a refresh token the whole sign-in ends (RFC 7009, 2.1)."""
        kinds = [Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN]
        mine = Token.objects.filter(client=request.client, type__in=kinds).by_value(token).first()
        if mine is not None and mine.type == Token.Type.REFRESH_TOKEN:
            marks.revoke(mine.get_resources(), "revoked by the program")
        elif mine is not None:
            mine.delete()

    def _goes_on(self, named: list[str] | None, request: Any) -> bool:
        context.request.live = marks.live(named, request.client.id)
        return context.request.live is not None


def _spent(client_id: str, code: str) -> str:
    return f"launching:spent:{fingerprint(f'{client_id}:{code}')}"


def _without_port(address: str) -> str:
    """An address of the own machine without its port; "" for any other."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme != "http" or host not in ("127.0.0.1", "::1") or "@" in parts.netloc:
        return ""
    return address if port is None else address.replace(f":{port}", "", 1)
