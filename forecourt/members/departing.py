"""Somebody who deletes their account: what ties them to organizations, locked while they go."""

from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from forecourt.core import scope
from forecourt.core.refusals import Forbidden, Refused
from forecourt.members.actions.people import is_last_admin
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership, lock
from forecourt.people.actors import Person
from forecourt.people.models import User


@dataclass(frozen=True)
class Ties:
    """A person's memberships, in the order of the organizations' ids; the ids of all organizations
    that have rows of theirs; and what keeps them, as a sentence ("": nothing)."""

    memberships: tuple[Membership, ...]
    organization_ids: frozenset[int]
    hindrance: str


def ties_of(user_id: int) -> Ties:
    """What ties a person to organizations now. For reading; locks nothing."""
    with scope.across_organizations("what ties a person"):
        found = Membership.objects.select_related("organization").filter(user_id=user_id)
        memberships = tuple(found.order_by("organization_id"))
        invited = Invitation.objects.filter(invited_by_id=user_id)
        ids = {*invited.values_list("organization_id", flat=True).distinct()}
        hindrance = _hindrance(memberships)
    ids |= {member.organization_id for member in memberships}
    return Ties(memberships, frozenset(ids), hindrance)


def _hindrance(memberships: tuple[Membership, ...]) -> str:
    """Why this person cannot go yet (O10, O11), with every organization that needs something."""
    sole = [m.organization.name for m in memberships if is_last_admin(m)]
    primary = [m.organization.name for m in memberships if m.is_primary]
    sentences = []
    if sole:
        sentences.append(
            _("You are the only Admin of %(organizations)s. Make somebody else an Admin first.")
            % {"organizations": get_text_list(sole, _("and"))}
        )
    if primary:
        sentences.append(
            _(
                "You are the primary billing contact of %(organizations)s. Set another primary"
                " billing contact first."
            )
            % {"organizations": get_text_list(primary, _("and"))}
        )
    return " ".join(sentences)


@dataclass(frozen=True)
class Departing(Person):
    """A person on their way out, who holds the lock on every organization they are tied to."""

    ties: Ties | None = None

    def afresh(self) -> "Departing":
        """Lock the organizations in the order of their ids, as everything that changes people
        locks them, then the person; and see that no tie was made meanwhile. From here on nobody
        can join, invite, or become an Admin in this person's name or place."""
        before = ties_of(self.user.pk)
        for organization_id in sorted(before.organization_ids):
            with scope.organization(organization_id):
                lock(organization_id)
        user = User.objects.select_for_update().filter(pk=self.user.pk, is_active=True).first()
        if user is None:
            raise Forbidden("inactive")
        now = ties_of(user.pk)
        if not now.organization_ids <= before.organization_ids:
            raise Refused(_("Your organizations changed just now. Look again, then confirm again."))
        for member in now.memberships:
            member.user = user
        return replace(self, user=user, ties=now)


def in_use(addresses: set[str]) -> set[str]:
    """Those of the addresses that somebody has proved to be theirs."""
    proved = EmailAddress.objects.filter(email__in=addresses, verified=True)
    return {*proved.values_list("email", flat=True)}
