"""The vendor's staff do by commands what there is no page for yet: plans, subscriptions, invoices."""

import datetime as dt
import re

import pytest

from forecourt.billing import periods
from forecourt.billing.models import Invoice, Payment, Plan, Subscription
from forecourt.billing.tests.books import due_today, invoices
from forecourt.config.cli import main
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from tests.cast import organization

ADD = ["plan", "add", "deploy", "Team", "--interval", "month"]
EURO = [*ADD, "--currency", "EUR", "--price", "19.99"]
START = ["subscription", "start", "acme", "deploy-team-eur", "--seats", "4"]


def refused(capsys, *words: str) -> str:
    """The one line in which a command is refused."""
    capsys.readouterr()
    assert main([*words]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("forecourt: ") and len(said.splitlines()) == 1
    return said


def said(capsys, *words: str) -> str:
    """What a command answers that does its work."""
    capsys.readouterr()
    assert main([*words]) == 0
    return capsys.readouterr().out


def log() -> list[AuditEvent]:
    """Everything in the audit log, the house's own events too."""
    with scope.across_organizations("a test looks"):
        return list(AuditEvent.objects.order_by("pk"))


@pytest.fixture
def started(world) -> Subscription:
    """Four seats of a monthly plan of Acme's for 19.99 euros."""
    assert main(EURO) == main(START) == 0
    organization("acme")
    return Subscription.objects.get()


def test_a_plan_is_added_listed_and_withdrawn(world, capsys):
    assert "can be had as deploy-team-eur" in said(capsys, *EURO)
    made = Plan.objects.get()
    assert (made.unit_amount, made.interval, made.tax_behavior) == (1999, "month", "exclusive")
    assert [(row.event, row.actor_label) for row in log()] == [("plan.added", "Lumen Tools")]
    line = "deploy-team-eur  Team: €19.99 a seat and month"
    assert line + "\n" in said(capsys, "plan", "list")
    assert "offered no more" in said(capsys, "plan", "withdraw", made.slug)
    assert line + ", withdrawn" in said(capsys, "plan", "list")
    assert "No plan" in refused(capsys, *START)


@pytest.mark.parametrize(
    ("currency", "price", "minor"),
    [("JPY", "1999", 1999), ("KWD", "19.99", 19990), ("USD", "0", 0), ("EUR", "1e2", 10000)],
)
def test_a_price_is_typed_in_the_currency_itself(world, currency, price, minor):
    assert main([*ADD, "--currency", currency, "--price", price, "--inclusive"]) == 0
    made = Plan.objects.get()
    assert (made.unit_amount, made.is_inclusive) == (minor, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--currency", "EUR", "--price", "19.999"], "no amount of EUR"),
        (["--currency", "JPY", "--price", "19.5"], "no amount of JPY"),
        (["--currency", "KWD", "--price", "1.234"], "two decimals"),
        (["--currency", "EUR", "--price", "many"], "is no amount"),
        (["--currency", "EUR", "--price", "NaN"], "no amount"),
        (["--currency", "EUR", "--price", "Infinity"], "no amount"),
        (["--currency", "EUR", "--price", "1e999999"], "is no amount"),
        (["--currency", "EUR", "--price=-1"], "0 or more"),
        (["--currency", "EUR", "--price", "99999999999.00"], "not as much"),
        (["--currency", "XYZ", "--price", "1"], "no currency"),
        (["--currency", "eur", "--price", "1"], "no currency"),
        (["--currency", "EUR", "--price", "1", "--slug", "x" * 90], "slug"),
        (["--currency", "EUR", "--price", "1", "--slug", "no slug"], "slug"),
    ],
)
def test_what_makes_no_plan_is_refused(world, capsys, words, sentence):
    assert re.search(sentence, refused(capsys, *ADD, *words))
    assert not Plan.objects.exists() and not log()


def test_names_that_nobody_has_are_refused(started, capsys):
    assert "no product" in refused(capsys, "plan", "add", "x", *EURO[3:])
    assert "already" in refused(capsys, *EURO)
    assert "no plan" in refused(capsys, "plan", "withdraw", "x")
    assert "no organization" in refused(capsys, "subscription", "list", "hooli")
    assert "no plan" in refused(capsys, "subscription", "start", "acme", "x", "--seats", "1")
    for verb in ("cancel", "resume", "end"):
        assert "no subscription" in refused(capsys, "subscription", verb, "999")
    assert "no subscription" in refused(capsys, "subscription", "end", "9" * 30)
    assert "no invoice" in refused(capsys, "invoice", "paid", "LT-2020-00001")
    assert "no organization" in refused(capsys, "invoice", "list", "hooli")


def test_a_subscription_starts_with_license_and_invoice(started, capsys):
    organization("acme")
    assert (started.seats, started.license.seats, invoices().get().net) == (4, 4, 7996)
    line = f"{started.pk}  deploy-team-eur, 4 seats, €79.96, renews {started.period_end}\n"
    assert said(capsys, "subscription", "list", "acme") == line


def test_it_starts_on_a_day_and_for_a_price_of_its_own(world):
    main(EURO)
    day = periods.today() + dt.timedelta(days=9)
    assert main([*START, "--starts", day.isoformat(), "--price", "10"]) == 0
    organization("acme")
    made = Subscription.objects.get()
    assert (made.anchor_date, made.unit_amount, invoices().get().net) == (day, 1000, 4000)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--seats", "0"], "1 to 1,000,000"),
        (["--seats", "1000000000"], "1 to 1,000,000"),
        (["--starts", "2027-02-30"], "is no day"),
        (["--starts", "2001-01-01"], "a month back"),
        (["--price", "0.001"], "no amount of EUR"),
        (["--price=-5"], "no price"),
    ],
)
def test_what_makes_no_subscription_is_refused(world, capsys, words, sentence):
    main(EURO)
    assert sentence in refused(capsys, *START, *words)
    organization("acme")
    assert not Subscription.objects.exists() and not Invoice.objects.exists()
    assert [row.event for row in log()] == ["plan.added"]


def test_it_is_changed_canceled_resumed_and_ended_by_its_number(started, capsys):
    name = str(started.pk)
    assert "6 seats" in said(capsys, "subscription", "seats", name, "6")
    assert "ends" in said(capsys, "subscription", "cancel", name, "--reason", "They moved.")
    assert "Resume it first" in refused(capsys, "subscription", "seats", name, "7")
    assert "renews" in said(capsys, "subscription", "resume", name)
    assert ", ended" in said(capsys, "subscription", "end", name)
    assert "has ended" in refused(capsys, "subscription", "end", name)
    events = AuditEvent.objects.filter(event__startswith="subscription.").order_by("pk")
    names = ("started", "seats_changed", "canceled", "resumed", "ended")
    assert [event.event for event in events] == [f"subscription.{name}" for name in names]


def test_an_invoice_is_paid_in_parts_and_then_credited(started, capsys):
    number = invoices().get().number
    paid = ["invoice", "paid", number]
    assert "no more than is open" in refused(capsys, *paid, "--amount", "1000")
    assert "is no day" in refused(capsys, *paid, "--on", "yesterday")
    assert "open" in said(capsys, *paid, "--amount", "10.50", "--reference", "Bank 77")
    assert Payment.objects.get().reference == "Bank 77"
    assert f"{number}  {periods.today()}, €95.15, paid\n" == said(capsys, *paid)
    assert "not open" in refused(capsys, *paid)
    assert "Say why" in refused(capsys, "invoice", "credit", number, "--reason", " ")
    assert "issued" in said(capsys, "invoice", "credit", number, "--reason", "Wrong plan.")
    assert len(said(capsys, "invoice", "list", "acme").splitlines()) == 2


def test_an_invoice_is_saved_as_its_xml_and_as_nothing_else(started, capsys, tmp_path):
    number, file = invoices().get().number, tmp_path / "invoice.xml"
    assert number in said(capsys, "invoice", "save", number, str(file))
    assert number in file.read_text()
    assert "ends neither" in refused(capsys, "invoice", "save", number, str(tmp_path / "a.doc"))
    nowhere = str(tmp_path / "nowhere" / "a.xml")
    assert "nowhere" in refused(capsys, "invoice", "save", number, nowhere)


def test_the_clock_is_turned_by_a_command_and_then_finds_nothing(world, capsys):
    made = due_today(slug="due")
    assert said(capsys, "renew") == "1 renewed, 1 invoices issued, 0 ended.\n"
    assert said(capsys, "renew") == "0 renewed, 0 invoices issued, 0 ended.\n"
    until = periods.first_day(made.anchor_date, 12, 3).isoformat()
    assert said(capsys, "renew", "--until", until).startswith("2 renewed")
    assert said(capsys, "renew", "--until", until).startswith("0 renewed")
    assert "is no day" in refused(capsys, "renew", "--until", "soon")


def test_only_the_demo_turns_it_ahead_and_no_vendor_without_a_name_invoices(
    world, settings, capsys
):
    due_today(slug="due")
    settings.DEMO = False
    ahead = (periods.today() + dt.timedelta(days=2)).isoformat()
    assert "Only the demo" in refused(capsys, "renew", "--until", ahead)
    settings.SELLER = {**settings.SELLER, "name": ""}
    assert "SELLER" in refused(capsys, "renew")
    assert "SELLER" in refused(capsys, "subscription", "start", "acme", "due", "--seats", "1")


def test_a_license_that_a_subscription_decides_on_is_not_changed_alone(started, capsys):
    """The next renewal would undo it."""
    organization("acme")
    handle = str(started.license.handle)
    told = refused(capsys, "license", "end", handle)
    assert f"Subscription {started.pk} decides" in told
    organization("acme")
    assert not Subscription.objects.get(pk=started.pk).license.has_ended
    said(capsys, "subscription", "end", str(started.pk))
    said(capsys, "license", "end", handle)
