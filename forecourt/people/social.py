"""How allauth's linked identities are fitted into the house."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from forecourt.people import linking
from forecourt.people.models import User

log = logging.getLogger(__name__)


class Adapter(DefaultSocialAccountAdapter):
    """allauth's hooks."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings; allauth would ask a table."""
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=theirs.id,
                name=theirs.name,
                client_id=theirs.client_id,
                secret=theirs.client_secret,
                settings={"server_url": theirs.issuer},
            )
            for theirs in settings.IDENTITY_PROVIDERS
            if provider in (None, "openid_connect", theirs.id)
            and client_id in (None, theirs.client_id)
        ]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Known identities sign in, by allauth; everything else is ours."""
        answer = linking.answer(request, sociallogin)
        if answer is not None:
            raise ImmediateHttpResponse(answer)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """A person as the provider describes them."""
        user: User = sociallogin.user
        address = next(iter(sociallogin.email_addresses), None)
        user.email = address.email if address else ""
        user.name = linking.tame_name(data.get("name"))
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        # A person who turned back is no failure.
        level = logging.INFO if error == AuthError.CANCELLED else logging.WARNING
        log.log(level, "sign-in with %s failed: %s %s", provider, error, exception or "")

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("profile")
