"""The handle that a launch from the portal gives along (`login_hint`): who pressed Open, and in
which organization. It opens nothing by itself, for whoever brings it has to be signed in as that
person; it saves them the question."""

from uuid import uuid4

from django.core import signing
from django.core.cache import cache

from forecourt.orgs.models import Membership
from forecourt.products.models import ProductClient

#: Seconds: the product sends them back at once, but they may have to sign in again first.
GOOD_FOR = 600
_SALT = "forecourt.launching"


def make(member: Membership, client: ProductClient) -> str:
    """A handle for this member's next sign-in to this product."""
    return signing.dumps(
        [member.user_id, member.organization_id, client.pk, uuid4().hex], salt=_SALT
    )


def read(handle: str, user_id: int, client: ProductClient) -> int | None:
    """The organization's id, if the handle is this person's for this product and was not used."""
    try:
        person, organization_id, client_pk, once = signing.loads(
            handle, salt=_SALT, max_age=GOOD_FOR
        )
    except (signing.BadSignature, ValueError):
        return None
    if (person, client_pk) != (user_id, client.pk) or cache.get(_used(once)):
        return None
    return organization_id


def use_up(handle: str) -> None:
    """Have it be of no use any more."""
    try:
        once = signing.loads(handle, salt=_SALT, max_age=GOOD_FOR)[3]
    except (signing.BadSignature, ValueError):
        return
    cache.set(_used(once), 1, GOOD_FOR)


def _used(once: str) -> str:
    return f"launching:handle:{once}"
