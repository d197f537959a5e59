"""Every test of the house knows the same cast."""

pytest_plugins = ["tests.cast", "tests.emptying", "tests.openid", "tests.stripe_stub.fixture"]
