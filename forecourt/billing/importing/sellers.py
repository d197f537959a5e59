"""What the vendor was on paper when an invoice was issued."""

from typing import Any

from django.utils.translation import gettext as _

from forecourt.billing import addresses
from forecourt.billing.accounts import mark_of
from forecourt.billing.models import Seller
from forecourt.billing.seller import KEYS, NEEDED
from forecourt.core.refusals import Refused

SELLER_KEYS = KEYS


def seller_of(values: dict[str, Any]) -> dict[str, str]:
    """A seller's paper; raises Refused."""
    content = {name: str(values.get(name) or "") for name in KEYS}
    for name in NEEDED:
        if not content[name]:
            raise Refused(_("An invoice has to say who issues it, and where."), field=name)
    if content["country"] not in addresses.codes():
        raise Refused(_("Choose a country."), field="country")
    return content


def is_known_seller(content: dict[str, str]) -> bool:
    """Whether this version of the vendor's paper is there."""
    return Seller.objects.filter(mark=mark_of(content)).exists()
