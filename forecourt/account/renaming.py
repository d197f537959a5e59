"""Another name for the organization, and another address in the portal: what stands in links. The
former ones lead its members on, and are nobody else's."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.core import audit, mail, scope
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.models import AuditEvent, Mail
from forecourt.core.refusals import Refused
from forecourt.orgs import slugs
from forecourt.orgs.events import Event
from forecourt.orgs.models import FormerSlug, Organization, lock
from forecourt.orgs.permissions import Permission
from forecourt.orgs.recipients import MailKind, recipients

#: Addresses that an organization may leave behind: each is lost to all others for good.
MOST_FORMER = 10


@action(Permission.EDIT_SETTINGS)
def rename_organization(actor, *, name: str, slug: str) -> Organization:
    """Call the organization by this name, and its address in the portal by this slug."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise Refused(_("A name has 1 to 120 printable characters."), field="name")
    organization = Organization.objects.get(pk=actor.organization_id)
    before = {"name": organization.name, "slug": organization.slug}
    after = {"name": name, "slug": slug}
    if before == after:
        audit.unchanged()
        return organization
    if slug != organization.slug:
        leave_behind(organization, slug)
    organization.name, organization.slug = name, slug
    organization.save(update_fields=["name", "slug"])
    event = audit.record(actor, Event.RENAMED, organization, before=before, after=after)
    later("account.tell_renamed", organization_id=organization.pk, event_id=event.pk)
    return organization


def leave_behind(organization: Organization, slug: str) -> None:
    """Keep the present slug for good; raises Refused where the new one cannot be had."""
    if sentence := slugs.problem(slug):
        raise Refused(sentence, field="slug")
    slugs.wait_for_turn()
    if slugs.taken(slug, but=organization.pk):
        raise Refused(_("Another organization has this address, or had it."), field="slug")
    theirs = {*organization.former_slugs.values_list("slug", flat=True), organization.slug}
    if slug not in theirs and len(theirs) > MOST_FORMER:
        raise Refused(
            _("The address was changed too often. Choose one that you had before."), field="slug"
        )
    FormerSlug.objects.get_or_create(slug=organization.slug, organization=organization)


def tell(organization_id: int, event_id: int) -> None:
    """Queue the news for the Admins. Run again it finds what it has queued."""
    about = f"renamed:{event_id}"
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        event = AuditEvent.objects.filter(pk=event_id).first()
        if event is None or Mail.objects.filter(about=about).exists():
            return
        path = reverse("account", args=[organization.slug])
        mail.queue_all(
            "account.organization_renamed",
            recipients(organization, MailKind.MEMBER_CHANGES),
            organization_id=organization_id,
            about=about,
            by=event.actor_label,
            former=event.before["name"],
            organization_name=event.after["name"],
            address=f"/o/{event.after['slug']}/",
            moved=event.before["slug"] != event.after["slug"],
            link=settings.PUBLIC_URL + path,
        )
