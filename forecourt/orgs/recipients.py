"""Who of an organization gets which mail."""

from enum import StrEnum

from forecourt.orgs.models import Membership, Organization
from forecourt.orgs.permissions import Role


class MailKind(StrEnum):
    """The kinds of mail that an organization gets (O20), as far as a room sends them."""

    MEMBER_CHANGES = "member_changes"


MOST = 200


def recipients(organization: Organization, kind: MailKind) -> list[str]:
    """The addresses that get this kind: changes of members go to the Admins (O25), at most 200 of
    them. Call it in the organization's scope."""
    admins = Membership.objects.filter(organization=organization, role=Role.ADMIN)
    return list(
        admins.filter(user__is_active=True)
        .order_by("id")
        .values_list("user__email", flat=True)[:MOST]
    )
