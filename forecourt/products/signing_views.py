"""The doors to license files, and to the public keys by which products verify them."""

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from forecourt.core.pages import operation
from forecourt.core.refusals import Gone
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission
from forecourt.products import actions
from forecourt.products.models import SigningKey


@page(Permission.SEE_KEYS)
def license_file(request: MemberRequest, license_id: int) -> HttpResponse:
    """A license's signed file, made anew each time."""
    file = actions.issue_license_file(request.member, license_id=license_id)
    response = HttpResponse(file.text, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@operation("GET", who="anyone")
def signing_keys(request: HttpRequest) -> HttpResponse:
    """Every public key that a license file may still need, as a JWK set (RFC 7517)."""
    keys = [key.jwk() for key in SigningKey.published()]
    return _public(request, json.dumps({"keys": keys}), "application/jwk-set+json")


@operation("GET", who="anyone")
def signing_key(request: HttpRequest, kid: str) -> HttpResponse:
    """One of them, as PEM."""
    key = SigningKey.published().filter(kid=kid).first()
    if key is None:
        raise Gone
    return _public(request, key.pem(), "application/x-pem-file")


def _public(request: HttpRequest, text: str, kind: str) -> HttpResponse:
    """An answer that is the same for everybody, and may be kept for five minutes: a key that is
    new is needed at once."""
    response = HttpResponse(text, content_type=kind)
    # Weak: the same text travels compressed in several ways.
    tag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    return get_conditional_response(request, etag=tag, response=response) or response
