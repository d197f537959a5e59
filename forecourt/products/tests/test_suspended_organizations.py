"""While an organization is suspended none of its licenses is in force, from whichever door one asks;
the licenses themselves stay as they are."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from forecourt.billing import actions as billing
from forecourt.billing.tests.books import a_subscription, staff
from forecourt.console.tests.suspending import reopen, suspend
from forecourt.console.transfer import sending
from forecourt.core import scope
from forecourt.members.actions import preparing
from forecourt.products import tasks, telling
from forecourt.products.launching import standing
from forecourt.products.models import License, ProductClient
from forecourt.products.tests.downloading import get, link
from forecourt.products.tests.programs import ADMIN, BOTH, entitle, program
from forecourt.products.tests.test_notices import go_on, granted, news
from forecourt.products.tests.test_signing_out import is_closed, launches, told
from forecourt.products.tests.test_telling import grant, publish
from tests.cast import membership, organization, run_jobs

__all__ = ["told"]
ACME = "admin@acme.example"


def in_force(slug: str) -> int:
    found = License.in_force().filter(organization=organization(slug)).count()
    scope.clear()
    return found


def test_no_license_is_in_force_and_afterwards_each_is_as_it_was(world):
    before = in_force("acme"), in_force("globex")
    suspend()
    assert (in_force("acme"), in_force("globex")) == (0, before[1])
    house = organization("acme")
    valid = [each.is_valid for each in house.licenses.select_related("organization")]
    assert valid and not any(valid) and house.licenses.filter(status="active").exists()
    scope.clear()
    reopen()
    assert (in_force("acme"), in_force("globex")) == before


def test_links_that_were_given_out_give_nothing(world):
    here = link()
    suspend()
    for asked in (get(here), get(here, Range="bytes=5-9"), get(here, "head")):
        assert asked.status_code == 403
    assert b"suspended" in get(here).content
    reopen()
    assert get(here).status_code == 200


def test_whoever_is_signed_in_to_a_product_is_signed_out_of_it(world, browser, told):
    """O15: the product is told; a token is worth nothing before the job has run."""
    entitle("globex", BOTH)
    connect = program(logout_url=told.url)
    tokens = connect.tokens(browser(BOTH))
    suspend("globex")
    assert is_closed(connect, tokens)
    run_jobs()
    assert len(told.tokens) == 1 and all(each.ended_at for each in launches())
    reopen("globex")
    assert is_closed(connect, tokens)
    assert connect.tokens(browser(BOTH))["access_token"]


@pytest.mark.parametrize("product", ["connect", ""])
def test_nobody_is_signed_in_to_a_product(world, browser, product):
    """Also by a program that wants no license."""
    connect = program(product=product)
    suspend("globex")
    page = browser(ADMIN).get(connect.asks())
    assert page.status_code == 403 and b"is suspended" in page.content
    client = ProductClient.objects.get(client_id=connect.client_id)
    found = standing.of(membership("globex", ADMIN), client)
    assert not found.is_good and found.licenses == ()


def test_releases_are_not_told_to_it(world, mailbox):
    grant("globex", product="deploy")
    publish()
    suspend()
    publish("20.0.1")
    said = [each["Subject"] for each in mailbox.to(ACME)]
    assert len(said) == 1 and "suspended" in said[0]
    assert any("20.0.1" in each["Subject"] for each in mailbox.to("admin@globex.example"))


def test_the_end_of_a_license_is_told_once_it_is_open_again(world, mailbox):
    granted(31)
    news(mailbox)
    suspend()
    go_on(2)
    assert news(mailbox) == []
    reopen()
    tasks.find_endings(0)
    assert news(mailbox) == ["The license of Acme for Connect ends in 29 days"]


def test_a_mail_about_a_license_that_waited_is_not_sent(world, mailbox):
    telling.granted(1, granted(5).pk)  # queued, and not sent yet
    suspend()
    said = [each["Subject"] for each in mailbox.to(ACME)]
    assert len(said) == 1 and "suspended" in said[0]


def test_what_is_owed_is_told_as_ever(world, mailbox):
    suspend()
    made = a_subscription()
    said = [each["Subject"].lower() for each in mailbox.to("primary@acme.example")]
    assert any("invoice" in subject for subject in said)
    billing.end_subscription(staff(), subscription_id=made.pk)


def test_prepared_invitations_wait(world, mailbox):
    with transaction.atomic(), scope.organization(1):
        made = preparing.prepare(staff(), email="one@new.example", role="member", name="")
    scope.clear()
    suspend()
    assert sending.waiting() == 0 and sending.begin() == 0
    assert preparing.send_prepared(staff(), invitation_ids=[made.pk]) == 0
    reopen()
    assert sending.begin() == 1
    assert len(mailbox.to("one@new.example")) == 1


def test_staff_go_on_with_its_licenses(world):
    suspend()
    made = granted(60)
    assert made.ends_at > timezone.now() + dt.timedelta(days=50)
    assert not organization("acme").licenses.get(pk=made.pk).is_valid
