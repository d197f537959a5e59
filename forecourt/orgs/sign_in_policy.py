"""What an organization demands of a session before its pages open: a second factor from a day on,
and a proof that is not older than so many hours.

Everything is read from the organization's row and the session, which a request has loaded anyway.
It closes the organization's own pages only: a person's other organizations, and their own account,
go on.
"""

import datetime as dt
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from forecourt.orgs.models import Membership, Organization
from forecourt.people.proof import is_strong, proved_at

_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Demand(StrEnum):
    """What a session lacks."""

    SECOND_FACTOR = "second_factor"
    NEW_PROOF = "new_proof"


def today() -> dt.date:
    """The day by which second factors are demanded: that of UTC."""
    return timezone.now().astimezone(dt.UTC).date()


def demands(request: HttpRequest, organization: Organization) -> Demand | None:
    """What this organization still wants of the request's session; None: it may come in."""
    since = organization.second_factor_from
    if since is not None and since <= today() and not is_strong(request):
        return Demand.SECOND_FACTOR
    if organization.session_hours is not None:
        proved = proved_at(request)
        longest = dt.timedelta(hours=organization.session_hours)
        if proved is None or timezone.now() - proved > longest:
            return Demand.NEW_PROOF
    return None


def reminder(request: HttpRequest, organization: Organization) -> dt.date | None:
    """The coming day from which this session would not be let in any more, if there is one."""
    since = organization.second_factor_from
    return since if since is not None and since > today() and not is_strong(request) else None


def has_second_factor(user_id: int) -> bool:
    """Whether the person has set up what an organization accepts: an authenticator app, a security
    key or a passkey."""
    return Authenticator.objects.filter(user_id=user_id, type__in=_FACTORS).exists()


def without_second_factor(organization_id: int) -> QuerySet[Membership]:
    """The members who have set up nothing that the organization would accept."""
    theirs = Authenticator.objects.filter(user_id=OuterRef("user_id"), type__in=_FACTORS)
    members = Membership.objects.filter(organization_id=organization_id, user__is_active=True)
    return members.exclude(Exists(theirs)).order_by("pk")
