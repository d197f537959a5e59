"""Telling a product that somebody is signed out (OpenID Connect Back-Channel Logout 1.0)."""

import logging
import time
import uuid

import jwt
import requests
from allauth.core.internal import jwkkit
from django.conf import settings
from django.db import transaction

from forecourt.core import scope
from forecourt.products.launching import token_keys
from forecourt.products.models import Launch

log = logging.getLogger(__name__)
EVENT = "http://schemas.openid.net/event/backchannel-logout"
#: Seconds that a product gets to answer, and that a token is good for.
PATIENCE, GOOD_FOR = 5, 120


def logout(organization_id: int, launch_id: int) -> None:
    """Tell the product. Raises where it could not be told, so that the job tries again; a product
    that will not have it (4xx) is left alone."""
    with transaction.atomic(), scope.organization(organization_id):
        rows = Launch.objects.select_related("client__client", "user").filter(pk=launch_id)
        launch = rows.first()
        token = logout_token(launch) if launch is not None else ""
    if launch is None or not launch.client.logout_url:
        return
    answer = requests.post(
        launch.client.logout_url,
        data={"logout_token": token},
        timeout=PATIENCE,
        allow_redirects=False,
        stream=True,
    )
    answer.close()
    if answer.status_code >= 500:
        answer.raise_for_status()
    if answer.status_code >= 300:
        log.warning("%s does not take logout tokens: %s", launch.client.name, answer.status_code)


def logout_token(launch: Launch) -> str:
    """The message, signed (2.4 of the standard): which person's which session with the product."""
    now = int(time.time())
    jwk, private = jwkkit.load_jwk_from_pem(token_keys.signer().pem)
    claims = {
        "iss": settings.PUBLIC_URL,
        "sub": str(launch.user.handle),
        "aud": launch.client.client_id,
        "iat": now,
        "exp": now + GOOD_FOR,
        "jti": uuid.uuid4().hex,
        "sid": str(launch.handle),
        "events": {EVENT: {}},
    }
    headers = {"kid": jwk["kid"], "typ": "logout+jwt"}
    return jwt.encode(claims, private, algorithm="RS256", headers=headers)
