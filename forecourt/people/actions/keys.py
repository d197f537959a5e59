"""Naming a passkey or security key; adding and removing one is allauth's event, which
`people.receivers` listens to."""

from allauth.mfa.models import Authenticator

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone
from forecourt.people.events import Event
from forecourt.people.permissions import OwnPermission


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def rename_key(actor, *, key_id: int, name: str) -> None:
    """Give a passkey or security key another name."""
    mine = Authenticator.objects.filter(user=actor.user, type=Authenticator.Type.WEBAUTHN)
    key = mine.select_for_update(no_key=True).filter(pk=key_id).first()
    if key is None:
        raise Gone
    before = key.data["name"]
    if name == before:
        audit.unchanged()
        return
    key.data["name"] = name
    key.save(update_fields=["data"])
    audit.record(
        actor,
        Event.FACTOR_RENAMED,
        actor.user,
        before={"name": before},
        after={"name": name},
        person_id=actor.user.pk,
    )
