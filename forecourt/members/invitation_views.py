"""The door for the invited: an invitation's page, and the answers to it."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from forecourt.core.pages import operation, render, see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.members import actions
from forecourt.members.actors import Invitee
from forecourt.members.finding import by_id, by_token, throttle
from forecourt.members.forms import NewAccountForm
from forecourt.members.models import Invitation
from forecourt.members.views import blame
from forecourt.orgs.gate import SignedInRequest, signed_in
from forecourt.orgs.permissions import Role
from forecourt.people import accounts, entrance
from forecourt.people.models import User

HOLDER = "whoever holds the link"


def dead(request: HttpRequest) -> HttpResponse:
    """The one page for used, expired, revoked, replaced and invented links; its headers are the
    same too, whether or not the session was looked at on the way."""
    throttle(request)
    response = render(request, "members/invitation_dead.html", status=404)
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Cookie"])
    return response


def _page(
    request: HttpRequest,
    invitation: Invitation,
    token: str,
    form: NewAccountForm | None = None,
    status: int = 200,
) -> HttpResponse:
    here = reverse("invitation", args=[token])
    state = _state(request, invitation)
    context = {
        "invitation": {
            "organization_name": invitation.organization.name,
            "inviter": invitation.inviter_label,
            "email": invitation.email,
            "role_label": invitation.role_label,
            "expires_at": invitation.expires_at,
        },
        "state": state,
        "form": form or (NewAccountForm() if state == "new" else None),
        "token": token,
        "login_url": f"{reverse('account_login')}?{urlencode({'next': here})}",
        "reset_url": reverse("account_reset_password"),
        "with_provider": lambda provider: reverse("invitation_provider", args=[token, provider]),
    }
    bad = form is not None and form.is_bound and form.errors
    return render(request, "members/invitation.html", context, status=422 if bad else status)


def _state(request: HttpRequest, invitation: Invitation) -> str:
    if request.user.is_authenticated:
        if accounts.has_verified(request.user, invitation.email):
            return "verify" if actions.needs_proof(invitation, request.user) else "join"
        return "other"
    return "new" if accounts.verified_account(invitation.email) is None else "exists"


@operation("GET", who=HOLDER)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered, by whom, and how to take it. Looking at it changes nothing."""
    found = by_token(token)
    return dead(request) if found is None else _page(request, found, token)


@operation("POST", who=HOLDER)
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Join with the account one is signed in with."""
    found = by_token(token)
    if found is None:
        return _already_joined(request, token) or dead(request)
    if not request.user.is_authenticated:
        return see_other(request, "invitation", token)
    try:
        return _joined(request, Invitee(found, request.user))
    except Gone:  # pressed twice at once: the other press was first
        return _already_joined(request, token) or dead(request)
    except Refused:  # signed in as somebody else: the page says so
        return _page(request, found, token, status=422)


def _joined(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    actions.accept_invitation(invitee)
    organization = invitee.invitation.organization
    messages.success(request, _("You have joined %s.") % organization.name)
    return see_other(request, "products", slug=organization.slug)


def _already_joined(request: HttpRequest, token: str) -> HttpResponse | None:
    """A second press of the same button finds the invitation used; whoever used it goes on."""
    used = by_token(token, used=True)
    if used is None or not request.user.is_authenticated:
        return None
    if not accounts.has_verified(request.user, used.email):
        return None
    member = request.user.memberships.filter(organization_id=used.organization_id).first()
    return see_other(request, "products", slug=used.organization.slug) if member else None


@operation("POST", who=HOLDER)
def accept_with_password(request: HttpRequest, token: str) -> HttpResponse:
    """Make an account with a password and join in one go."""
    found = by_token(token)
    if found is None:
        return _already_joined(request, token) or dead(request)
    if request.user.is_authenticated:
        return _page(request, found, token, status=422)
    form = NewAccountForm(request.POST, email=found.email)
    if not form.is_valid():
        return _page(request, found, token, form)
    if found.role == Role.ADMIN and accounts.verified_account(found.email) is None:
        return _sign_up_first(request, found, token, form)
    try:
        member = actions.accept_with_new_account(
            Invitee(found), password=form.cleaned_data["password"], name=form.cleaned_data["name"]
        )
    except Gone:
        return dead(request)
    except Refused as refusal:
        blame(form, refusal)
        return _page(request, found, token, form)
    messages.success(request, _("You have joined %s.") % found.organization.name)
    here = reverse("products", kwargs={"slug": found.organization.slug})
    return entrance.sign_in(request, member.user, then=here)


def _sign_up_first(
    request: HttpRequest, found: Invitation, token: str, form: NewAccountForm
) -> HttpResponse:
    """To become an Admin, the address is confirmed with a code before anything is joined (O7)."""
    answer, sign_up = entrance.sign_up(
        request,
        email=found.email,
        password=form.cleaned_data["password"],
        name=form.cleaned_data["name"],
        then=reverse("invitation", args=[token]),
    )
    for problems in sign_up.errors.values():
        form.add_error("password", problems)
    return answer or _page(request, found, token, form)


@operation("GET", "POST", who=HOLDER)
def decline_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Turn the place down."""
    found = by_token(token)
    if found is None:
        return dead(request)
    if request.method != "POST":
        return see_other(request, "invitation", token)
    user = request.user if request.user.is_authenticated else None
    try:
        actions.decline_invitation(Invitee(found, user))
    except Gone:
        return dead(request)
    return render(
        request,
        "members/invitation_declined.html",
        {"organization_name": found.organization.name, "inviter": found.inviter_label},
    )


@operation("POST", who=HOLDER)
def invitation_provider(request: HttpRequest, token: str, provider_id: str) -> HttpResponse:
    """Go to an identity provider, and come back here. Only the invited address may make an
    account there (D1, S26)."""
    found = by_token(token)
    if found is None:
        return dead(request)
    here = reverse("invitation", args=[token])
    return entrance.go_to_provider(request, provider_id, only=found.email, then=here)


@operation("POST", who=HOLDER)
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show with a mailed code that the invited address is one's own, as an Admin has to (O7)."""
    found = by_token(token)
    if found is None:
        return dead(request)
    here = reverse("invitation", args=[token])
    if not (request.user.is_authenticated and accounts.has_verified(request.user, found.email)):
        return see_other(request, here)
    user = User.objects.get(pk=request.user.pk)
    return entrance.sign_in_by_code(request, user, email=found.email, then=here)


@operation("POST", who=HOLDER)
def switch_account(request: HttpRequest, token: str) -> HttpResponse:
    """Sign out, and come back to the invitation."""
    get_adapter().logout(request)
    return see_other(request, "invitation", token)


@signed_in("POST")
def accept_waiting(request: SignedInRequest, invitation_id: int) -> HttpResponse:
    """Join from the list of invitations that wait for one's verified addresses (O8)."""
    found = by_id(invitation_id, accounts.verified_addresses(request.user))
    if found is None:
        raise Gone
    return _joined(request, Invitee(found, request.user))


@signed_in("POST")
def decline_waiting(request: SignedInRequest, invitation_id: int) -> HttpResponse:
    """Turn down an invitation from that list."""
    found = by_id(invitation_id, accounts.verified_addresses(request.user))
    if found is None:
        raise Gone
    actions.decline_invitation(Invitee(found, request.user))
    messages.success(request, _("You have declined the invitation."))
    return see_other(request, "organizations")
