"""`@action`: the one way in which anything in the house is changed."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from forecourt.core import audit, scope
from forecourt.core.actors import Actor, require

Result = TypeVar("Result")


def action(permission: Any) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Make a function a use case: first argument the actor, keywords after.

    Always, in this order: a transaction of its own (an action inside another raises), the
    organization's scope, the actor's rights read afresh behind the lock on the organization, the
    permission (else Forbidden), the function, and an audit row or the word `audit.unchanged()`
    (else RuntimeError and nothing is kept).
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        @functools.wraps(function)
        def run(actor: Actor, **values: Any) -> Result:
            marks: list[str] = []
            token = audit.left.set(marks)
            try:
                with (
                    transaction.atomic(durable=True),
                    scope.organization(actor.organization_id, to_the_end=True),
                ):
                    actor = actor.afresh()
                    require(actor, permission)
                    result = function(actor, **values)
                    if not marks:
                        raise RuntimeError(f"{function.__qualname__} left no audit row")
            finally:
                audit.left.reset(token)
            return result

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return decorate
