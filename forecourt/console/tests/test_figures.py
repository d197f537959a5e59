"""The figures of each day, and how they are drawn."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from forecourt.billing import periods
from forecourt.billing.models import Subscription
from forecourt.console import figures
from forecourt.console.models import Figure
from forecourt.console.tests.suspending import suspend
from forecourt.console.tests.test_console import at_work
from forecourt.core import scope
from forecourt.demo import books
from forecourt.demo.world import PASSWORD
from forecourt.orgs.models import Organization
from tests.cast import organization

pytestmark = pytest.mark.usefixtures("world")


def value(name, back=1):
    day = periods.today() - dt.timedelta(back)
    return Figure.objects.get(name=name, day=day).value


def test_a_day_counts_who_was_a_customer_when_it_was_over():
    house = organization("acme")
    Organization.objects.filter(pk=house.pk).update(created_at=timezone.now() - dt.timedelta(5))
    scope.clear()
    figures.catch_up()
    assert value(figures.ORGANIZATIONS, 5) == value(figures.ORGANIZATIONS, 1)
    assert value(figures.ORGANIZATIONS, 6) == value(figures.ORGANIZATIONS, 5) - 1


def test_only_active_licenses_count():
    house = organization("acme")
    house.licenses.update(starts_at=timezone.now() - dt.timedelta(9), status="suspended")
    scope.clear()
    figures.count(periods.today() - dt.timedelta(1))
    before = value(figures.LICENSES)
    house = organization("acme")
    number = house.licenses.update(status="active", ends_at=None, renews=False)
    scope.clear()
    figures.count(periods.today() - dt.timedelta(1))
    assert number and value(figures.LICENSES) == before + number


def test_those_of_a_suspended_customer_do_not_count_from_then_on():
    figures.count(periods.today())
    before = value(figures.LICENSES, 0)
    figures.count(periods.today() - dt.timedelta(1))
    yesterday = value(figures.LICENSES)
    suspend("acme")
    theirs = organization("acme").licenses.filter(status="active").count()
    scope.clear()
    figures.count(periods.today())
    figures.count(periods.today() - dt.timedelta(1))
    assert theirs > 0
    assert (value(figures.LICENSES, 0), value(figures.LICENSES)) == (before - theirs, yesterday)


def test_a_yearly_price_counts_a_twelfth_a_month():
    books.books()
    scope.clear()
    figures.count(periods.today())
    with scope.across_organizations("test"):
        running = Subscription.objects.select_related("plan").exclude(status="ended")
        expected = sum(
            each.seats * each.unit_amount / each.plan.months
            for each in running
            if each.plan.currency == "EUR"
        )
    assert value("revenue EUR", 0) == round(expected) > 0


def test_sign_ins_of_a_day_are_counted():
    typed = {"login": "admin@acme.example", "password": PASSWORD}
    Client().post("/accounts/login/", {**typed, "password": "not this one"})
    Client().post("/accounts/login/", typed)
    at_work().post("/console/lists/contacts/export/")  # which the house's log has, too
    scope.clear()
    figures.count(periods.today())
    assert value(figures.SIGN_INS, 0) == 1


def test_the_overview_draws_them_and_says_the_numbers():
    assert "<polyline" not in at_work().get("/console/").content.decode()
    figures.catch_up()
    page = at_work().get("/console/").content.decode()
    assert page.count("<polyline") == 3
    assert "Organizations from" in page
    assert "Show the numbers" in page


def test_what_was_counted_is_left_as_it_was():
    figures.catch_up()
    Figure.objects.filter(name=figures.ORGANIZATIONS).update(value=77)
    figures.catch_up()
    assert value(figures.ORGANIZATIONS, 30) == 77
