"""What the mails about a person's own account say when they are sent."""

import datetime as dt
from typing import Any

from django.utils import timezone

from forecourt.core.models import Mail


def _code(mail: Mail) -> dict[str, Any] | None:
    """A code is of no use after its minutes: a mail that could not be sent in time is not sent."""
    if timezone.now() - mail.created_at > dt.timedelta(minutes=mail.values["minutes"]):
        return None
    return dict(mail.values)


login_code = password_reset_code = verify_address = _code
