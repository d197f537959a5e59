"""Roles, removal, leaving."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.refusals import Gone, Refused
from forecourt.members.events import Event
from forecourt.members.models import Invitation
from forecourt.orgs.contacts import additional_contact
from forecourt.orgs.events import Event as ContactEvent
from forecourt.orgs.models import Membership
from forecourt.orgs.permissions import Permission, Role
from forecourt.orgs.recipients import MailKind, recipients
from forecourt.people.accounts import verified_addresses
from forecourt.products import seats
from forecourt.products.launching import standing


@action(Permission.EDIT_MEMBERS)
def change_role(actor, *, member_id: int, role: str, was: str | None = None) -> Membership:
    """Give a member another role. `was` is the role that the person who changes it saw: if it is
    another by now, they are told instead of overruling it unseen."""
    member = member_of(actor, member_id)
    if was is not None and member.role not in (was, role):
        raise Refused(
            _("Somebody changed this role to %(role)s meanwhile.") % {"role": member.role_label},
            field="role",
        )
    if member.role == role:
        audit.unchanged()
        return member
    if role != Role.ADMIN:
        _another_admin_than(member, field="role")
    old, member.role = member.role, Role(role)
    member.save(update_fields=["role"])
    audit.record(actor, Event.ROLE_CHANGED, member, before={"role": old}, after={"role": role})
    standing.changed(member.organization_id)
    words = {"old_role": str(Role(old).label), "new_role": member.role_label}
    _tell(actor, member, "role_changed", **words)
    return member


@action(Permission.REMOVE_MEMBERS)
def remove_member(actor, *, member_id: int, remove_contact: bool = False) -> Membership:
    """Take a person's access away, at once; coming back needs a new invitation. Their entry among
    the contacts stays unless `remove_contact` (D7)."""
    member = member_of(actor, member_id)
    if actor.kind == "member" and member.user_id == actor.actor_id:
        raise Refused(_("To remove yourself, choose Leave."))
    _not_primary(member, _("Set another primary billing contact first, then remove this person."))
    _another_admin_than(member)
    _tell(actor, member, "removed")
    contact = additional_contact(member) if remove_contact else None
    _end(actor, member, Event.REMOVED)
    if contact is not None:
        audit.record(actor, ContactEvent.CONTACT_REMOVED, contact)
        contact.delete()
    return member


@action(Permission.LEAVE)
def leave(actor) -> Membership:
    """Give up one's own place."""
    member = member_of(actor, actor.pk)
    _not_primary(member, _("Set another primary billing contact first, then you can leave."))
    _another_admin_than(member)
    go(member)
    return member


def go(member: Membership) -> None:
    """End a membership at its person's own wish; the Admins are told."""
    _end(member, member, Event.LEFT)
    _tell_admins(member, member, "left_admins")


def member_of(actor, member_id: int) -> Membership:
    """A member of the actor's organization, with person and organization; raises Gone."""
    member = (
        Membership.objects.select_related("user", "organization")
        .filter(organization_id=actor.organization_id, pk=member_id)
        .first()
    )
    if member is None:
        raise Gone
    return member


def _not_primary(member: Membership, sentence: str) -> None:
    if member.is_primary:
        raise Refused(sentence)


def _another_admin_than(member: Membership, *, field: str | None = None) -> None:
    """An organization keeps at least one Admin, whoever races whom: the organization is locked."""
    if is_last_admin(member):
        raise Refused(_("This is the only Admin. Make somebody else an Admin first."), field=field)


def is_last_admin(member: Membership) -> bool:
    """Whether the organization would have no Admin without this member."""
    others = Membership.objects.filter(organization_id=member.organization_id, role=Role.ADMIN)
    return member.role == Role.ADMIN and not others.exclude(pk=member.pk).exists()


def _end(actor, member: Membership, event: Event) -> None:
    """End a membership, with its seats, and what was offered before to any address of the
    person's (S36)."""
    for invitation in Invitation.objects.filter(
        organization_id=member.organization_id,
        status=Invitation.Status.PENDING,
        email__in=verified_addresses(member.user),
    ):
        invitation.status = Invitation.Status.REVOKED
        invitation.save(update_fields=["status"])
        audit.record(actor, Event.INVITATION_REVOKED, invitation)
    seats.give_back(actor, member)
    pk = member.pk
    member.delete()
    member.pk = pk
    audit.record(actor, event, member, before={"role": member.role})
    standing.changed(member.organization_id)


def _tell(actor, member: Membership, kind: str, **more: Any) -> None:
    """Mail to the person concerned and to the Admins, with who did it (O25)."""
    by: dict[str, Any] = {"by_name": actor.user.label() if actor.kind == "member" else actor.label}
    if actor.kind != "member" or member.user_id != actor.actor_id:
        mail.queue(
            f"members.{kind}",
            member.user.email,
            organization_id=member.organization_id,
            **_values(member),
            **by,
            **more,
        )
    _tell_admins(actor, member, f"{kind}_admins", **by, **more)


def _tell_admins(actor, member: Membership, kind: str, **more: Any) -> None:
    for address in recipients(member.organization, MailKind.MEMBER_CHANGES):
        if address != member.user.email:
            mail.queue(
                f"members.{kind}",
                address,
                organization_id=member.organization_id,
                **_values(member),
                **more,
            )


def _values(member: Membership) -> dict[str, Any]:
    return {
        "organization_name": member.organization.name,
        "slug": member.organization.slug,
        "person_name": member.user.label(),
        "person_email": member.user.email,
    }
