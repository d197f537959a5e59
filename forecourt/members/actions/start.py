"""How an organization begins."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.actors import System
from forecourt.core.ids import next_id
from forecourt.core.refusals import Refused
from forecourt.members.actions.invitations import _address, _offer
from forecourt.orgs import slugs
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.orgs.models import Contact, Organization
from forecourt.orgs.permissions import Role


def start_organization(
    name: str,
    admin_email: str,
    *,
    primary_email: str = "",
    by: str = "The vendor",
    actor: Any = None,
) -> Organization:
    """Make an organization whose first Admin is invited at `admin_email`. Its primary billing contact
    is `primary_email`, who gets no login by that; empty: the same address. `actor` is staff at work,
    of whatever organization; without one, `by` is named as the inviter."""
    pk = next_id("orgs_organization")
    whoever = replace(actor, organization_id=pk) if actor else System(pk, label=by)
    return _start(whoever, name=name, email=admin_email, primary_email=primary_email)


@action("start_organization")
def _start(actor, *, name: str, email: str, primary_email: str) -> Organization:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise Refused(_("A name has 1 to 120 printable characters."), field="name")
    email = _address(email)
    primary = _address(primary_email, field="primary_email") if primary_email.strip() else email
    slugs.wait_for_turn()
    slug = slugs.slug_for(name, slugs.taken)
    # An organization and its primary contact point to each other, so their ids come first.
    contact_id = next_id("orgs_contact")
    organization = Organization.objects.create(
        pk=actor.organization_id, name=name, slug=slug, primary_contact_id=contact_id
    )
    Contact.objects.create(
        pk=contact_id, organization=organization, email=primary, kinds=in_order(MailKind)
    )
    after = {"name": name, "primary_contact": primary}
    audit.record(actor, Event.ORGANIZATION_STARTED, organization, after=after)
    _offer(actor, email, Role.ADMIN)
    return organization
