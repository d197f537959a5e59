"""A small Stripe for the tests: only the calls that the portal makes, on the loopback, with a state,
idempotency keys, signed events, faults to switch on, and a clock that tests turn.

`stripe` (the fixture) starts one and points the portal to it. The shapes are those of the API version
that the installed SDK is pinned to.
"""

from tests.stripe_stub.stub import Stub

__all__ = ["Stub"]
