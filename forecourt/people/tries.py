"""How often a sign-in may fail. allauth asks the cache four questions for each limit of each try, and
as many again when it succeeded; here all limits are counted in one statement."""

from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import caches
from django.http import HttpRequest

WHERE = {"app": "allauth.account", "action": "login_failed"}


class Tries:
    """One try for an address, counted as failed until it is rolled back; the limits are those of
    ACCOUNT_RATE_LIMITS. A count begins with the first try and is over when its time is."""

    def __init__(self, request: HttpRequest, address: str) -> None:
        rates = {
            # A name of its own: allauth keeps lists under its own names, for second factors, say.
            f"tries:{ratelimit.get_cache_key(request, rate=rate, key=address, **WHERE)}": rate
            for rate in ratelimit.get_rates(**WHERE)
        }
        self.keys = list(rates)
        counted = _cache().count({key: rate.duration for key, rate in rates.items()})
        self.allowed = all(counted[key] <= rate.amount for key, rate in rates.items())

    def rollback(self) -> None:
        """It succeeded: it does not count."""
        _cache().uncount(self.keys)


def _cache() -> Any:
    return caches["default"]
