"""Why staff did something that a customer reads of."""

from django.utils.translation import gettext as _

from forecourt.core.refusals import Refused

MOST = 300


def checked(text: str) -> str:
    """The reason in one line; raises Refused without one."""
    reason = " ".join(text.split())
    if not 1 <= len(reason) <= MOST or not reason.isprintable():
        raise Refused(_("Say why, in %d letters at most.") % MOST, field="reason")
    return reason
