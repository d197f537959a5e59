"""What the mails about a person's own account say when they are sent."""

import datetime as dt
from typing import Any

from django.utils import timezone

from forecourt.core.jinja import stamp
from forecourt.core.models import Mail
from forecourt.people import factor_resets


def _code(mail: Mail) -> dict[str, Any] | None:
    """A code is of no use after its minutes: a mail that could not be sent in time is not sent."""
    if timezone.now() - mail.created_at > dt.timedelta(minutes=mail.values["minutes"]):
        return None
    return dict(mail.values)


login_code = confirm_code = password_reset_code = verify_address = _code


def factor_reset_asked(mail: Mail) -> dict[str, Any] | None:
    """The notice; with a link that stops it, made now. Stopped already: none."""
    reset = factor_resets.all_waiting().filter(pk=mail.values["reset_id"]).first()
    if reset is None:
        return None
    due = max(reset.due_at, timezone.now() + factor_resets.NOTICE)
    return {
        "email": mail.values["email"],
        "asked_by": reset.asked_by,
        "reason": reset.reason,
        "due": stamp(due),
        "token": factor_resets.token_of(reset),
    }
