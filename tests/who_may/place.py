"""An organization to ask the table's addresses of."""

from django.urls import reverse
from django.utils import timezone

from forecourt.account import undoing
from forecourt.account.actions.primary import KEPT
from forecourt.core.actors import System
from forecourt.core.assets import asset
from forecourt.core.models import AuditEvent
from forecourt.members import actions
from forecourt.orgs import contact_links
from forecourt.orgs.contact_links import PURPOSES
from forecourt.orgs.events import Event
from forecourt.orgs.models import Contact, Organization
from forecourt.orgs.permissions import Role
from forecourt.people.models import User
from forecourt.products.models import Seat
from tests.cast import organization
from tests.who_may import HOLDER, NOBODYS, Row
from tests.who_may.books import books_of
from tests.who_may.console import addresses_of
from tests.who_may.products import link_to, only_file

#: Things whose kind an address names; the others are invitations.
KINDS = ("member", "license", "artifact", "subscription", "invoice", "export", "contact")


class Place:
    """One organization with somebody to act on, and what of it can be named in an address."""

    def __init__(self, slug: str, somebody: User) -> None:
        self.slug = slug
        house = organization(slug)
        member = house.memberships.create(user=somebody, role=Role.ADMIN)
        self.member = member.pk
        invite = actions.invite_member
        self.invitation = invite(System(house.pk), email=f"asked@{slug}.example").pk
        self.license = house.licenses.order_by("-ends_at")[0].pk
        Seat.objects.create(organization=house, license_id=self.license, member_id=self.member)
        artifact = only_file(house)
        self.artifact, self.download = artifact.pk, link_to(artifact, member)
        vars(self).update(books_of(house))
        self.release = {"product": f"only-{slug}", "version": "1.0.0"}
        self.open_product = {"product": "connect"}
        self.console = addresses_of(self)
        self.checksums, self.versions = self.release, {"product": f"only-{slug}"}
        waiting = invite(System(house.pk), email="nobody@example.com")
        self.waiting, self.token = waiting.pk, waiting.token()
        contact = Contact.objects.create(
            organization=house, email=f"other@{slug}.example", kinds=["releases"]
        )
        self.contact = contact.pk
        bounced = {"email": f"gone@{slug}.example", "bounced_at": timezone.now()}
        self.bounced_contact = Contact.objects.create(organization=house, **bounced).pk
        self.mailed = {
            PURPOSES[purpose]: contact_links.token(purpose, contact, "releases")
            for purpose in PURPOSES
        }
        self.mailed["undo_primary"] = undoing.token(_change_of(house, contact))

    def address(self, row: Row, *, slug: str = "", thing: int = 0) -> str:
        """The row's address here."""
        given = {"slug": slug or self.slug} if row.permission else {}
        if row.thing:
            named = row.thing.rpartition("_")[2]
            kind = named if named in KINDS else "invitation"
            given[f"{kind}_id"] = thing or getattr(self, row.thing)
        if row.name == "free_seat":
            given["license_id"] = self.license
        if row.who == HOLDER:
            given["token"] = self.mailed.get(row.name, self.token)
        if row.name in ("release", "versions", "checksums", "download", "open_product"):
            given.update(getattr(self, row.name))
        given.update(NOBODYS.get(row.name, {}))
        given.update(self.console.get(row.name, {}))
        if row.name == "asset":
            given["name"] = asset("forecourt.css").rpartition("/")[2]
        if row.name in ("demo_mail_message", "demo_mail_html"):
            given["mail_id"] = "none"
        return reverse(row.name, kwargs=given)


def _change_of(house: Organization, former: Contact) -> AuditEvent:
    """What the log would say if the primary contact had been another one a moment ago."""
    was = {field: getattr(former, field) for field in KEPT}
    return AuditEvent.objects.create(
        organization_id=house.pk,
        actor_kind="member",
        event=Event.PRIMARY_CHANGED,
        before=was,
        after={"email": house.primary_contact.email, "had": []},
    )
