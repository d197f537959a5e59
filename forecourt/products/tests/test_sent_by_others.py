"""Files that the proxy or a bucket sends: after the same checks, under the same name."""

import datetime as dt
import hashlib
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.compat import get_current_datetime
from botocore.credentials import Credentials

from forecourt.products import bucket, files
from forecourt.products.tests.downloading import DEPLOY, artifact, get, link, noted
from tests.cast import organization

AMAZON = "s3://releases/portal?region=eu-central-1"


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "an-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    bucket._storage.cache_clear()
    yield Credentials("an-id", "a-secret")
    bucket._storage.cache_clear()


def suspend() -> None:
    organization("acme").licenses.update(status="suspended")


def test_the_proxy_is_told_where_the_file_is(world, settings):
    settings.FILES_ACCEL = "/files/"
    path, sha256 = link(), artifact().sha256
    answer = get(path, Range="bytes=5-")  # nginx looks at the range itself
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/files/{sha256[:2]}/{sha256}"
    assert answer["Content-Disposition"] == f'attachment; filename="{DEPLOY}"'
    assert answer["Content-Type"] == "application/gzip"
    assert get(path).status_code == 200 and len(noted()) == 1
    assert "X-Accel-Redirect" not in get(path, "head").headers
    suspend()
    answer = get(path)
    assert answer.status_code == 404 and "X-Accel-Redirect" not in answer.headers


def test_a_bucket_is_led_to_for_a_minute_by_an_address_that_it_believes(world, settings, keys):
    settings.FILES_STORE, path, sha256 = AMAZON, link(), artifact().sha256
    answer = get(path)
    assert answer.status_code == 302 and answer["Cache-Control"].startswith("private, no-store")
    there = urlsplit(answer["Location"])
    said = {name: value[0] for name, value in parse_qs(there.query).items()}
    assert there.netloc == "releases.s3.eu-central-1.amazonaws.com"
    assert there.path == f"/portal/{sha256[:2]}/{sha256}"
    assert said["X-Amz-Expires"] == "60"
    assert said["response-content-disposition"] == f'attachment; filename="{DEPLOY}"'
    age = get_current_datetime() - dt.datetime.strptime(said["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    assert age < dt.timedelta(seconds=30)
    assert said["X-Amz-Signature"] == signature(there, said, keys)
    assert len(noted()) == 1


def signature(there, said: dict[str, str], keys: Credentials) -> str:
    """What botocore's own signer makes of the address, given the same moment."""
    signer = S3SigV4QueryAuth(keys, "s3", "eu-central-1", expires=60)
    plain = {name: value for name, value in said.items() if not name.startswith("X-Amz-")}
    request = AWSRequest("GET", f"https://{there.netloc}{there.path}", params=plain)
    request.context["timestamp"] = said["X-Amz-Date"]
    signer._modify_request_before_signing(request)
    request.url = there._replace(query=there.query.rpartition("&X-Amz-Signature=")[0]).geturl()
    return signer.signature(
        signer.string_to_sign(request, signer.canonical_request(request)), request
    )


def test_nobody_is_led_to_the_bucket_without_the_checks(world, settings, keys):
    settings.FILES_STORE, path = AMAZON, link()
    head = get(path, "head")  # the address is signed for GET alone, so this is answered here
    assert head.status_code == 200 and head["Content-Length"] == str(artifact().size)
    suspend()
    assert get(path).status_code == get(path, "head").status_code == 404
    assert noted() == []


class Endpoint(BaseHTTPRequestHandler):
    """As much of S3 as an upload needs, with what it was given."""

    given: dict[str, bytes]

    def do_HEAD(self) -> None:
        self.send_response(200 if self.path in self.given else 404)
        self.end_headers()

    def do_GET(self) -> None:
        found = self.given.get(self.path)
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(found or b"")))
        self.end_headers()
        self.wfile.write(found or b"")

    def do_PUT(self) -> None:
        assert "Credential=an-id/" in self.headers["Authorization"]
        self.given[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_words) -> None:
        pass


@pytest.fixture
def endpoint(keys):
    handler = type("Handler", (Endpoint,), {"given": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_an_upload_goes_to_the_bucket_whole_and_once(settings, endpoint):
    settings.FILES_STORE = (
        f"s3://releases/portal?endpoint=http://127.0.0.1:{endpoint.server_port}&region=eu-central-1"
    )
    data = b"bytes of a release"
    sha256 = hashlib.sha256(data).hexdigest()

    def breaking():
        yield data
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.keep(breaking())
    given = endpoint.RequestHandlerClass.given
    assert given == {}
    for _ in range(2):
        assert files.keep([data[:3], data[3:]]) == files.Kept(sha256, len(data))
    [(where, content)] = given.items()
    assert where == f"/releases/portal/{sha256[:2]}/{sha256}" and data in content


def test_a_file_is_read_from_the_bucket_piece_by_piece(settings, endpoint):
    settings.FILES_STORE = (
        f"s3://releases/portal?endpoint=http://127.0.0.1:{endpoint.server_port}&region=eu-central-1"
    )
    there = {f"/releases/portal/ab/{'ab' * 32}": b"x" * 3_000_000}
    endpoint.RequestHandlerClass.given.update(there)
    assert files.has("ab" * 32, 3_000_000) and not files.has("cd" * 32, 1)
    assert [len(piece) for piece in files.read("ab" * 32, 3_000_000)] == [1 << 20, 1 << 20, 902_848]
    with pytest.raises(FileNotFoundError):
        list(files.read("cd" * 32, 1))


def test_boto_is_loaded_only_where_a_bucket_is_used():
    told = (
        "import sys; from django.conf import settings;"
        "settings.configure(FILES_STORE='/tmp/x');"
        "from forecourt.products import files; files.path_of('a' * 64);"
        "print('boto3' in sys.modules or 'storages' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
