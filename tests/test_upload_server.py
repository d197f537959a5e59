"""Uploads to the real web server: large ones, and ones that break off."""

import hashlib
import http.client
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.processes import memory
from forecourt.orgs.models import Staff
from forecourt.products import files
from forecourt.products.models import Artifact, Release
from tests.cast import free_port, prove, signed_in
from tests.test_download_server import Server, serving

NEW = "/console/catalog/deploy/releases/new/"
CHUNK = bytes(range(256)) * 4_096
LARGE = 150  # chunks, so megabytes
Send = Callable[..., http.client.HTTPConnection]


@pytest.fixture
def server(committed_world) -> Iterator[Server]:
    with serving(free_port()) as found:
        yield found


@pytest.fixture
def send(server) -> Send:
    """Begin to send a form with a file of so many chunks, as staff: `then` is asked after each, and
    ends it by False."""
    Staff.objects.update(duty="catalog")
    client = signed_in("staff@lumen.example")
    prove(client, "password", "mfa")
    client.get(NEW)
    token = client.cookies["csrf"].value
    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    part = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    fields = {"csrfmiddlewaretoken": token, "version": "21.0.0", "channel": "", "notes": ""}
    head = "".join(part.format(name, "") + f"{fields[name]}\r\n" for name in fields)
    head += part.format("uploads", '; filename="large.zip"')
    tail = "\r\n" + part.format("whole", "") + "yes\r\n--x--\r\n"

    def begin(chunks: int, then: Callable[[int], bool]) -> http.client.HTTPConnection:
        asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        asked.putrequest("POST", NEW)
        asked.putheader("Cookie", cookies)
        asked.putheader("Content-Type", "multipart/form-data; boundary=x")
        asked.putheader("Content-Length", str(len(head) + len(tail) + chunks * len(CHUNK)))
        asked.endheaders(head.encode())
        for count in range(chunks):
            asked.send(CHUNK)
            if not then(count):
                return asked
        asked.send(tail.encode())
        return asked

    return begin


def lying_about() -> list[Path]:
    """What of uploads is left beside the files of the store."""
    return [*Path(settings.FILES_STORE).glob(f"{files.UNFINISHED}*")]


def test_a_large_file_costs_no_more_memory_than_a_small_one(server, send):
    levels: list[float] = []

    def watch(count: int) -> bool:
        if count % 20 == 0:
            levels.append(memory(server.pid))
        return True

    assert send(LARGE, watch).getresponse().status == 303
    made, digest = Artifact.objects.get(file_name="large.zip"), hashlib.sha256()
    for _ in range(LARGE):
        digest.update(CHUNK)
    assert (made.size, made.sha256) == (LARGE * len(CHUNK), digest.hexdigest())
    assert max(levels) - levels[0] < 40 and lying_about() == []


def test_of_an_upload_that_breaks_off_nothing_stays(server, send):
    send(LARGE, lambda count: count < 20).close()
    end = time.monotonic() + 10
    while lying_about() and time.monotonic() < end:
        time.sleep(0.05)
    assert lying_about() == [] and not Release.objects.filter(version="21.0.0").exists()
