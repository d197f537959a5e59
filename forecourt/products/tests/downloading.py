"""What tests of downloads have in common."""

from urllib.parse import urlsplit

from django.test import Client

from forecourt.core.models import AuditEvent
from forecourt.products import downloads, files
from forecourt.products.models import Artifact
from tests.cast import membership, organization

DEPLOY = "deploy-19.4.2-linux-x86-64.tar.gz"
INVENTORY = "inventory-19.4.0-linux-x86-64.tar.gz"
MEMBER = "member@acme.example"


def artifact(name: str = DEPLOY) -> Artifact:
    return Artifact.objects.get(file_name=name)


def link(name: str = DEPLOY, who: str = MEMBER, slug: str = "acme", **more) -> str:
    """The path of a fresh link of somebody of an organization."""
    made = downloads.link(membership(slug, who), artifact(name))
    for key, value in more.items():
        object.__setattr__(made, key, value)
    return made.address(artifact(name))


def data(name: str = DEPLOY) -> bytes:
    return files.path_of(artifact(name).sha256).read_bytes()


def get(path: str, method: str = "get", **headers: str):
    """As curl would: without any session."""
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(Client(), method)(path, headers=asked)


def body(answer) -> bytes:
    return answer.getvalue()


def is_dead(path: str) -> bool:
    """Whether a link answers as one that was never made, to each kind of request."""
    never = get(f"/downloads/{'A' * 90}/{DEPLOY}")
    asked = [get(path), get(path, Range="bytes=5-9"), get(path, "head")]
    statuses = [answer.status_code for answer in asked]
    dead = 404 in statuses
    assert statuses == ([404, 404, 404] if dead else [200, 206, 200])
    if dead:
        assert asked[0].content == never.content == asked[1].content
        assert asked[0].headers == never.headers == asked[1].headers
    return dead


def noted(slug: str = "acme") -> list[AuditEvent]:
    house = organization(slug)
    rows = AuditEvent.objects.filter(organization_id=house.pk, event="release.downloaded")
    return list(rows.order_by("pk"))


def path_in(address: str) -> str:
    return urlsplit(address).path
