"""What staff save in one process is seen in the others: two web servers' processes, and a worker's."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from forecourt.console.brand_actions import change_brand
from forecourt.core import brand
from forecourt.core.actors import System
from tests.cast import free_port
from tests.test_download_server import serving

pytestmark = pytest.mark.slow
#: They look every two; the rest is for a busy machine.
SECONDS = 5


def said(port: int) -> str:
    """Which name the sign-in page has, asked on a connection of its own."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked.request("GET", "/accounts/login/")
    page = asked.getresponse().read().decode()
    asked.close()
    return page.partition("<title>")[2].partition("</title>")[0].rpartition(" · ")[2]


def names(port: int) -> set[str]:
    """Which names are said by all processes together."""
    with ThreadPoolExecutor(8) as crowd:
        return set(crowd.map(said, [port] * 40))


def test_every_process_sees_a_change_within_seconds(committed_world):
    change_brand(System(), name="Before")
    assert brand.brand().name == "Before"  # at once, in this one
    with serving(port := free_port(), WEB_WORKERS="2"):
        assert names(port) == {"Before"}
        change_brand(System(), name="After")
        end = time.monotonic() + SECONDS
        while names(port) != {"After"}:
            assert time.monotonic() < end
            time.sleep(0.3)  # which leaves them the processor
    assert brand.brand().name == "After"
