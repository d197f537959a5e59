"""What the mails of this room say when they are sent."""

from django.conf import settings
from django.urls import reverse

from forecourt.core.models import Mail
from forecourt.members.models import Invitation


def _portal(path: str) -> str:
    return settings.PUBLIC_URL + path


def invitation(mail: Mail) -> dict[str, object] | None:
    """The link is derived here, at the last moment; revoked, answered, replaced or expired: none."""
    found = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(pk=mail.values["invitation_id"], generation=mail.values["generation"])
        .first()
    )
    token = found.token() if found is not None and found.is_open else None
    if found is None or token is None:
        return None
    return {
        "organization_name": found.organization.name,
        "inviter_name": found.inviter_label,
        "inviter_email": found.invited_by.email if found.invited_by else "",
        "role_label": found.role_label,
        "expires_at": found.expires_at,
        "email": found.email,
        "link": _portal(reverse("invitation", args=[token])),
    }


def _with_link(mail: Mail) -> dict[str, object]:
    return {**mail.values, "link": _portal(reverse("members", args=[mail.values["slug"]]))}


welcome = joined = role_changed = role_changed_admins = _with_link
removed_admins = left_admins = _with_link
