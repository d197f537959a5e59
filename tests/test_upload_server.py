"""Uploads to the real web server: large ones, and ones that break off."""

import hashlib
import http.client
import re
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
from tests.rules.source import ROOT
from tests.small_disk import small_disk
from tests.test_download_server import Server, running, serving, with_nginx

__all__ = ["small_disk"]  # the fixture
NEW = "/console/catalog/deploy/releases/new/"
CHUNK = bytes(range(256)) * 4_096
LARGE = 150  # chunks, so megabytes
Send = Callable[..., http.client.HTTPConnection]


@pytest.fixture
def server(committed_world) -> Iterator[Server]:
    with serving(free_port()) as found:
        yield found


@pytest.fixture
def proxy(server, tmp_path) -> Iterator[int]:
    """The port of nginx before it, which lets uploads through as docs/running.md says."""
    port, guide = free_port(), (ROOT / "docs" / "running.md").read_text()
    found = re.search(r"^    location ~ \^/console/catalog/.*?^    \}", guide, re.S | re.M)
    location = found[0].replace("Host $host;", f"Host 127.0.0.1:{server.port};")
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log off; upstream forecourt {{ server 127.0.0.1:{server.port}; }}\n"
        f"server {{ listen 127.0.0.1:{port}; client_max_body_size 1m;\n{location} }} }}"
    )
    with running(["nginx", "-c", f"{tmp_path}/nginx.conf", "-p", str(tmp_path)], port):
        yield port


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

    def begin(
        chunks: int, then: Callable[[int], bool], port: int = server.port
    ) -> http.client.HTTPConnection:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
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


def test_who_fills_the_disk_is_answered_and_its_room_is_free_again(send, small_disk):
    with serving(port := free_port(), FILES_STORE=str(small_disk)):
        answer = send(LARGE, lambda count: True, port).getresponse()
        assert answer.status == 422 and b"no room for it on the server" in answer.read()
        assert [*small_disk.iterdir()] == []
        assert send(1, lambda count: True, port).getresponse().status == 303


def test_what_is_larger_than_the_setting_allows_is_answered(send, tmp_path):
    more = {"FILES_STORE": str(tmp_path), "RELEASE_FILE_MEGABYTES": "20"}
    with serving(port := free_port(), **more):
        answer = send(LARGE, lambda count: True, port).getresponse()
        assert answer.status == 422 and b"is larger than 20 MB" in answer.read()
    assert [*tmp_path.iterdir()] == []


@with_nginx
def test_the_proxy_lets_an_upload_through_as_it_comes(proxy, send):
    """Before the last byte is sent, the first ones lie beside the store's."""
    seen: list[int] = []

    def watch(_count: int) -> bool:
        seen.append(len(lying_about()))
        return True

    assert send(60, watch, proxy).getresponse().status == 303
    assert Artifact.objects.get(file_name="large.zip").size == 60 * len(CHUNK)
    assert 1 in seen and lying_about() == []
