"""Downloads from the real web server: broken off and resumed, in parallel, large and slow."""

import contextlib
import hashlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.processes import memory
from forecourt.config.commands.serve import web_server
from forecourt.config.environment import read
from forecourt.members.actions import remove_member
from forecourt.products import downloads, files
from forecourt.products.models import Artifact, Release
from forecourt.products.tests.downloading import noted
from tests.cast import free_port, membership
from tests.rules.source import ROOT

with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
with_nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
MEMBER, LARGE = "member@acme.example", 80_000_000
PLACES = 10  # more than there are connections to the database


@dataclass
class Server:
    port: int
    pid: int

    def open(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """An answer whose body waits to be read."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        asked.request("GET", path, headers=headers)
        return asked.getresponse()


@contextlib.contextmanager
def serving(port: int, **more: str) -> Iterator[Server]:
    """The web server on the tests' database."""
    there = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    given = {
        "DATABASE_URL": there._replace(path=f"/{name}").geturl(),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WEB_THREADS": "1",
        "WEB_DOWNLOADS": str(PLACES),
        **more,
    }
    environment = {**os.environ, **given}
    with running(web_server(read(environment), "error"), port, environment) as process:
        yield Server(port, process.pid)


@contextlib.contextmanager
def running(command: list[str], port: int, environment=None) -> Iterator[subprocess.Popen]:
    """A process, from when it listens until the block ends."""
    process = subprocess.Popen(command, env=environment)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def server(committed_world) -> Iterator[Server]:
    with serving(free_port()) as found:
        yield found


@pytest.fixture
def nginx(committed_world, tmp_path) -> Iterator[Server]:
    """nginx before the portal, sending the files as docs/running.md says."""
    inner, outer, store = free_port(), free_port(), settings.FILES_STORE
    guide = (ROOT / "docs" / "running.md").read_text()
    found = re.search(r"^    location /files/ \{.*?^    \}", guide, re.S | re.M)
    location = found[0].replace("/srv/forecourt/files", store)
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"{'user root;' if os.geteuid() == 0 else ''}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:{outer};\n{location}\n"
        f"location / {{ proxy_pass http://127.0.0.1:{inner}; proxy_set_header Host $http_host; }} }} }}"
    )
    command = ["nginx", "-c", f"{tmp_path}/nginx.conf", "-p", str(tmp_path)]
    address = f"http://127.0.0.1:{outer}"
    more = {"FILES_STORE": store, "FILES_ACCEL": "/files/", "PUBLIC_URL": address}
    with serving(inner, **more), running(command, outer) as process:
        yield Server(outer, process.pid)


def link(name: str, sha256: str, size: int) -> str:
    """The path of a Member's link to a new file of the newest Deploy."""
    release = Release.objects.get(product__slug="deploy", version="19.4.2")
    artifact = Artifact.objects.create(release=release, file_name=name, sha256=sha256, size=size)
    return downloads.link(membership("acme", MEMBER), artifact).address(artifact)


def of_random_bytes() -> tuple[str, str]:
    kept = files.keep([os.urandom(LARGE)])
    return link("large.zip", kept.sha256, kept.size), kept.sha256


def of_nothing(size: int) -> str:
    """A file with a hole in the place of its bytes (which no test reads to compare the sum)."""
    sha256 = hashlib.sha256(str(size).encode()).hexdigest()
    path = files.path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    return link(f"nothing-{size}.bin", sha256, size)


def curl(server: Server, path: str, folder: Path, *more: str) -> int:
    address = f"http://127.0.0.1:{server.port}{path}"
    command = ["curl", "-sfLO", "-C", "-", *more, address]
    return subprocess.run(command, cwd=folder, check=False).returncode


@with_curl
def test_a_download_that_broke_off_goes_on_with_curl_and_has_the_right_sum(server, tmp_path):
    path, sha256 = of_random_bytes()
    for _ in range(2):
        assert curl(server, path, tmp_path, "--limit-rate", "4M", "--max-time", "1") == 28
    part = (tmp_path / "large.zip").stat().st_size
    assert 0 < part < LARGE
    assert curl(server, path, tmp_path) == 0
    assert hashlib.sha256((tmp_path / "large.zip").read_bytes()).hexdigest() == sha256
    assert len(noted()) == 1


@with_curl
def test_whoever_was_removed_meanwhile_does_not_get_the_rest(server, tmp_path):
    path, _sha256 = of_random_bytes()
    assert curl(server, path, tmp_path, "--limit-rate", "4M", "--max-time", "1") == 28
    part = (tmp_path / "large.zip").stat().st_size
    admin = membership("acme", "admin@acme.example")
    remove_member(admin, member_id=membership("acme", MEMBER).pk)
    assert curl(server, path, tmp_path) == 22  # it answered 404
    assert (tmp_path / "large.zip").stat().st_size == part


def test_eight_ranges_at_once_are_one_download(server):
    path, sha256 = of_random_bytes()
    each = LARGE // 8

    def part(number: int) -> bytes:
        asked = {"Range": f"bytes={number * each}-{(number + 1) * each - 1}"}
        answer = server.open(path, **asked)
        assert answer.status == 206
        return answer.read()

    with ThreadPoolExecutor(8) as pool:
        whole = b"".join(pool.map(part, range(8)))
    assert hashlib.sha256(whole).hexdigest() == sha256
    assert len(noted()) == 1


def test_a_large_file_costs_no_more_memory_than_a_small_one(server):
    small, large = of_nothing(1_000), of_nothing(400_000_000)
    for _ in range(20):
        assert len(server.open(small).read()) == 1_000
    before, read, most = memory(server.pid), 0, 0.0
    answer = server.open(large)
    for count in range(400_000_000 // 1_000_000):
        read += len(answer.read(1_000_000))
        if count % 50 == 0:
            most = max(most, memory(server.pid))
    assert read == 400_000_000 and most - before < 15


def test_slow_downloads_stop_neither_pages_nor_the_database(server):
    path = of_nothing(100_000_000)
    slow = [server.open(path) for _ in range(PLACES)]
    assert {answer.status for answer in slow} == {200}
    assert server.open("/health").status == 200
    assert server.open("/accounts/login/").status == 200
    one_too_many = server.open(path)
    assert one_too_many.status == 503 and one_too_many.headers["Retry-After"] == "30"
    for answer in slow:
        answer.close()  # the connection goes with it
    end = time.monotonic() + 10
    while server.open(path, Range="bytes=0-9").status != 206:
        assert time.monotonic() < end
        time.sleep(0.1)


@with_curl
@with_nginx
def test_nginx_sends_the_file_once_the_portal_has_said_yes(nginx, tmp_path):
    path, sha256 = of_random_bytes()
    assert curl(nginx, path, tmp_path, "--limit-rate", "4M", "--max-time", "1") == 28
    assert curl(nginx, path, tmp_path) == 0
    assert hashlib.sha256((tmp_path / "large.zip").read_bytes()).hexdigest() == sha256
    answer = nginx.open(path, Range="bytes=5-9")
    assert answer.status == 206 and answer.headers["Content-Range"] == f"bytes 5-9/{LARGE}"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="large.zip"'
    assert answer.headers["Cache-Control"] == "private, no-store, no-transform"
    assert len(noted()) == 1
    assert nginx.open(f"/files/{sha256[:2]}/{sha256}").status == 404
    admin = membership("acme", "admin@acme.example")
    remove_member(admin, member_id=membership("acme", MEMBER).pk)
    assert nginx.open(path, Range="bytes=5-9").status == 404
