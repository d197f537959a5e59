"""A link that works once, for one, and only by a POST: D1, D11, D12, D14, O5, O6, S36."""

import hashlib
import json

import pytest
from django.core import serializers
from django.db import connection

from forecourt.core.models import AuditEvent, Mail
from forecourt.members.models import Invitation
from forecourt.members.tests.reading import FIRST, HERE, invite, page_words
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import (
    link_of,
    organization,
    pending,
)

INVITE = HERE + "invitations/"
NEW = "new.hire@acme.example"
SENTENCE = {"password": "a long sentence of mine", "name": "Kim Park"}


def everything():
    """A digest of all rows that an invitation can touch; sessions and last-seen are not among
    them (D11)."""
    rows = []
    for model in (Invitation, Membership, User, AuditEvent, Mail):
        with connection.cursor() as cursor:
            cursor.execute("select set_config('forecourt.organization', '1', false)")
        found = json.loads(serializers.serialize("json", model.objects.order_by("pk")))
        for row in found:
            row["fields"].pop("last_seen_at", None)
            row["fields"].pop("last_login", None)
        rows.append(found)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def test_only_the_holder_of_a_link_learns_that_an_account_exists(world, browser):
    """S27, D12: an invented link says nothing about anybody."""
    assert "exist" not in page_words(browser().get("/invitations/invented/"))
    link = invite(browser, "nobody@example.com")
    assert "already an account with nobody@example.com" in page_words(browser().get(link))


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("suffix", ["", "acceptance/", "account/", "declination/", "switch/"])
def test_looking_changes_nothing(world, browser, method, suffix):
    """D11, O6: mail scanners open every link; whoever they are signed in as."""
    link = invite(browser, "nobody@example.com")
    visitors = browser(), browser("nobody@example.com"), browser("admin@globex.example")
    before = everything()
    for visitor in visitors:
        assert getattr(visitor, method)(link + suffix).status_code in (200, 302, 303, 405)
        assert everything() == before
    assert pending("acme", "nobody@example.com").token() in link


def dead_links(browser):
    """Five links that do not work, each for a reason of its own."""
    admin = browser("admin@acme.example")
    used = invite(browser, "used@example.com")
    browser().post(used + "account/", SENTENCE)
    revoked = invite(browser, "revoked@example.com")
    admin.post(f"{INVITE}{pending('acme', 'revoked@example.com').pk}/revocation/")
    replaced = invite(browser, "again@example.com")
    admin.post(INVITE, {"email": "again@example.com"})
    declined = invite(browser, "declined@example.com")
    browser().post(declined + "declination/")
    return {
        "used": used,
        "revoked": revoked,
        "replaced": replaced,
        "declined": declined,
        "expired": link_of("acme", "late.reply@acme.example"),
        "invented": "/invitations/Zm9yZWNvdXJ0LWludmVudGVkLXRva2VuLTEyMzQ1Njc/",
        "cut": used[:-3] + "/",
        "empty-ish": "/invitations/null/",
        "odd": "/invitations/%5B%5D/",
    }


@pytest.mark.parametrize("who", ["", "admin@globex.example"])
def test_every_dead_link_is_one_page_byte_for_byte(world, browser, who):
    """D12: used, expired, revoked, replaced, declined, invented: one status, the same bytes, no
    organization, inviter or address; by GET and by each POST."""
    links, visitor = dead_links(browser), browser(who)
    before = everything()
    for suffix in (None, "acceptance/", "account/", "declination/"):
        answers = [
            visitor.get(link) if suffix is None else visitor.post(link + suffix, SENTENCE)
            for link in links.values()
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        headers = [
            {k: v for k, v in answer.headers.items() if "policy" not in k.lower()}
            for answer in answers
        ]
        assert all(found == headers[0] for found in headers)
    text = page_words(answers[0])
    assert not any(word in text for word in ("Acme", "Dana", "@example.com"))
    assert everything() == before


def test_a_link_is_dead_for_whoever_used_it_and_for_whoever_finds_it(world, browser):
    """S36, A001: replayed as nobody, as the person, as a stranger: no session, no password."""
    link = link_of("acme", NEW)
    kim = browser()
    kim.post(link + "account/", SENTENCE)
    for visitor in (browser(), kim, browser("admin@globex.example")):
        assert visitor.get(link).status_code == 404
    thief = browser()
    assert thief.post(link + "account/", {"password": "another long sentence"}).status_code == 404
    assert thief.get(HERE).status_code == 302
    assert browser().post("/accounts/login/", {"login": NEW, **SENTENCE}).status_code == 302


def test_pressing_twice_joins_once(world, browser):
    """A076: the second press of the same button leads where the first led."""
    link = invite(browser, "nobody@example.com")
    nobody = browser("nobody@example.com")
    answers = [nobody.post(link + "acceptance/") for _press in range(2)]
    assert [answer["Location"] for answer in answers] == [FIRST, FIRST]
    kim, link = browser(), link_of("acme", NEW)
    answers = [kim.post(link + "account/", SENTENCE) for _press in range(2)]
    assert [answer["Location"] for answer in answers] == [FIRST, FIRST]
    for email in (NEW, "nobody@example.com"):
        assert organization("acme").memberships.filter(user__email=email).count() == 1
        events = AuditEvent.objects.filter(event="member.joined", object_label=email)
        assert events.count() == 1


def test_the_token_is_nowhere_but_in_the_mail(world, browser):
    """D14: not in the rows, the jobs, the list, the dialogs."""
    invite(browser, "kim@example.com")
    token, admin = pending("acme", "kim@example.com").token(), browser("admin@acme.example")
    pk = pending("acme", "kim@example.com").pk
    for path in (HERE, f"{INVITE}{pk}/revocation/", HERE + "?role=pending&q=kim"):
        assert token not in admin.get(path).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(string_agg(args::text, ''), '') from procrastinate_jobs")
        assert token not in cursor.fetchone()[0]
    found = organization("acme").invitations.get(pk=pk)
    assert token not in str(vars(found))
    assert found.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 43  # 256 bits
