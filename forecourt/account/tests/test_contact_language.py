"""Contacts are written to in their language, where the portal speaks more than one. S52, S53, S40."""

import copy
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from forecourt.account.actions import add_contact
from forecourt.account.tests.contacts import (
    ADD,
    ADMIN,
    KIM,
    MEMBER,
    PAGE,
    PENCIL,
    PRIMARY,
    STRANGER,
    contact,
    path,
    primary,
    traces,
    words,
)
from forecourt.core.actors import System
from forecourt.orgs.contacts import confirm
from tests.cast import membership, organization, text_of

SUBJECT = "The sign-in rules of %(organization)s were changed"
DAY = {"second_factor_from": "2099-12-31", "second_factor": "on", "session_hours": ""}


@pytest.fixture
def german(settings, tmp_path: Path) -> None:
    """The portal speaks German, too: Django's own words, and one sentence of ours."""
    there = tmp_path / "de" / "LC_MESSAGES"
    there.mkdir(parents=True)
    catalog = Catalog(locale="de")
    catalog.add(SUBJECT, "Anmelderegeln von %(organization)s geändert", flags=["python-format"])
    with (there / "django.mo").open("wb") as file:
        write_mo(file, catalog)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)  # so that they are compiled anew


def reader(address: str, **more: str) -> None:
    """A contact who has confirmed and is told of changed rules."""
    made = add_contact(System(1), **{**KIM, "email": address, "kinds": ["member_changes"]}, **more)
    organization("acme")
    confirm(made.pk)


def tell_all(browser, mailbox) -> dict[str, tuple[str, str]]:
    """Subject and text of the news of changed sign-in rules, by reader."""
    assert browser(ADMIN).post(f"{PAGE}sign-in/", DAY).status_code == 303
    news = [m for m in mailbox.deliver() if "rules" in m["Subject"] or "regeln" in m["Subject"]]
    return {m["To"]: (m["Subject"], text_of(m)) for m in news}


def test_a_contact_reads_their_language_and_everybody_else_the_portals(
    world, german, browser, mailbox
):
    """Subject, sentences and days, and each alone: one who reads German changes nothing for the next."""
    reader(STRANGER, language="de")
    reader("lee@new.example")
    news = tell_all(browser, mailbox)
    subject, text = news[STRANGER]
    assert subject == "Anmelderegeln von Acme geändert" and "Dez 31, 2099" in text
    for who in (ADMIN, "lee@new.example"):
        subject, text = news[who]
        assert "were changed" in subject and "Dec 31, 2099" in text


def test_a_language_that_is_not_spoken_any_more_is_the_portals(world, german, browser, mailbox):
    reader(STRANGER)
    organization("acme").contacts.filter(email=STRANGER).update(language="fr")
    subject, text = tell_all(browser, mailbox)[STRANGER]
    assert "were changed" in subject and "Dec 31, 2099" in text


def test_it_is_chosen_in_the_dialogs_and_stands_in_the_list(world, german, browser):
    admin = browser(ADMIN)
    assert '<option value="de">Deutsch</option>' in admin.get(ADD).content.decode()
    assert admin.post(ADD, {**KIM, "language": "de"}).status_code == 303
    assert contact(STRANGER).language == "de" and "Deutsch" in words(admin.get(PAGE))
    assert '<option value="de" selected>' in admin.get(path(STRANGER)).content.decode()
    admin.post(path(STRANGER), KIM)
    assert contact(STRANGER).language == "" and "Deutsch" not in words(admin.get(PAGE))
    browser(PRIMARY).post(PENCIL, {**KIM, "email": PRIMARY, "language": "de"})
    assert contact(PRIMARY).language == "de"
    browser(PRIMARY).post(PENCIL, {**KIM, "email": MEMBER, "language": "de"})
    assert contact(primary()).language == "de" and membership("acme", MEMBER).is_primary


@pytest.mark.parametrize("where", [ADD, PENCIL])
def test_a_language_that_the_portal_does_not_speak_is_refused(world, german, browser, where):
    before = traces()
    answer = browser(PRIMARY).post(where, {**KIM, "language": "xx"})
    assert answer.status_code == 422 and "does not speak this language" in words(answer)
    assert traces() == before


def test_with_one_language_there_is_nothing_to_choose(world, browser):
    """Whatever is sent."""
    admin = browser(ADMIN)
    assert "Language" not in words(admin.get(ADD)) + words(admin.get(PAGE))
    assert admin.post(ADD, {**KIM, "language": "de"}).status_code == 303
    assert contact(STRANGER).language == ""
