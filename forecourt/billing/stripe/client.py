"""Asking Stripe: the official SDK, loaded when it is first needed, and what its answers come to.

Three things can be wrong with a call, and each wants something else: Stripe says no (`Declined`),
nothing was done and a later try is worth it (`Away`), or nobody knows whether it was done (`Unknown`),
which looking settles and guessing does not.
"""

import functools
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
#: Seconds that a person waits for an answer at most, and a job.
PATIENCE, JOBS_PATIENCE = 5, 30
#: Seconds that no job asks again after Stripe could not be reached.
REST = 10
_RESTING = "stripe:resting"
#: Seconds that an event may be old when it arrives; Stripe signs each delivery anew.
TOLERANCE = 300


class Declined(Exception):
    """Stripe said no, and nothing was done: `sentence` for the person, `code` in its own words."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.code = sentence, code


class Away(Exception):
    """Nothing was done: Stripe could not be reached, or had too many questions."""


class Unknown(Exception):
    """It may have been done. `answered`: Stripe has an answer under the key, which it would only
    repeat."""

    def __init__(self, text: str, *, answered: bool = False) -> None:
        super().__init__(text)
        self.answered = answered


def is_on() -> bool:
    """Whether the vendor has set Stripe up."""
    return bool(settings.STRIPE_SECRET_KEY)


def is_live() -> bool:
    """Whether the key moves real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


def secrets() -> list[str]:
    """What signs events: one, or two while it is being replaced."""
    return [secret for secret in settings.STRIPE_WEBHOOK_SECRET if secret.strip()]


@contextmanager
def asking(*, waits: bool) -> Iterator[Any]:
    """The SDK's client; what goes wrong inside is Declined, Away or Unknown. `waits`: a person does,
    so it is tried at once and for five seconds; a job lets Stripe rest after it could not be reached.
    """
    if not waits and cache.get(_RESTING):
        raise Away("Stripe could not be reached a moment ago.")
    stripe = _sdk()
    try:
        yield _client(PATIENCE if waits else JOBS_PATIENCE)
    except stripe.StripeError as problem:
        found = _meaning(stripe, problem)
        if not isinstance(found, Declined):
            log.warning("Stripe: %s", problem)
            cache.set(_RESTING, 1, REST)
        raise found from problem


def _meaning(stripe: Any, problem: Any) -> Exception:
    status = problem.http_status
    if isinstance(problem, stripe.RateLimitError):
        return Away("too many questions")
    if isinstance(problem, stripe.AuthenticationError | stripe.PermissionError):
        log.error("Stripe does not accept STRIPE_SECRET_KEY for this: %s", problem)
        return Away("the key is not accepted")
    if isinstance(problem, stripe.APIConnectionError):
        return Away("no connection") if _was_never_sent(problem) else Unknown("no answer")
    if isinstance(problem, stripe.IdempotencyError):
        log.error("Stripe knows this key for another call: %s", problem)
        return Unknown("key of another call", answered=True)
    if isinstance(problem, stripe.CardError):
        return Declined(problem.user_message or _("The payment did not go through."), problem.code)
    if isinstance(problem, stripe.InvalidRequestError):
        log.warning("Stripe: %s", problem)
        return Declined(_("The payment provider does not accept this."), problem.code or "")
    return Unknown(f"status {status}", answered=status is not None and status >= 500)


def _was_never_sent(problem: Any) -> bool:
    """Whether there was no connection that a request could have gone over."""
    from requests import exceptions
    from urllib3.exceptions import NewConnectionError

    cause = problem.__cause__
    if isinstance(cause, exceptions.ConnectTimeout):
        return True
    inner = cause.args[0] if cause is not None and cause.args else None
    return isinstance(getattr(inner, "reason", None), NewConnectionError)


def signed(body: bytes, signature: str) -> dict[str, Any] | None:
    """The event in a request's body, where one of the vendor's secrets signed it within the last
    five minutes; None where none did."""
    stripe = _sdk()
    for secret in secrets():
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
            event = json.loads(body)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return event if isinstance(event, dict) else None
    return None


@functools.cache
def _sdk() -> Any:
    import stripe

    stripe.enable_telemetry = False
    return stripe


def _client(seconds: int) -> Any:
    return _made(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, seconds)


@functools.cache
def _made(key: str, base: str, seconds: int) -> Any:
    stripe = _sdk()
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else None,
        http_client=stripe.RequestsClient(timeout=seconds),
        # A key makes a second try safe; when to make it is for the jobs.
        max_network_retries=0,
    )


def forget() -> None:
    """Forget connections, and that Stripe rests."""
    _made.cache_clear()
    cache.delete(_RESTING)
