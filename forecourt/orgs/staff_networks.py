"""Where the vendor's staff work from: beyond those networks there is no console for anybody
(STAFF_NETWORKS)."""

import ipaddress

from django.conf import settings

from forecourt.core import audit


def reaches() -> bool:
    """Whether this request comes from there. Without networks: everything does; an address that
    nobody knows: not."""
    if not settings.STAFF_NETWORKS:
        return True
    text = audit.origin.get()
    if text is None:
        return False
    address = ipaddress.ip_address(text)
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in settings.STAFF_NETWORKS)
