"""In this room, how people come in is the matter itself."""

from collections.abc import Callable

import pytest

from tests.cast import Browser


@pytest.fixture
def browser() -> Callable[..., Browser]:
    """`browser("admin@acme.example")` has come through the sign-in page."""

    def make(who: str = "", **options) -> Browser:
        made = Browser(**options)
        made.who = who
        return made.sign_in() if who else made

    return make
