"""License files, as they are downloaded: what is inside, who gets one, and of which licenses."""

import base64
import datetime as dt
import hashlib
import json

import pytest
from django.utils import timezone

from forecourt.core.models import AuditEvent
from forecourt.demo.catalog import key_of
from forecourt.products.models import License
from tests.cast import organization, signed_in

MEMBER, ADMIN = "member@acme.example", "admin@acme.example"


def license_of(slug: str, product: str) -> License:
    return organization(slug).licenses.get(product__slug=product)


def download(who: str, held: License, slug: str = "acme"):
    return signed_in(who).get(f"/o/{slug}/products/licenses/{held.pk}/file/")


def said(text: str) -> dict:
    """What a file's first block holds."""
    lines = text.split("-----")[2]
    return json.loads(base64.b64decode(lines))


def times(content: dict, *names: str) -> list[dt.datetime]:
    return [dt.datetime.fromisoformat(content[name]) for name in names]


def test_a_member_downloads_a_license_file(world):
    held = license_of("acme", "deploy")
    answer = download(MEMBER, held)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="deploy-acme.license"'
    assert answer["Cache-Control"] == "private, no-store"
    content = said(answer.content.decode())
    assert content["format"] == "forecourt-license/1"
    assert content["license"] == str(held.handle)
    assert (content["product"], content["plan"], content["seats"]) == ("deploy", held.plan, 25)
    assert content["organization_id"] == 1 and content["organization"] == held.organization.name
    assert content["fingerprint"] == hashlib.sha256(key_of(held).encode()).hexdigest()
    assert content["grace"] == 14


def test_the_license_key_is_not_in_the_file(world):
    held = license_of("acme", "deploy")
    text = download(MEMBER, held).content.decode()
    assert key_of(held) not in text
    assert key_of(held) not in json.dumps(said(text))


def test_a_file_ends_with_its_license(world):
    held = license_of("acme", "deploy")
    content = said(download(MEMBER, held).content.decode())
    issued, expires, ends = times(content, "issued", "expires", "license_ends")
    assert expires == ends == held.ends_at.replace(microsecond=0)
    assert timezone.now() - issued < dt.timedelta(minutes=1)


def test_a_file_is_valid_for_a_year_at_most(world):
    held = license_of("acme", "deploy")
    License.objects.filter(pk=held.pk).update(ends_at=None, renews=False, seats=None)
    content = said(download(MEMBER, held).content.decode())
    issued, expires = times(content, "issued", "expires")
    assert expires - issued == dt.timedelta(days=366)
    assert content["license_ends"] is None and content["seats"] is None


def test_the_vendor_sets_the_days_of_grace(world, settings):
    settings.LICENSE_GRACE_DAYS = 3
    content = said(download(MEMBER, license_of("acme", "deploy")).content.decode())
    assert content["grace"] == 3


def test_names_bring_no_line_ends_into_a_file(world):
    held = license_of("acme", "deploy")
    License.objects.filter(pk=held.pk).update(plan="Pro\nfor\u2028ever \\ “ü” 🚀")
    content = said(download(MEMBER, held).content.decode())
    assert content["plan"] == "Pro for ever \\ “ü” 🚀"


def test_each_file_is_in_the_audit_log_and_changes_nothing_else(world):
    held = license_of("acme", "deploy")
    download(MEMBER, held)
    organization("acme")
    event = AuditEvent.objects.get(event="license.file_issued")
    assert (event.actor_label, event.object_id) == (MEMBER, str(held.pk))
    assert set(event.after) == {"kid", "issued", "expires", "grace"}
    assert key_of(held) not in str(event.after)
    made = license_of("acme", "deploy")
    assert vars(made) | {"_state": 0} == vars(held) | {"_state": 0}


NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ends_at": NOW - DAY, "renews": False}, "This license ended on"),
        ({"starts_at": NOW + DAY}, "This license starts on"),
        ({"status": "suspended"}, "This license is suspended"),
    ],
)
def test_a_license_that_is_not_in_force_has_no_file(world, values, words):
    held = license_of("acme", "deploy")
    License.objects.filter(pk=held.pk).update(**values)
    answer = download(ADMIN, held)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    organization("acme")
    assert not AuditEvent.objects.filter(event="license.file_issued").exists()


def test_another_organizations_license_is_not_there(world):
    theirs = license_of("globex", "connect")
    ended = license_of("globex", "deploy")
    for held in (theirs, ended):
        answer = download(ADMIN, held)
        assert answer.status_code == 404
    assert download("admin@globex.example", license_of("acme", "deploy")).status_code == 404
    for slug in ("acme", "globex"):
        organization(slug)
        assert not AuditEvent.objects.filter(event="license.file_issued").exists()


def test_where_keys_are_the_admins_so_are_the_files(world):
    house = organization("acme")
    house.keys_hidden = True
    house.save()
    held = license_of("acme", "deploy")
    assert download(MEMBER, held).status_code == 403
    assert download(ADMIN, held).status_code == 200
