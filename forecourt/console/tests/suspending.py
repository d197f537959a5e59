"""Suspending, as the tests of what follows from it do it."""

from forecourt.console.suspending import reopen_organization, suspend_organization
from forecourt.core import scope
from forecourt.core.actors import System
from tests.cast import organization

REASON = "Nothing was paid since June"


def suspend(slug: str = "acme", reason: str = REASON) -> None:
    """As one of the staff does it."""
    actor = System(organization(slug).pk, label="staff@lumen.example")
    scope.clear()
    suspend_organization(actor, reason=reason)


def reopen(slug: str = "acme") -> None:
    actor = System(organization(slug).pk, label="staff@lumen.example")
    scope.clear()
    reopen_organization(actor)
