"""The garbage collector passes over what stays until the end: a pytest plugin.

`-p tests.garbage` in pyproject.toml loads it. Five thousand tests and the modules they need are half a
million objects, which it would look at again and again: an eighth of Python's time.
"""

import gc

import pytest

gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """All tests are known: from now on it looks at what they make."""
    gc.freeze()
    gc.enable()
