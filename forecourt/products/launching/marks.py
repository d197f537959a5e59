"""Which launch a code or token belongs to.

allauth copies the resources of an authorization (RFC 8707) to its code, device code, access and
refresh tokens, and lets no client ask for more than those. A launch is the one resource here, so
each of them names it, and with it one organization (docs/decisions/0031).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.idp.oidc.models import Token
from django.db import transaction

from forecourt.core import scope
from forecourt.core.jobs import later
from forecourt.products.launching import standing
from forecourt.products.launching.standing import Standing
from forecourt.products.models import Launch

_MARK = re.compile(r"launch://(\d+)/([0-9a-f-]{36})")


@dataclass(frozen=True)
class Live:
    """A launch that goes on, and what its member may use now."""

    launch: Launch
    standing: Standing


def mark(launch: Launch) -> str:
    """What the codes and tokens of a launch carry."""
    return f"launch://{launch.organization_id}/{launch.handle}"


def live(marks: Sequence[str] | None, client_id: str) -> Live | None:
    """The launch that a token of this client names, if it goes on and its member may use the
    product now; read anew each time, so what was taken away is away."""
    found_in = _named(marks)
    if found_in is None:
        return None
    organization_id, handle = found_in
    with transaction.atomic(), scope.organization(organization_id):
        rows = Launch.objects.select_related("client", "member__organization", "member__user")
        named = {"handle": handle, "client__client_id": client_id}
        launch = rows.filter(client__disabled_at=None, **named).first()
        if launch is None or not launch.is_open or launch.member is None:
            return None
        found = standing.of(launch.member, launch.client)
    return Live(launch, found) if found.is_good and launch.member.user.is_active else None


def told(found: Live) -> None:
    """Remember the role that a product is told, so that it learns when that was taken away."""
    launch, role = found.launch, found.standing.member.role
    if launch.role != role:
        with transaction.atomic(), scope.organization(launch.organization_id):
            Launch.objects.filter(pk=launch.pk).update(role=role)


def revoke(marks: Sequence[str] | None, why: str) -> None:
    """Kill every token of a launch in this transaction, and have it ended and its product told
    after it."""
    named = _named(marks)
    if named is not None:
        forget(list(marks or ()))
        organization_id, handle = named
        later("products.end_launch", organization_id=organization_id, handle=handle, why=why)


def forget(marks: list[str]) -> None:
    """Remove the tokens of one launch."""
    Token.objects.filter(data__resources=marks).delete()


def _named(marks: Sequence[str] | None) -> tuple[int, str] | None:
    if not marks or len(marks) != 1 or not (found := _MARK.fullmatch(marks[0])):
        return None
    return int(found[1]), found[2]
