"""Who is in an organization and who is invited, as they are: for an organization that is new here, so
that nobody comes back who was removed. On the server alone."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console.events import Event
from forecourt.console.transfer import cells, more_cells
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.rows import Refs, Row
from forecourt.console.transfer.work import Work
from forecourt.core import audit
from forecourt.core.actors import require
from forecourt.core.refusals import Refused
from forecourt.members.actions.invitations import is_member
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import Role
from forecourt.people.models import User
from forecourt.products.models import License, Seat

_moment = cells.moment()


def rows(pk: int, refs: Refs) -> dict[str, list[Row]]:
    """The members of an organization and its pending invitations, in the order in which they came.
    In its scope."""
    members = Membership.objects.filter(organization_id=pk).select_related("user", "contact")
    members = members.prefetch_related("seats__license")
    invited = _pending(pk).select_related("invited_by")
    return {
        "memberships": [_membership(each, refs) for each in members.order_by("pk")],
        "invitations": [_invitation(each) for each in invited.order_by("pk")],
    }


def _pending(pk: int) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organization_id=pk, status=Invitation.Status.PENDING)


def _membership(found: Membership, refs: Refs) -> Row:
    contact = found.contact
    return {
        "email": found.user.email,
        "account": found.user.handle,
        "role": found.role,
        "contact": refs.of("contacts", contact.pk, contact.email) if contact else "",
        "joined": found.joined_at,
        "last_seen": found.last_seen_at,
        "seats": more_cells.as_json(
            {
                refs.of("licenses", seat.license_id, str(seat.license.handle)): cells.written(
                    seat.assigned_at
                )
                for seat in found.seats.all()
            }
        ),
    }


def _invitation(found: Invitation) -> Row:
    return {
        "email": found.email,
        "name": found.name,
        "role": found.role,
        "handle": found.handle,
        "generation": found.generation,
        "token": found.token_hash,
        "by_vendor": found.by_vendor,
        "inviter": found.inviter_label,
        "invited_by": found.invited_by.handle if found.invited_by else None,
        "created": found.created_at,
        "sent": found.sent_at,
        "expires": found.expires_at,
    }


def write_membership(work: Work, line: Line) -> int:
    """Let a person in who was in elsewhere, by the account that came with them."""
    require(work.actor, "import_account")
    said, house = line.values, work.organization
    user = User.objects.filter(handle=said["account"]).first()
    if user is None:
        raise Refused(_("There is no account of this name here."), field="account")
    there = Membership.objects.filter(organization=house, user=user).first()
    if there is not None:
        return there.pk
    if not work.is_new:
        raise Refused(_("The organization was here before: whom it lacks, it invites."))
    contact_id = work.object_id("contacts", said["contact"]) if said.get("contact") else None
    if contact_id and Membership.objects.filter(contact_id=contact_id).exists():
        raise Refused(_("Another member is this contact."), field="contact")
    member = Membership.objects.create(
        organization=house,
        user=user,
        role=said["role"],
        contact_id=contact_id,
        last_seen_at=said.get("last_seen"),
        **({"joined_at": said["joined"]} if said.get("joined") else {}),
    )
    _give_seats(work, member, said.get("seats", {}))
    audit.record(work.actor, Event.MEMBER_IMPORTED, member, after={"role": member.role})
    return member.pk


def _give_seats(work: Work, member: Membership, seats: Row) -> None:
    """Those that they had, of licenses that have ended, too."""
    for ref, since in seats.items():
        theirs = License.objects.filter(organization=work.organization)
        license = theirs.filter(pk=work.object_id("licenses", ref) or 0).first()
        if license is None:
            raise Refused(_("There is no license with this ref."), field="seats")
        if license.seats is not None and license.seats_taken.count() >= license.seats:
            raise Refused(_("There is no seat to give of this license."), field="seats")
        try:
            at = _moment(str(since)) or timezone.now()
        except cells.BadCell as problem:
            raise Refused(str(problem), field="seats") from problem
        values = {"organization": work.organization, "license": license, "member": member}
        Seat.objects.create(**values, assigned_at=at)


def write_invitation(work: Work, line: Line) -> int:
    """Keep a place that was offered elsewhere: the link that was mailed opens it here."""
    require(work.actor, "import_account")
    said, house = line.values, work.organization
    pending = _pending(house.pk).filter(email=said["email"]).first()
    if pending is not None:
        return pending.pk
    if not work.is_new:
        raise Refused(_("The organization was here before: whom it lacks, it invites."))
    if is_member(house.pk, said["email"]):
        raise Refused(_("Is a member already."), field="email")
    handle = said.get("invited_by")
    made = Invitation.objects.create(
        organization=house,
        handle=said["handle"],
        email=said["email"],
        name=said.get("name", ""),
        role=said.get("role") or Role.MEMBER,
        invited_by=User.objects.filter(handle=handle).first() if handle else None,
        by_vendor=said.get("by_vendor", False),
        inviter_label=said.get("inviter") or work.actor.label,
        generation=said["generation"] if said.get("generation") is not None else 1,
        token_hash=said["token"],
        sent_at=said.get("sent") or timezone.now(),
        expires_at=said["expires"],
        **({"created_at": said["created"]} if said.get("created") else {}),
    )
    audit.record(work.actor, Event.INVITATION_IMPORTED, made, after={"role": made.role})
    return made.pk
