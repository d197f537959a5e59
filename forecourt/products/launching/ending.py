"""What ends a sign-in to a product: each is done by a job, in one organization at a time, right
after what caused it. Run again it finds nothing left to do."""

import datetime as dt
from typing import Any

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.orgs.permissions import Role
from forecourt.products.actions import end_launches
from forecourt.products.launching import standing
from forecourt.products.models import Launch, ProductClient

#: How long an ended sign-in is remembered.
KEPT = dt.timedelta(days=30)


def one(organization_id: int, handle: str, why: str) -> None:
    """One of them."""
    end_launches(System(organization_id), handle=handle, why=why)


def without_standing(organization_id: int) -> None:
    """Those of an organization whose person is no member any more, may not use the product any
    more, or has a lesser role than the product was told."""
    with transaction.atomic(), scope.organization(organization_id):
        rows = Launch.objects.select_related("client", "member__organization", "member__user")
        going = rows.filter(organization_id=organization_id, ended_at=None)
        ids = [launch.pk for launch in going if not _stands(launch)]
    if ids:
        end_launches(System(organization_id), pk__in=ids, why="access ended")


def _stands(launch: Launch) -> bool:
    member = launch.member
    if member is None or not member.user.is_active:
        return False
    is_lesser = launch.role == Role.ADMIN and member.role != Role.ADMIN
    return not is_lesser and standing.of(member, launch.client).is_good


def without_session() -> None:
    """Those whose browser was signed out of the portal, in all organizations."""
    _end_all("signed out", "Forecourt", is_device=False, session=None)


def of_client(client_pk: int) -> None:
    """All of a product's that may sign in nobody any more."""
    _end_all("the program was disabled", "Forecourt", client=client_pk)


def of_person(user_id: int, client_id: str, *, by: str = "Forecourt") -> None:
    """All that a person has with one product, in all organizations; `by`: who wants it."""
    for client in ProductClient.objects.filter(client_id=client_id):
        _end_all("disconnected", by, user=user_id, client=client.pk)


def everywhere() -> None:
    """Whatever has lost its standing by time alone: a license that ended, say."""
    with scope.across_organizations("sign-ins that go on"):
        going = Launch.objects.filter(ended_at=None).order_by("organization_id")
        organizations = list(going.values_list("organization_id", flat=True).distinct())
    for organization_id in organizations:
        without_standing(organization_id)


def forget_old() -> None:
    """Remove the tokens that have ended, and sign-ins that ended 30 days ago or earlier."""
    Token.objects.expired().delete()
    old = timezone.now() - KEPT
    with scope.across_organizations("sign-ins that ended long ago"):
        rows = Launch.objects.filter(ended_at__lt=old).order_by("organization_id")
        organizations = list(rows.values_list("organization_id", flat=True).distinct())
    for organization_id in organizations:
        with transaction.atomic(), scope.organization(organization_id):
            Launch.objects.filter(organization_id=organization_id, ended_at__lt=old).delete()


def _end_all(why: str, by: str, **which: Any) -> None:
    with scope.across_organizations("sign-ins that end"):
        rows = Launch.objects.filter(ended_at=None, **which).order_by("organization_id")
        found = list(rows.values_list("organization_id", "pk"))
    for organization_id in dict(found):
        mine = [pk for whose, pk in found if whose == organization_id]
        end_launches(System(organization_id, label=by), pk__in=mine, why=why)
