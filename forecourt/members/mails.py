"""What the mails of this room say when they are sent."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from forecourt.core.models import Mail
from forecourt.core.prepared import Prepared
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership
from forecourt.orgs.recipients import MailKind, still


def _portal(path: str) -> str:
    return settings.PUBLIC_URL + path


def _look_up(pk: int, generation: int) -> QuerySet[Invitation]:
    offered = Invitation.objects.select_related("organization", "invited_by")
    return offered.filter(pk=pk, generation=generation)


find = Prepared(_look_up, pk=-1, generation=2_000_000_001)


def invitation(mail: Mail) -> dict[str, object] | None:
    """The link is derived here, at the last moment; revoked, answered, replaced or expired: none."""
    values = mail.values
    rows = find(pk=values["invitation_id"], generation=values["generation"])
    token = rows[0].token() if rows and rows[0].is_open else None
    if token is None:
        return None
    found = rows[0]
    return {
        "organization_name": found.organization.name,
        "inviter_name": found.inviter_label,
        "inviter_email": found.invited_by.email if found.invited_by else "",
        "role_label": found.role_label,
        "expires_at": found.expires_at,
        "email": found.email,
        "link": _portal(reverse("invitation", args=[token])),
    }


def _with_link(mail: Mail) -> dict[str, Any]:
    return {**mail.values, "link": _portal(reverse("members", args=[mail.values["slug"]]))}


welcome = role_changed = _with_link


def _news(mail: Mail) -> dict[str, Any] | None:
    """None for whoever gets such news no more."""
    besides = still(mail, MailKind.MEMBER_CHANGES)
    return None if besides is None else {**_with_link(mail), **besides}


role_changed_admins = removed_admins = left_admins = _news


def joined(mail: Mail) -> dict[str, Any] | None:
    """Whoever invited gets it, too, as long as they are a member."""
    members = Membership.objects.filter(organization_id=mail.organization_id or 0)
    is_member = members.filter(user__email=mail.to).exists()
    return _news(mail) or (_with_link(mail) if is_member else None)
