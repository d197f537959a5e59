"""To an identity provider and back; whatever goes wrong there is one page with a sentence."""

from collections.abc import Callable
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from forecourt.people.provider import Callback, Conversation


def leave_for(request: HttpRequest, provider_id: str, **where: Any) -> HttpResponse:
    """To the provider's page. `where`: `next_url` and `data` to have back with the person; without
    it both come from the request. Raises Http404 for a provider that is not configured."""

    def leave(conversation: Conversation) -> HttpResponse:
        provider = conversation.get_provider()
        if where:
            return provider.redirect(request, process="login", **where)
        return provider.redirect_from_request(request)

    answer = _with(request, provider_id, leave)
    if answer.status_code == 302:
        answer.status_code = 303
    return answer


def come_back_from(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What becomes of somebody whom the provider sends back."""
    return _with(
        request, provider_id, lambda conversation: Callback.adapter_view(conversation)(request)
    )


def _with(
    request: HttpRequest, provider_id: str, do: Callable[[Conversation], HttpResponse]
) -> HttpResponse:
    conversation = Conversation(request, provider_id)
    try:
        provider = conversation.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return do(conversation)
    except (OAuth2Error, RequestException) as problem:
        return render_authentication_error(request, provider, exception=problem)
