"""Invitation floods are limited: O28, and guessing links is slowed down."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.tests.reading import HERE, page_words
from tests.cast import organization, pending

INVITE = HERE + "invitations/"


def assert_too_many(answer, sentence):
    assert answer.status_code == 429
    assert sentence in page_words(answer)
    assert "Try again at" in page_words(answer)
    assert 3_000 < int(answer["Retry-After"]) <= 3_601


def test_a_person_may_send_so_many_an_hour(world, browser, settings):
    """O28: the limit of a person, exactly, with a page that says when to try again."""
    settings.INVITATIONS_PER_HOUR_PERSON = 3
    member = browser("member@acme.example")
    statuses = [member.post(INVITE, {"email": f"p{n}@example.com"}).status_code for n in range(3)]
    assert statuses == [303, 303, 303]
    mails = Mail.objects.count()
    assert_too_many(member.post(INVITE, {"email": "p3@example.com"}), "You have sent 3 invitations")
    organization("acme")
    assert Mail.objects.count() == mails + 3
    assert not organization("acme").invitations.filter(email="p3@example.com").exists()
    other = browser("both@example.com")
    assert other.post(INVITE, {"email": "p3@example.com"}).status_code == 303


def test_an_organization_may_send_so_many_an_hour(world, browser, settings):
    """O28: the limit of an organization binds all its people, and no other organization."""
    settings.INVITATIONS_PER_HOUR_ORGANIZATION = 2
    browser("member@acme.example").post(INVITE, {"email": "p0@example.com"})
    browser("both@example.com").post(INVITE, {"email": "p1@example.com"})
    admin = browser("admin@acme.example")
    assert_too_many(admin.post(INVITE, {"email": "p2@example.com"}), "Your organization has sent 2")
    globex = browser("both@example.com").post(
        "/o/globex/members/invitations/", {"email": "p2@example.com"}
    )
    assert globex.status_code == 303


def test_one_address_gets_so_many_an_hour(world, browser):
    """O28: nobody's mailbox is flooded by resending and inviting again."""
    admin = browser("admin@acme.example")
    for _time in range(10):
        admin.post(INVITE, {"email": "kim@example.com"})
    resend = f"{INVITE}{pending('acme', 'kim@example.com').pk}/resending/"
    for answer in (admin.post(resend), admin.post(INVITE, {"email": "KIM@example.com"})):
        assert_too_many(answer, "This address was sent 10 invitations")
    assert pending("acme", "kim@example.com").generation == 10


def test_revoking_does_not_give_the_number_back(world, browser, settings):
    """O28: invite, revoke, invite again counts every time."""
    settings.INVITATIONS_PER_HOUR_PERSON = 2
    member = browser("member@acme.example")
    for _time in range(2):
        member.post(INVITE, {"email": "kim@example.com"})
        member.post(f"{INVITE}{pending('acme', 'kim@example.com').pk}/revocation/")
    assert member.post(INVITE, {"email": "kim@example.com"}).status_code == 429


def test_an_hour_later_it_goes_on(world, browser, settings):
    """O28: only the last hour counts."""
    settings.INVITATIONS_PER_HOUR_PERSON = 1
    member = browser("member@acme.example")
    old = timezone.now() - dt.timedelta(minutes=61)
    me = organization("acme").memberships.get(user__email="member@acme.example")
    AuditEvent.objects.create(
        organization_id=me.organization_id,
        actor_kind="member",
        actor_id=str(me.user_id),
        event="member.invited",
        at=old,
    )
    assert member.post(INVITE, {"email": "p0@example.com"}).status_code == 303
    assert member.post(INVITE, {"email": "p1@example.com"}).status_code == 429


@pytest.mark.parametrize("suffix", ["", "acceptance/", "account/", "declination/"])
def test_guessing_links_is_slowed_down(world, browser, settings, suffix):
    """D12, O28: past 60 dead links a minute an address waits; another address does not, and
    live links are none of it."""
    guesser = browser(REMOTE_ADDR="198.51.100.7")
    method = guesser.post if suffix else guesser.get
    statuses = [method(f"/invitations/guess-{n}/{suffix}").status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]
    slowed = guesser.get("/invitations/one-more/")
    assert slowed.status_code == 429
    assert 1 <= int(slowed["Retry-After"]) <= 61
    assert browser(REMOTE_ADDR="198.51.100.8").get("/invitations/guess/").status_code == 404
    live = f"/invitations/{pending('acme', 'new.hire@acme.example').token()}/"
    assert guesser.get(live).status_code == 200


def test_the_count_is_behind_the_organizations_lock(world, browser):
    """O28: so two requests at once cannot both be the last that fits."""
    admin = browser("admin@acme.example")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        admin.post(INVITE, {"email": "kim@example.com"})
    sql = [query["sql"].lower() for query in asked.captured_queries]
    locked = next(n for n, text in enumerate(sql) if "for no key update" in text)
    counted = next(n for n, text in enumerate(sql) if "core_auditevent" in text and "count" in text)
    assert locked < counted
