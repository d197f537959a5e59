"""Signed links: who gets a file by them, asked at every request, and noted once."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from forecourt.members import actions as members
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from forecourt.products import downloads
from forecourt.products.models import Artifact, License
from forecourt.products.tests.downloading import (
    DEPLOY,
    INVENTORY,
    MEMBER,
    artifact,
    body,
    data,
    get,
    is_dead,
    link,
    noted,
)
from tests.cast import membership, organization

FILES = "/o/acme/products/files"


@pytest.fixture(autouse=True)
def _world(world):
    """The sample world."""


def license_of(slug: str, product: str) -> License:
    return License.objects.get(organization=organization(slug), product__slug=product)


def test_the_button_leads_to_a_fresh_link_that_needs_no_session(browser):
    member, here = browser(MEMBER), f"{FILES}/{artifact().pk}/"
    there = [member.get(here) for _ in range(2)]
    assert [answer.status_code for answer in there] == [302, 302]
    assert there[0]["Location"] != there[1]["Location"]
    assert there[0]["Cache-Control"] == "private, no-store"
    assert there[0]["Location"].startswith("/downloads/")
    assert body(get(there[0]["Location"])) == data()


def test_the_link_to_copy_comes_with_a_command_the_sum_and_its_end(browser):
    page = browser(MEMBER).get(f"{FILES}/{artifact().pk}/link/").content.decode()
    assert "curl -fLO -C - &#39;http://testserver/downloads/" in page
    assert artifact().sha256 in page and f"{artifact().size:,} bytes" in page
    assert page.count("data-copy=") == 3 and "<time" in page
    assert noted() == []


def test_the_checksums_are_as_sha256sum_reads_them(browser):
    answer = browser(MEMBER).get("/o/acme/products/deploy/versions/19.4.2/SHA256SUMS")
    lines = answer.content.decode().splitlines()
    assert f"{artifact().sha256}  {DEPLOY}" in lines and len(lines) == 4
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("version", ["19.4.1", "99.0.0"])  # withdrawn, and never there
def test_what_is_not_to_be_had_has_no_checksums(browser, version):
    here = f"/o/acme/products/deploy/versions/{version}/SHA256SUMS"
    assert browser(MEMBER).get(here).status_code == 404


def test_an_organization_that_may_not_have_it_finds_nothing(browser):
    admin, theirs = browser("admin@globex.example"), "/o/globex/products/files"
    nobodys = admin.get(f"{theirs}/987654321/").content
    for name in (DEPLOY, INVENTORY):
        for what in ("", "link/"):
            answer = admin.get(f"{theirs}/{artifact(name).pk}/{what}")
            assert (answer.status_code, answer.content) == (404, nobodys)
        assert is_dead(link(name, "admin@globex.example", "globex"))
    old = "deploy-19.4.0-linux-x86-64.tar.gz"  # published before their license ended
    assert not is_dead(link(old, "admin@globex.example", "globex"))


def test_a_download_is_noted_once_with_who_and_what():
    path = link()
    for asked in ("bytes=0-9", "bytes=10-", "bytes=0-"):
        assert get(path, Range=asked).status_code == 206
    [row] = noted()
    assert (row.actor_kind, row.actor_label) == ("member", MEMBER)
    assert (row.object_kind, row.object_label) == ("artifact", DEPLOY)
    assert row.after["release"] == "Deploy 19.4.2" and row.after["link"]
    get(link())
    assert len(noted()) == 2


def remove(member: Membership) -> None:
    members.remove_member(membership("acme", "admin@acme.example"), member_id=member.pk)


def deactivate(member: Membership) -> None:
    User.objects.filter(pk=member.user_id).update(is_active=False)


def suspend(member: Membership) -> None:
    License.objects.filter(pk=license_of("acme", "deploy").pk).update(status="suspended")


def end(member: Membership) -> None:
    License.objects.filter(pk=license_of("acme", "deploy").pk).update(
        ends_at=artifact().release.published_at - dt.timedelta(seconds=1), renews=False
    )


def put_off(member: Membership) -> None:
    now = timezone.now()
    later = {"starts_at": now + dt.timedelta(days=1), "ends_at": now + dt.timedelta(days=2)}
    License.objects.filter(pk=license_of("acme", "deploy").pk).update(**later)


def withdraw(member: Membership) -> None:
    release = artifact().release
    release.withdrawn_at, release.withdrawn_reason = timezone.now(), "It loses schedules."
    release.save()


def unpublish(member: Membership) -> None:
    release = artifact().release
    release.published_at = timezone.now() + dt.timedelta(hours=1)
    release.save()


@pytest.mark.parametrize(
    "change",
    [remove, deactivate, suspend, end, put_off, withdraw, unpublish],
    ids=lambda f: f.__name__,
)
def test_a_link_is_dead_at_the_next_range(change):
    path, member = link(), membership("acme", MEMBER)
    assert get(path, Range="bytes=0-9").status_code == 206
    change(member)
    assert is_dead(path)
    assert len(noted()) == 1


def test_an_admin_who_became_a_member_downloads_on():
    path = link(who="admin@acme.example")
    Membership.objects.filter(pk=membership("acme", "admin@acme.example").pk).update(role="member")
    assert not is_dead(path)


def test_a_license_that_ended_after_the_release_still_covers_it():
    path = link()
    License.objects.filter(pk=license_of("acme", "deploy").pk).update(
        ends_at=artifact().release.published_at, renews=False
    )
    assert not is_dead(path)


def test_a_link_lives_for_a_day():
    now = int(timezone.now().timestamp())
    assert not is_dead(link(made_at=now - 86_400 + 60))
    assert is_dead(link(made_at=now - 86_400 - 1))
    assert noted() != []


def test_a_forged_link_is_dead(settings):
    path = link()
    token, name = path.split("/")[2:]
    other = link(INVENTORY).split("/")[2]
    for forged in (
        token[:-1] + "AB"[token[-1] == "A"],
        "a" + token,
        token.split(":")[0] + ":" + other.split(":")[1],
    ):
        assert is_dead(f"/downloads/{forged}/{name}")
    settings.SECRET_KEY = "another key altogether, of forty letters"
    assert is_dead(path)
    settings.SECRET_KEY_FALLBACKS = ["only-the-tests-know-this-key-and-everybody-who-reads-it"]
    assert not is_dead(path)


def test_the_token_of_another_artifact_or_organization_is_dead():
    token = link(INVENTORY).split("/")[2]
    assert is_dead(f"/downloads/{token}/{DEPLOY}")
    globex = organization("globex").pk
    assert is_dead(link(organization_id=globex))
    assert is_dead(link(member_id=membership("globex", "admin@globex.example").pk))


@pytest.mark.parametrize(
    "name",
    [
        "other.zip",
        "..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "..%5c..%5cwin.ini",
        DEPLOY + ".",
        "x" * 5000,
    ],
)
def test_no_other_name_leads_out_of_the_store(name):
    token = link().split("/")[2]
    assert get(f"/downloads/{token}/{name}").status_code == 404
    assert noted() == []


def test_a_nul_in_the_name_is_refused():
    assert get(link() + "%00").status_code == 400


def test_a_companion_is_downloaded_the_same_way():
    package = artifact()
    Artifact.objects.create(
        release=package.release, package=package, kind="signature", platform="linux",
        file_name=DEPLOY + ".asc", size=package.size, sha256=package.sha256,
    )  # fmt: skip
    answer = get(link(DEPLOY + ".asc"))
    assert body(answer) == data() and answer["Content-Type"] == "application/pgp-signature"


def test_what_the_database_covers_is_what_a_license_covers():
    moments = [None, -400, -64, -30, -12, 5]
    granted, house = license_of("acme", "deploy"), organization("acme")
    for status in ("active", "suspended"):
        for starts in (-632, -20, 3):
            for ends in moments:
                if ends is not None and ends < starts:
                    continue
                now = timezone.now()
                granted.status, granted.renews = status, False
                granted.starts_at = now + dt.timedelta(days=starts)
                granted.ends_at = None if ends is None else now + dt.timedelta(days=ends)
                granted.save()
                found = downloads.entitled(house.pk).filter(release__product=granted.product)
                covered = {
                    each.pk
                    for each in Artifact.objects.filter(release__product=granted.product)
                    if granted.covers(each.release)
                }
                assert {each.pk for each in found} == covered, (status, starts, ends)


def test_four_queries_lead_to_the_first_byte(django_assert_num_queries, world):
    path = link()
    get(path)
    path = link()
    more = 3  # a test's savepoint, its release, and the scope before it
    with django_assert_num_queries(4 + more):
        assert get(path, Range="bytes=0-9").status_code == 206
    with django_assert_num_queries(3 + more):
        assert get(path, Range="bytes=10-").status_code == 206


def test_a_file_that_is_not_in_the_store_is_our_mistake_and_no_token_is_logged(settings, caplog):
    path, settings.FILES_STORE = link(), "/nowhere"
    client = Client(raise_request_exception=False)
    assert client.get(path).status_code == 500
    assert "/downloads/…/" in caplog.text and path.split("/")[2] not in caplog.text


def test_more_downloads_than_there_is_room_for_are_asked_to_wait(settings):
    settings.WEB_DOWNLOADS = 2
    running = [get(link()) for _ in range(2)]
    answer = get(link())
    assert answer.status_code == 503 and answer["Retry-After"] == "30"
    assert get(link(), "head").status_code == 200
    assert body(running[0]) == data()
    assert get(link()).status_code == 200
