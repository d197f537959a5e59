"""The door for products themselves: allauth's views of the protocol, with what is stricter here."""

from typing import Any

from allauth.core import context
from allauth.idp.oidc import views
from allauth.idp.oidc.forms import RPInitiatedLogoutForm
from allauth.idp.oidc.models import Client
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError

from forecourt.core.jobs import later
from forecourt.core.pages import render
from forecourt.core.sealing import fingerprint
from forecourt.core.turns import take_turn
from forecourt.products.launching import marks
from forecourt.products.launching.views import leave


@method_decorator(csrf_exempt, name="dispatch")
class Token(views.TokenView):
    """Gives tokens for a code, a device code or a refresh token."""

    def _post_device_token(self, request: HttpRequest) -> HttpResponse:
        """Of two that poll at once, one gets the tokens."""
        take_turn(f"device:{fingerprint(request.POST.get('device_code', ''))}")
        return super()._post_device_token(request)

    def _pre_token(self, orequest: Any, user: Any, data: dict[str, Any] | None) -> None:
        super()._pre_token(orequest, user, data)
        if orequest.grant_type == Client.GrantType.DEVICE_CODE and data is not None:
            orequest.scopes = data["scope"] or ["openid"]
            context.request.live = marks.live(data["resources"], data["client_id"])
            if context.request.live is None:
                raise AccessDeniedError(request=orequest)


class _LogoutForm(RPInitiatedLogoutForm):
    """Where people are sent after signing out fits letter by letter."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        address = (cleaned or {}).get("post_logout_redirect_uri")
        client = (cleaned or {}).get("client")
        if address and (client is None or address not in client.get_post_logout_redirect_uris()):
            self.add_error("post_logout_redirect_uri", ValidationError("unknown"))
        return cleaned


@method_decorator(csrf_exempt, name="dispatch")
class Logout(views.LogoutView):
    """Signs a person out of the portal, and with it of every product (RP-Initiated Logout 1.0):
    without a question where the product shows the person's own ID token, else after one."""

    form_class = _LogoutForm

    def render_to_response(self, context: dict[str, Any], **keywords: Any) -> HttpResponse:
        return render(self.request, "products/launch_logout.html", context, **keywords)

    def form_invalid(self, form: RPInitiatedLogoutForm) -> HttpResponse:
        return render(self.request, "products/launch_error.html", status=400)

    def _handle(self, form: RPInitiatedLogoutForm, op_logout: bool) -> HttpResponse:
        """What the product has of this browser ends also where the portal's own session stays."""
        session, client = self.request.session.session_key, form.cleaned_data["client"]
        if session and client is not None and not op_logout:
            ids = {"client_id": client.id, "user_id": self.request.user.pk}
            later("products.end_launches_of_person", **ids)
        answer = super()._handle(form, op_logout)
        return leave(self.request, answer["Location"])


token = transaction.non_atomic_requests(Token.as_view())
logout = Logout.as_view()
