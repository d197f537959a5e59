"""A person's own data, all that the portal holds about them, as one document."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from forecourt.core import audit, scope
from forecourt.core.actions import action
from forecourt.core.actors import PEOPLE
from forecourt.core.models import AuditEvent, Mail
from forecourt.members.models import Invitation
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.people import export
from forecourt.people.accounts import verified_addresses
from forecourt.people.events import Event
from forecourt.people.models import User
from forecourt.people.permissions import OwnPermission

NEWEST = "-pk"


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def export_account(actor) -> dict[str, Any]:
    """All that the portal holds about the person, as plain values:

    - `made_at`, and `format`, which rises when the shape changes
    - `profile`, `addresses`, `identities`, `factors`, `factor_resets`, `sessions`: see
      `people.export.about`
    - `organizations`: for each that knows the person its `name`, the `membership` (role, joined,
      last seen) or null, the `contacts` with one of their verified addresses, and the
      `invitations_sent` (role, status, times; not to whom)
    - `events`: the last 10,000 of the audit log by or about them, newest first
    - `mails`: those of the last 90 days to one of their verified addresses, newest first

    Of other people there is neither name nor address in it. Times are ISO 8601 in UTC.
    """
    user = actor.user
    addresses = verified_addresses(user)
    audit.record(actor, Event.EXPORTED, user, person_id=user.pk)
    return {"format": 1, "made_at": timezone.now(), **export.about(user), **_of(user, addresses)}


def _of(user: User, addresses: list[str]) -> dict[str, Any]:
    """What the organizations and the house hold: one scope at a time."""
    with scope.person(user.pk):  # An organization may have noted something about the account.
        own = AuditEvent.objects.filter(person_id=user.pk).order_by(NEWEST)[: export.MOST_EVENTS]
        events = [export.event(row, user, addresses) for row in own]
    mails = export.mails(Mail.objects.filter(organization_id=None, to__in=addresses))
    organizations = []
    for organization_id in _known_to(user, addresses):
        with scope.organization(organization_id):
            organizations.append(_organization(organization_id, user, addresses))
            events += _events(organization_id, user, addresses)
            here = Mail.objects.filter(organization_id=organization_id, to__in=addresses)
            mails += export.mails(here)
    events.sort(key=lambda event: event["at"], reverse=True)
    mails.sort(key=lambda mail: mail["queued_at"], reverse=True)
    return {
        "organizations": organizations,
        "events": events[: export.MOST_EVENTS],
        "mails": mails,
    }


def _known_to(user: User, addresses: list[str]) -> list[int]:
    """The ids of the organizations that hold something about the person."""
    with scope.across_organizations("what organizations hold about a person"):
        found: set[int] = set()
        for rows in (
            Membership.objects.filter(user=user),
            Invitation.objects.filter(invited_by=user),
            Contact.objects.filter(email__in=addresses),
        ):
            found.update(rows.values_list("organization_id", flat=True))
    return sorted(found)


def _organization(pk: int, user: User, addresses: list[str]) -> dict[str, Any]:
    members = Membership.objects.filter(organization_id=pk, user=user)
    contacts = Contact.objects.filter(organization_id=pk, email__in=addresses).order_by("pk")
    sent = Invitation.objects.filter(organization_id=pk, invited_by=user).order_by("pk")
    return {
        "name": Organization.objects.values_list("name", flat=True).get(pk=pk),
        "membership": members.values("role", "joined_at", "last_seen_at").first(),
        "contacts": list(contacts.values("name", "email", "phone", "created_at")),
        "invitations_sent": list(
            sent.values("role", "status", "created_at", "sent_at", "expires_at")
        ),
    }


def _events(organization_id: int, user: User, addresses: list[str]) -> list[dict[str, Any]]:
    by_me = Q(actor_id=str(user.pk), actor_kind__in=PEOPLE)
    rows = AuditEvent.objects.filter(organization_id=organization_id).order_by("-at", NEWEST)
    rows = rows.exclude(person_id=user.pk)
    found = rows.filter(by_me | Q(object_label__in=addresses))[: export.MOST_EVENTS]
    return [export.event(row, user, addresses) for row in found]
