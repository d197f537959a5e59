"""The small Stripe, for a test."""

from collections.abc import Iterator

import pytest

from forecourt.billing.stripe import client
from tests.stripe_stub.stub import Stub


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[Stub]:
    running = Stub()
    yield running
    running.stop()


@pytest.fixture
def stripe(stripe_server, settings) -> Iterator[Stub]:
    """A Stripe where nobody was yet, which the portal uses."""
    settings.STRIPE_SECRET_KEY = stripe_server.secret_key
    settings.STRIPE_WEBHOOK_SECRET = [stripe_server.webhook_secret]
    settings.STRIPE_API_BASE = stripe_server.base
    stripe_server.start_over()
    client.forget()
    yield stripe_server
    stripe_server.start_over()
    client.forget()
