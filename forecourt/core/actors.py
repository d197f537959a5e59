"""Whoever does something: the protocol that `@action` and the audit log know.

Floors above bring their own: a Membership (a person in an organization), Staff, an Invitee. The
two that need nothing from above are here.
"""

from dataclasses import dataclass
from typing import Any, Protocol, Self

from forecourt.core.refusals import Forbidden, Suspended

#: The kinds of actor whose `actor_id` is a person's.
PEOPLE = ("person", "member", "invitee")


class Actor(Protocol):
    """Somebody, in the scope of one organization or (None) of the house itself."""

    @property
    def kind(self) -> str:
        """ "member", "staff", "invitee", "person" or "system"."""
        ...

    @property
    def organization_id(self) -> int | None: ...

    @property
    def actor_id(self) -> int | None: ...

    @property
    def label(self) -> str: ...

    def afresh(self) -> "Actor":
        """The same actor with rights read now, inside the transaction, behind its locks."""
        ...

    def may(self, permission: Any) -> bool: ...


def require(actor: Actor, permission: Any) -> None:
    """Raise Forbidden unless the actor may; Suspended where what they belong to is shut (an actor
    that can be so says `is_shut_out`), which may be news to them."""
    if not actor.may(permission):
        raise (Suspended if getattr(actor, "is_shut_out", False) else Forbidden)(str(permission))


@dataclass(frozen=True)
class System:
    """The house itself, at work for one named organization (None: for none), by a job or the
    command line. It may do everything: whoever makes one has decided already."""

    organization_id: int | None = None
    label: str = "Forecourt"
    kind: str = "system"
    actor_id: int | None = None

    def afresh(self) -> Self:
        return self

    def may(self, permission: Any) -> bool:
        return True
