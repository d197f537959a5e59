"""Where an address on the internet is, as far as a file in the vendor's own house says; nobody else
is asked."""

import functools
import ipaddress
import logging
from typing import Any

import maxminddb
from django.conf import settings
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


@functools.cache
def _reader(path: str) -> maxminddb.Reader | None:
    try:
        return maxminddb.open_database(path) if path else None
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as problem:
        log.warning("GEOIP_DATABASE cannot be read: %s", problem)
        return None


def place_of(address: str | None) -> str:
    """ "Berlin, Germany", "this network" for a private address, or "" where nothing is known."""
    if not address:
        return ""
    where = ipaddress.ip_address(address)
    if where.is_private:
        return _("this network")
    reader = _reader(settings.GEOIP_DATABASE)
    try:
        found: Any = reader.get(where) if reader else None
    except (ValueError, maxminddb.InvalidDatabaseError):  # an IPv6 address in an IPv4 file; damage
        found = None
    if not isinstance(found, dict):
        return ""
    names = [(found.get(kind) or {}).get("names") or {} for kind in ("city", "country")]
    return ", ".join(name["en"] for name in names if name.get("en"))
