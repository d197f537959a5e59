"""What the mails of the console say when they are sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from forecourt.console.suspending import told
from forecourt.core.models import Mail
from forecourt.orgs.models import Organization


def merged(mail: Mail) -> dict[str, Any]:
    """With the way to the members that there are now."""
    link = settings.PUBLIC_URL + reverse("members", args=[mail.values["slug"]])
    return {**mail.values, "link": link}


def suspended(mail: Mail) -> dict[str, Any] | None:
    """None where it was opened again meanwhile."""
    return _of_organization(mail, "billing", is_suspended=True)


def reopened(mail: Mail) -> dict[str, Any] | None:
    """None where it was shut again meanwhile."""
    return _of_organization(mail, "products", is_suspended=False)


def _of_organization(mail: Mail, page: str, *, is_suspended: bool) -> dict[str, Any] | None:
    rows = Organization.objects.select_related("primary_contact")
    organization = rows.get(pk=mail.organization_id or 0)
    if organization.is_suspended != is_suspended or mail.to not in told(organization):
        return None
    link = settings.PUBLIC_URL + reverse(page, args=[mail.values["slug"]])
    return {**mail.values, "number": organization.pk, "link": link}
