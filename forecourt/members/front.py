"""The front page of a signed-in person: their organizations, and the invitations that wait."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from forecourt.core.pages import operation, render, see_other
from forecourt.members.finding import waiting
from forecourt.orgs import staff_networks
from forecourt.orgs.gate import MemberRequest, SignedInRequest, page, signed_in
from forecourt.orgs.models import Membership, Staff
from forecourt.orgs.permissions import Permission
from forecourt.orgs.sign_in_policy import demands, has_second_factor, today
from forecourt.people.accounts import verified_addresses
from forecourt.people.proof import is_strong

MOST = 200


def _memberships(request: SignedInRequest):
    """The person's own memberships: the database shows no others to them."""
    return (
        Membership.objects.select_related("organization")
        .filter(user_id=request.user.pk)
        .order_by("organization__name", "pk")[:MOST]
    )


def _has_console(request: SignedInRequest) -> bool:
    """Whether there is a console for them, here."""
    return staff_networks.reaches() and Staff.objects.filter(user_id=request.user.pk).exists()


@signed_in()
def home(request: SignedInRequest) -> HttpResponse:
    """To the one organization there is, else to the list; the vendor's staff, who have none, to the
    console."""
    mine = list(_memberships(request)[:2])
    if not mine and _has_console(request):
        return redirect("console")
    if len(mine) == 1 and not waiting(verified_addresses(request.user)):
        return redirect("products", slug=mine[0].organization.slug)
    return redirect("organizations")


@signed_in()
def organizations(request: SignedInRequest) -> HttpResponse:
    """Every organization of mine, and what waits for my verified addresses (O8)."""
    open_invitations = waiting(verified_addresses(request.user))
    context = {
        "memberships": list(_memberships(request)),
        "is_staff": _has_console(request),
        "waiting": [
            {
                "id": invitation.pk,
                "organization_name": invitation.organization.name,
                "inviter": invitation.inviter_label,
                "role_label": invitation.role_label,
                "expires_at": invitation.expires_at,
            }
            for invitation in open_invitations
        ],
    }
    return render(request, "orgs/organizations.html", context, block="switcher")


@page(Permission.VIEW_PRODUCTS)
def organization(request: MemberRequest) -> HttpResponse:
    """An organization's own front page is its first room."""
    return redirect("products", slug=request.member.organization.slug)


@page(Permission.VIEW_MEMBERS, any_session=True)
def second_factor_required(request: MemberRequest) -> HttpResponse:
    """What the organization demands of a session, since when, and how to get there."""
    organization = request.member.organization
    if organization.second_factor_from is None or is_strong(request):
        return redirect("organization", slug=organization.slug)
    context = {
        "organization": organization,
        "in_force": organization.second_factor_from <= today(),
        "has_factor": has_second_factor(request.user.pk),
        # They would all lead here.
        **({"rooms": []} if demands(request, organization) else {}),
    }
    return render(request, "orgs/second_factor.html", context)


@operation("POST", who="anyone")
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark, or what the reader's system says, in a cookie."""
    back = request.POST.get("next", "/")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = "/"
    response = see_other(request, back)
    chosen = request.POST.get("theme", "")
    if chosen in ("light", "dark"):
        response.set_cookie(
            "theme",
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.SECURE,
            httponly=True,
        )
    else:
        response.delete_cookie("theme")
    return response
