"""The gate before every page of an organization."""

import datetime as dt
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from forecourt.core.pages import View, operation, render, see_other
from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Forbidden, Gone
from forecourt.core.scope import setting
from forecourt.orgs import visiting
from forecourt.orgs.models import FormerSlug, Membership
from forecourt.orgs.permissions import FRESH, Permission
from forecourt.orgs.sign_in_policy import Demand, demands, reminder
from forecourt.people.gate import SignedInRequest, signed_in, to_sign_in
from forecourt.people.proof import require_fresh

__all__ = ["MemberRequest", "SignedInRequest", "page", "signed_in"]


class MemberRequest(SignedInRequest):
    """A request of a member in their organization, as a view behind `page` gets it."""

    member: Membership
    #: The coming day from which the organization would not let this session in (no second factor).
    reminder: dt.date | None


SEEN_EVERY = dt.timedelta(minutes=5)


def page(
    permission: Permission, *methods: str, any_session: bool = False
) -> Callable[[View], View]:
    """A view of one organization, found by the slug in its address. Not signed in: to sign-in; not
    a member: 404, but for staff on a visit, who look alone; the organization suspended: 403, but
    for what stays open then; a session that the organization does not accept: to where that can be
    mended (unless `any_session`); without the permission: 403; a dangerous one without a fresh
    proof: to "Confirm that it is you" (O26). The view gets `request.member` instead of the slug,
    and the database shows it that organization's rows alone."""

    def decorate(view: View) -> View:
        @operation(*(methods or ("GET",)), who=permission)
        @wraps(view)
        def run(request: HttpRequest, slug: str, **keywords: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            try:
                member = _enter(request.user.pk, slug)
            except Gone:
                if visitor := visiting.find(request, slug):
                    seen = partial(view, request, **keywords)
                    return visiting.look(request, visitor, permission, seen)
                return _onwards(request, slug)
            member.user = request.user
            request.member = member  # type: ignore[attr-defined]
            stopped = _stopped(request, member, permission, any_session)
            return stopped or view(request, **keywords)

        return run

    return decorate


def _stopped(
    request: HttpRequest, member: Membership, permission: Permission, any_session: bool
) -> HttpResponse | None:
    """What a member gets who may not open this page, or not yet; None: they may."""
    organization = member.organization
    if organization.is_suspended and not (any_session or member.may(permission)):
        # A session that is too weak for its pages still learns that it is shut.
        return render(request, "orgs/suspended.html", {"may": member.may}, status=403)
    if not any_session and (wanted := demands(request, organization)):
        return _mend(request, wanted, organization.slug)
    if not (organization.is_suspended or member.may(permission)):
        raise Forbidden(permission)
    if permission in FRESH:
        require_fresh(request)
    request.reminder = reminder(request, organization)  # type: ignore[attr-defined]
    return None


def _onwards(request: HttpRequest, slug: str) -> HttpResponse:
    """To the same page where the organization of this person once had this slug (a form goes on with
    all that was typed: 307); raises Gone for everybody else."""
    former = FormerSlug.objects.filter(slug=slug, organization__memberships__user=request.user.pk)
    present = former.values_list("organization__slug", flat=True).first()
    if present is None:
        raise Gone
    found: Any = request.resolver_match
    address = reverse(found.view_name, kwargs={**found.kwargs, "slug": present})
    query = request.META["QUERY_STRING"]
    return HttpResponseRedirect(
        f"{address}?{query}" if query else address,
        preserve_request=request.method not in ("GET", "HEAD"),
    )


def _mend(request: HttpRequest, wanted: Demand, slug: str) -> HttpResponse:
    """To where the person can do what the organization demands of their session."""
    if wanted is Demand.SECOND_FACTOR:
        return see_other(request, "second_factor_required", slug=slug)
    raise ReauthenticationRequired


def _look_up(slug: str, user_id: int):
    return (
        Membership.objects.select_related("organization")
        .annotate(_scope=setting("forecourt.organization", "organization_id"))
        .filter(organization__slug=slug, user_id=user_id)
    )


find = Prepared(_look_up, slug="the slug", user_id=-1)


def _enter(user_id: int, slug: str) -> Membership:
    """The person's membership; the query that finds it also opens the organization's scope."""
    found = find(slug=slug, user_id=user_id)
    if not found:
        raise Gone
    member = found[0]
    now = timezone.now()
    if member.last_seen_at is None or now - member.last_seen_at > SEEN_EVERY:
        Membership.objects.filter(pk=member.pk).update(last_seen_at=now)
    return member
