"""Another name for the organization, and another address in the portal. D6, D12, S49."""

import pytest
from django.db import transaction

from forecourt.account.renaming import MOST_FORMER, rename_organization
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Refused
from forecourt.members.actions import start_organization
from forecourt.orgs.models import FormerSlug, Organization
from forecourt.orgs.slugs import wait_for_turn
from tests.cast import organization, prove, text_of
from tests.racing import one_by_one

ADMIN, MEMBER, PRIMARY = "admin@acme.example", "member@acme.example", "primary@acme.example"
PAGE, SAVE = "/o/acme/account/", "/o/acme/account/name/"


def rename(client, name: str = "Acme", slug: str = "acme", where: str = SAVE):
    return client.post(where, {"name": name, "slug": slug})


def test_the_name_changes_and_the_address_stays(world, browser, mailbox):
    admin = browser(ADMIN)
    answer = rename(admin, "  Acme \t Works ")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "Acme Works" in admin.get(PAGE).content.decode()
    acme = organization("acme")
    (event,) = AuditEvent.objects.filter(event="organization.renamed")
    assert (event.before["name"], event.after["name"]) == ("Acme", "Acme Works")
    assert acme.name == "Acme Works" and not FormerSlug.objects.exists()
    (letter,) = mailbox.to(ADMIN)
    assert letter["Subject"] == f"{ADMIN} renamed Acme"
    assert "Acme Works" in text_of(letter) and "former address" not in text_of(letter)


def test_the_address_changes_where_the_admin_says_so(world, browser, mailbox):
    admin = browser(ADMIN)
    answer = rename(admin, "Acme", "acme-works")
    assert (answer.status_code, answer["Location"]) == (303, "/o/acme-works/account/")
    assert admin.get("/o/acme-works/members/").status_code == 200
    assert "/o/acme-works/" in text_of(mailbox.to(ADMIN)[0])
    assert "go on to work" in text_of(mailbox.to(ADMIN)[0])
    assert organization("acme-works").former_slugs.get().slug == "acme"


def test_pressed_twice_it_is_noted_once(world, browser):
    for _press in range(2):
        assert rename(browser(ADMIN), "Acme Works").status_code == 303
    organization("acme")
    assert AuditEvent.objects.filter(event="organization.renamed").count() == 1


@pytest.mark.parametrize("who", [MEMBER, PRIMARY])
def test_nobody_but_admins_renames_it(world, browser, who):
    client = browser(who)
    assert rename(client, "Mine", "mine").status_code == client.get(SAVE).status_code == 403
    assert SAVE not in client.get(PAGE).content.decode()
    assert SAVE in browser(ADMIN).get(PAGE).content.decode()
    assert organization("acme").name == "Acme"


def test_it_wants_a_fresh_proof(world, browser):
    """O26."""
    admin = browser(ADMIN)
    prove(admin, "password", minutes_ago=60)
    assert "/accounts/" in rename(admin, "Mine")["Location"]
    assert organization("acme").name == "Acme"


@pytest.mark.parametrize("query", ["", "?q=dana&role=admin"])
def test_a_former_address_leads_members_on_to_the_same_page(world, browser, query):
    rename(browser(ADMIN), "Acme", "acme-works")
    for path in ("members/", "account/", "products/", ""):
        answer = browser(MEMBER).get(f"/o/acme/{path}{query}")
        assert (answer.status_code, answer["Location"]) == (302, f"/o/acme-works/{path}{query}")
    answer = browser(MEMBER).get("/o/acme/members/", follow=True)
    assert answer.status_code == 200


def test_a_form_that_stood_open_meanwhile_is_not_lost(world, browser):
    admin = browser(ADMIN)
    rename(admin, "Acme", "acme-works")
    answer = rename(admin, "Acme Works", "acme-works")
    assert (answer.status_code, answer["Location"]) == (307, "/o/acme-works/account/name/")
    admin.post(SAVE, {"name": "Acme Works", "slug": "acme-works"}, follow=True)
    assert organization("acme-works").name == "Acme Works"


@pytest.mark.parametrize("who", ["admin@globex.example", "nobody@example.com"])
def test_strangers_learn_nothing_of_a_former_address(world, browser, who):
    """D12: byte for byte what an address gets that never was."""
    rename(browser(ADMIN), "Acme", "acme-works")
    client = browser(who)
    for method in (client.get, client.post):
        former, never = method("/o/acme/members/"), method("/o/never-was/members/")
        assert former.status_code == never.status_code == (404 if method == client.get else 405)
        assert former.content == never.content
    answer = browser().get("/o/acme/members/")
    assert answer["Location"] == "/accounts/login/?next=/o/acme/members/"


def test_whoever_was_removed_is_led_nowhere(world, browser):
    rename(browser(ADMIN), "Acme", "acme-works")
    client = browser(MEMBER)
    organization("acme-works").memberships.get(user__email=MEMBER).delete()
    assert client.get("/o/acme/members/").status_code == 404


def test_the_gate_asks_no_more_than_before(world, browser, django_assert_num_queries):
    rename(browser(ADMIN), "Acme", "acme-works")
    client = browser(MEMBER)
    client.get("/o/acme-works/account/")
    with django_assert_num_queries(6):  # session, membership, the scope's end; the contacts
        client.get("/o/acme-works/account/")
    with django_assert_num_queries(4):
        assert client.get("/o/acme/account/").status_code == 302


def test_a_former_address_is_nobody_elses_for_good(world, browser):
    rename(browser(ADMIN), "Acme", "acme-works")
    answer = rename(browser("admin@globex.example"), "Globex", "acme", "/o/globex/account/name/")
    assert answer.status_code == 422
    assert "Another organization has this address, or had it." in answer.content.decode()
    assert start_organization("Acme", "new@acme.example").slug == "acme-2"
    with pytest.raises(Exception, match="kept for ever"):
        organization("acme-works").former_slugs.all().delete()


def test_its_own_former_address_an_organization_has_again(world, browser):
    admin = browser(ADMIN)
    rename(admin, "Acme", "acme-works")
    answer = rename(admin, "Acme", "acme", "/o/acme-works/account/name/")
    assert answer["Location"] == PAGE
    assert admin.get(PAGE).status_code == 200
    assert admin.get("/o/acme-works/account/")["Location"] == PAGE


def test_two_former_addresses_lead_to_the_present_one_at_once(world, browser):
    admin = browser(ADMIN)
    rename(admin, "Acme", "second")
    rename(admin, "Acme", "third", "/o/second/account/name/")
    for former in ("acme", "second"):
        assert admin.get(f"/o/{former}/account/")["Location"] == "/o/third/account/"


def test_nobody_collects_addresses(world):
    acme = organization("acme").pk
    for number in range(MOST_FORMER):
        rename_organization(System(acme), name="Acme", slug=f"acme-{number}")
    with pytest.raises(Refused, match="too often"):
        rename_organization(System(acme), name="Acme", slug="one-more")
    rename_organization(System(acme), name="Acme", slug="acme")  # one of its own goes on to


BAD = ["a", "-ab", "ab-", "a--b", "Ab", "ä-b", "a_b", "a b", "a/b", "12345", "admin", "x" * 61]
BAD += ["globex", "0f8fad5b-d9cb-469f-a165-70867728950e", "..", "<b>", "ab\n"]


@pytest.mark.parametrize("slug", BAD)
def test_what_cannot_be_an_address_is_refused_and_kept(world, browser, slug):
    answer = rename(browser(ADMIN), "New name", slug)
    if slug.strip() == "ab":
        return  # spaces around it do not count
    markup = answer.content.decode()
    assert answer.status_code == 422 and 'aria-invalid="true"' in markup and "New name" in markup
    found = organization("acme")
    assert (found.name, found.slug) == ("Acme", "acme")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\x07b", "a\u202eb"])
def test_what_cannot_be_a_name_is_refused(world, browser, name):
    assert rename(browser(ADMIN), name).status_code == 422
    assert organization("acme").name == "Acme"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }} %s", "=1+1", "Ä & Ö"])
def test_a_hostile_name_is_text_everywhere(world, browser, mailbox, name):
    """A137, A139."""
    admin = browser(ADMIN)
    rename(admin, name)
    for page in ("account/", "members/", "account/activity/", "account/name/"):
        markup = admin.get(f"/o/acme/{page}").content.decode()
        assert "<script>alert" not in markup
    assert name in text_of(mailbox.to(ADMIN)[0])
    assert Organization.objects.filter(name=name).exists() or organization("acme").name == name


@pytest.mark.parametrize("first", ["acme", "globex"])
def test_an_address_that_is_just_left_behind_is_nobodys_to_take(committed_world, first):
    def ask(slug: str, new: str):
        def run() -> str:
            try:
                return rename_organization(System(numbers[slug]), name="Any", slug=new).slug
            except Refused as refusal:
                return refusal.sentence

        return run

    with transaction.atomic():
        numbers = {slug: organization(slug).pk for slug in ("acme", "globex")}
    asked = [ask("acme", "acme-works"), ask("globex", "acme")]
    answers = one_by_one(wait_for_turn, *(asked if first == "acme" else reversed(asked)))
    assert sorted(answers) == ["Another organization has this address, or had it.", "acme-works"]
