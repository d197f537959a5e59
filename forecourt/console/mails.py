"""What the mails of the console say when they are sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from forecourt.core.models import Mail


def merged(mail: Mail) -> dict[str, Any]:
    """With the way to the members that there are now."""
    link = settings.PUBLIC_URL + reverse("members", args=[mail.values["slug"]])
    return {**mail.values, "link": link}
