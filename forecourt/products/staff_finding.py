"""Finding for the vendor's staff, who name organizations and licenses from outside. What is found is
then acted on in its organization alone."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from forecourt.core import scope
from forecourt.core.refusals import Refused
from forecourt.orgs.models import Organization
from forecourt.products.models import License


def organization_called(slug: str) -> Organization:
    """An organization by its slug; raises Refused."""
    with scope.across_organizations("an organization by its slug"):
        found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise Refused(_("There is no organization “%(slug)s”.") % {"slug": slug[:60]})
    return found


def license_called(handle: str) -> License:
    """A license by its handle, whosever it is; raises Refused."""
    found = None
    try:
        wanted = UUID(handle)
    except ValueError:
        pass
    else:
        with scope.across_organizations("a license by its handle"):
            found = License.objects.filter(handle=wanted).first()
    if found is None:
        raise Refused(_("There is no license %(handle)s.") % {"handle": handle[:40]})
    return found


def licenses_of(organization: Organization) -> list[License]:
    """Every license of an organization, the newest first."""
    with transaction.atomic(), scope.organization(organization.pk, to_the_end=True):
        return list(License.objects.select_related("product").order_by("-pk"))
