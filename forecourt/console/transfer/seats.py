"""Writing who has a seat of which license: a member at once, who is invited when they join."""

from __future__ import annotations

from django.utils.translation import gettext as _

from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.work import Work
from forecourt.core.refusals import Refused
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership
from forecourt.products import seats
from forecourt.products.models import License


def write(work: Work, line: Line) -> None:
    """A seat of a license, for one of the organization's people."""
    email, house = line.values["email"], work.organization
    found = License.objects.select_related("product").filter(organization=house)
    license = found.filter(pk=work.object_id("licenses", line.values["license"]) or 0).first()
    if license is None:
        raise Refused(_("There is none with this ref."), field="license")
    addresses = {"user__emailaddress__email": email, "user__emailaddress__verified": True}
    member = Membership.objects.filter(organization=house, **addresses).first()
    if member is not None:
        if not seats.give(work.actor, license, member):
            raise Refused(_("There is no seat to give of this license."), field="license")
        return
    invited = Invitation.objects.filter(organization=house, email=email, status="pending").first()
    if invited is None:
        raise Refused(_("Nobody with this address is a member or invited."), field="email")
    if license.pk not in invited.licenses:
        invited.licenses = [*invited.licenses, license.pk]
        invited.save(update_fields=["licenses"])
