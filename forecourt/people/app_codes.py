"""Codes of authenticator apps: a clock may be half a minute off, and each code is good once.

allauth remembers a code that was used in the cache, by its digits, for 30 seconds. That is too short
where the steps before and after count as well, and it lets an older code follow a newer one. So the
newest step that was used is kept with the factor itself, and no step up to it is good any more
(RFC 6238, 5.2). The factor's row is locked meanwhile, as allauth does for recovery codes: of two
who come at once, the second finds the step used. Nor is it lost in a crash, as the cache may be.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from django.db import transaction


@transaction.atomic
def use(app: Authenticator, code: str) -> bool:
    """Whether this is a code of the app from now, a step more or less, and newer than each that
    was used before. It is used then."""
    locked = Authenticator.objects.select_for_update(no_key=True).filter(pk=app.pk).first()
    if locked is None:  # taken off meanwhile
        return False
    secret = decrypt(locked.data["secret"])
    step = max(
        (each for each in yield_hotp_counters_from_time() if _fits(secret, each, code)), default=0
    )
    if step <= locked.data.get("used_step", 0):
        return False
    locked.data["used_step"] = step
    locked.save(update_fields=["data"])
    return True


def _fits(secret: str, step: int, code: str) -> bool:
    return compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
