"""What the mails of this room say when they are sent."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from forecourt.core.models import Mail
from forecourt.orgs.models import Organization


def _values(mail: Mail, page: str) -> dict[str, Any]:
    day = mail.values["second_factor_from"]
    link = settings.PUBLIC_URL + reverse(page, args=[mail.values["slug"]])
    return {**mail.values, "day": dt.date.fromisoformat(day) if day else None, "link": link}


def sign_in_rules_changed(mail: Mail) -> dict[str, Any]:
    """As the rules were set then, whatever they are now."""
    return _values(mail, "account")


def second_factor_needed(mail: Mail) -> dict[str, Any] | None:
    """None where the organization has taken it back, or chosen another day."""
    day = mail.values["second_factor_from"]
    there = Organization.objects.filter(pk=mail.organization_id or 0, second_factor_from=day)
    return _values(mail, "second_factor_required") if there.exists() else None
