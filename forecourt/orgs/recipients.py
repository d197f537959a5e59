"""Who of an organization gets which mail."""

from enum import StrEnum

from forecourt.orgs.models import Membership, Organization
from forecourt.orgs.permissions import Role


class MailKind(StrEnum):
    """The kinds of mail that an organization gets (O20), as far as a room sends them."""

    INVOICES = "invoices"
    PAYMENT_PROBLEMS = "payment_problems"
    LICENSE_KEYS = "license_keys"
    RELEASES = "releases"
    RENEWALS = "renewals"
    MEMBER_CHANGES = "member_changes"


MOST = 200


def recipients(organization: Organization, kind: MailKind) -> list[str]:
    """The addresses that get this kind, each once: the Admins, at most 200 of them; of all but the
    changes of members (O25) also the primary billing contact; invoices that contact alone (O21).
    Call it in the organization's scope."""
    if kind == MailKind.INVOICES:
        return [organization.primary_contact.email]
    admins = Membership.objects.filter(organization=organization, role=Role.ADMIN)
    found = list(
        admins.filter(user__is_active=True)
        .order_by("id")
        .values_list("user__email", flat=True)[:MOST]
    )
    if kind != MailKind.MEMBER_CHANGES:
        found.append(organization.primary_contact.email)
    return list(dict.fromkeys(found))
