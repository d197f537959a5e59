"""What a product asks when it sends somebody to sign in: an authorization request (RFC 6749, 4.1.1;
OpenID Connect Core 1.0, 3.1.2.1), checked, and how it is answered."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.core.internal.httpkit import add_query_params, del_query_params
from allauth.idp.oidc.internal.oauthlib.server import get_server
from allauth.idp.oidc.internal.oauthlib.utils import (
    extract_headers,
    get_uri,
    get_validator_context,
)
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from oauthlib.oauth2.rfc6749 import errors

from forecourt.products.launching import marks
from forecourt.products.models import Launch, ProductClient

#: OpenID Connect Core 1.0, 3.1.2.6: what a product is told that asked not to show anything.
LOGIN_REQUIRED, INTERACTION_REQUIRED = "login_required", "interaction_required"
CONSENT_REQUIRED, CHOICE_REQUIRED = "consent_required", "account_selection_required"
DENIED = "access_denied"


@dataclass(frozen=True)
class Asking:
    """A request that a known product makes in a way that is allowed."""

    client: ProductClient
    scopes: list[str]
    redirect_uri: str
    state: str
    prompts: frozenset[str]
    #: Seconds within which the person has proved who they are; None: it does not matter.
    max_age: int | None
    login_hint: str
    query: str
    _asked: tuple[str, str, str, dict[str, str]]
    _info: dict[str, Any]

    @property
    def is_silent(self) -> bool:
        """Whether nothing may be shown."""
        return "none" in self.prompts

    def refusal(self, error: str) -> str:
        """The product's address with an error."""
        told = {"error": error, "state": self.state, "iss": settings.PUBLIC_URL}
        return add_query_params(self.redirect_uri, {k: v for k, v in told.items() if v})

    def code(self, user: Any, launch: Launch) -> str:
        """The product's address with a code for this launch, good once and for a minute."""
        get_validator_context().requested_resources = [marks.mark(launch)]
        credentials = {"user": user, **self._info}
        headers, _body, _status = get_server().create_authorization_response(
            *self._asked, scopes=self.scopes, credentials=credentials
        )
        return add_query_params(headers["Location"], {"iss": settings.PUBLIC_URL})

    def again(self, *without: str) -> str:
        """This request's own address, without some of its prompts."""
        prompts = " ".join(sorted(self.prompts - {*without}))
        address = f"{reverse('idp:oidc:authorization')}?{self.query}"
        if prompts:
            return add_query_params(address, {"prompt": prompts})
        return del_query_params(address, "prompt")


def read(request: HttpRequest) -> Asking:
    """The request in this address. Raises oauthlib's FatalClientError where nobody can be told of
    it, else its OAuth2Error with the address to tell (`told`)."""
    uri = get_uri(request)
    asked = uri, "GET", "", extract_headers(request)
    scopes, info = get_server().validate_authorization_request(*asked)
    inner = info.pop("request")
    if inner.code_challenge_method != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(request=inner)
    return Asking(
        client=ProductClient.objects.select_related("client", "product").get(
            client_id=inner.client.id
        ),
        scopes=scopes,
        redirect_uri=info["redirect_uri"],
        state=info["state"] or "",
        prompts=frozenset((request.GET.get("prompt") or "").split()),
        max_age=_seconds(request.GET.get("max_age", "")),
        login_hint=request.GET.get("login_hint", ""),
        query=request.GET.urlencode(),
        _asked=asked,
        _info=info,
    )


def told(problem: errors.OAuth2Error) -> str:
    """The product's address with what is wrong with its request."""
    address = problem.in_uri(problem.redirect_uri)
    return f"{address}&{urlencode({'iss': settings.PUBLIC_URL})}"


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
