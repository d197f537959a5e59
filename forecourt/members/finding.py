"""Finding an invitation across organizations: by its link, or by an address that was proved."""

import datetime as dt

from allauth.core.internal import ratelimit
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import sealing
from forecourt.core.prepared import Prepared
from forecourt.core.refusals import TooMany
from forecourt.core.scope import across_organizations
from forecourt.members.models import Invitation

Status = Invitation.Status


def by_token(token: str, *, used: bool = False) -> Invitation | None:
    """The invitation whose link this is, if it can still be answered (`used`: if it was accepted
    by it). The organization comes from the row alone."""
    found = _find.across("an invitation by its link", token_hash=sealing.fingerprint(token))
    wanted = (x for x in found if (x.status == Status.ACCEPTED if used else x.is_open))
    return next(wanted, None)


def _look_up(token_hash: str) -> QuerySet[Invitation]:
    return Invitation.objects.select_related("organization").filter(token_hash=token_hash)


_find = Prepared(_look_up, token_hash="the hash")  # noqa: S106 - a stand-in


def by_id(invitation_id: int, addresses: list[str]) -> Invitation | None:
    """The open invitation with this id, if it is for one of these (proved) addresses."""
    return next((x for x in waiting(addresses) if x.pk == invitation_id), None)


def waiting(addresses: list[str]) -> list[Invitation]:
    """The open invitations for these (proved) addresses, newest first."""
    with across_organizations("invitations that wait for a person"):
        return list(
            Invitation.objects.select_related("organization")
            .filter(email__in=addresses, status=Status.PENDING, expires_at__gt=timezone.now())
            .filter(organization__suspended_at=None)
            .order_by("-pk")[:50]
        )


def throttle(request: HttpRequest) -> None:
    """Count a dead link against the address it was tried from; raises TooMany past 60 a minute."""
    # Links are tried by GET, which allauth's public function does not count.
    counted = ratelimit.consume(
        request, app="allauth.account", action="dead_invitation", limit_get=True
    )
    if counted is None:
        raise TooMany(
            _("Too many links that do not work were tried from your network."),
            again_at=timezone.now() + dt.timedelta(minutes=1),
        )
