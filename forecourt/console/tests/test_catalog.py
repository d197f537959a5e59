"""The vendor's staff run the catalog in the console: products, releases taken back, plans."""

import datetime as dt

import pytest

from forecourt.billing.models import Plan
from forecourt.console.tests.test_console import at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.products.models import License, Product, Release

HERE = "/console/catalog/"
NEW = {"name": "Relay", "kind": "download", "key_prefix": "rlay", "is_listed": "on"}
DEPLOY = {"name": "Deploy", "description": "Puts things where they belong.", "is_listed": "on"}
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
PLAN = {"name": "Team", "price": "19.99", "currency": "eur", "interval": "year"}


def noted() -> list[AuditEvent]:
    with scope.across_organizations("a test looks"):
        return list(AuditEvent.objects.order_by("pk"))


def events() -> list[str]:
    return [row.event for row in noted()]


def test_everybody_in_the_console_sees_the_catalog(world):
    page = at_work("support").get(HERE).content.decode()
    for word in ("Deploy", "20.0.0-beta.1", "Connect", "On the web"):
        assert word in page
    assert "Add a product" not in page and "Move up" not in page
    deploy = Product.objects.get(slug="deploy").pk
    with scope.across_organizations("a test looks"):
        held = License.in_force().filter(product_id=deploy).count()
    assert held and f'class="num">{held}<' in page
    page = at_work("support").get(f"{HERE}deploy/").content.decode()
    for word in ("19.4.2", "can lose schedules", "deploy-19.4.2-linux", "DPLY"):
        assert word in page
    for button in ("Publish a release", "Add a plan", "Edit product", ">Withdraw<"):
        assert button not in page


@pytest.mark.parametrize("duty", ["support", "finance"])
def test_who_is_not_there_for_the_catalog_changes_nothing_of_it(world, duty):
    """A191."""
    client, before = at_work(duty), (Product.objects.count(), Release.objects.count())
    for address in (
        *("new/", "deploy/description/", "deploy/place/down/", "deploy/releases/new/"),
        *("deploy/releases/new/notes/", "deploy/releases/new/files/"),
        *("deploy/releases/19.4.2/withdrawal/", "clients/new/"),
    ):
        assert client.post(HERE + address, NEW).status_code == 403
    assert (Product.objects.count(), Release.objects.count()) == before and events() == []


def test_a_price_is_for_those_with_money_alone(world):
    assert at_work("catalog").post(f"{HERE}deploy/plans/new/", PLAN).status_code == 403
    assert at_work("finance").post(f"{HERE}deploy/plans/new/", PLAN).status_code == 303
    made = Plan.objects.get(slug="deploy-team-eur")
    assert (made.unit_amount, made.interval, made.currency) == (1999, "year", "EUR")
    there = f"{HERE}deploy/plans/{made.slug}/withdrawal/"
    assert "keeps it" in at_work("finance").get(there).content.decode()
    assert at_work("finance").post(there).status_code == 303
    assert not Plan.objects.get(pk=made.pk).is_offered
    assert (
        at_work("finance").post(f"{HERE}inventory/plans/{made.slug}/withdrawal/").status_code == 404
    )
    assert events() == ["plan.added", "plan.withdrawn"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"price": "19.999"}, "more decimals"),
        ({"price": "a lot"}, "Enter a number"),
        ({"price": "-1"}, "greater than or equal to 0"),
        ({"price": "NaN"}, "Enter a number"),
        ({"currency": "EUX"}, "ISO 4217"),
        ({"interval": "day"}, "valid choice"),
        ({"slug": "ä b"}, "slug has 1 to 60"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(world, change, said):
    page = at_work("finance").post(f"{HERE}deploy/plans/new/", {**PLAN, **change})
    assert page.status_code == 422 and said in page.content.decode()
    assert 'value="Team"' in page.content.decode() and not Plan.objects.exists()


def test_a_product_is_added_and_stands_behind_the_others(world):
    assert at_work("catalog").post(f"{HERE}new/", NEW)["Location"] == f"{HERE}relay/"
    made = Product.objects.last()
    assert (made.slug, made.key_prefix, made.is_listed) == ("relay", "RLAY", True)
    assert events() == ["product.added"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Deploy"}, "of this name or slug"),
        ({"key_prefix": "DPLY"}, "have this prefix"),
        ({"key_prefix": "D"}, "four letters"),
        ({"kind": "web"}, "has an address"),
        ({"url": "javascript:alert(1)"}, "begins with"),
        ({"icon": "../../x"}, "lucide.dev"),
        ({"slug": "clients"}, "can have the slug"),
        ({"name": "New"}, "can have the slug"),
    ],
)
def test_what_is_no_product_is_said_at_its_field_and_nothing_is_lost(world, change, said):
    page = at_work().post(f"{HERE}new/", {**NEW, "description": "Passes on.", **change})
    assert page.status_code == 422 and said in page.content.decode()
    assert "Passes on." in page.content.decode() and Product.objects.count() == 3


def test_what_is_said_of_a_product_is_changed_and_noted(world):
    """`change_product`, A192."""
    client, there = at_work("catalog"), f"{HERE}deploy/description/"
    sent = {**DEPLOY, "icon": "rocket", "slug": "x", "kind": "web", "key_prefix": "XXXX"}
    assert client.post(there, sent).status_code == 303
    assert client.post(there, sent).status_code == 303  # nothing to change: nothing to note
    now = Product.objects.get(slug="deploy")
    assert (now.kind, now.key_prefix) == ("download", "DPLY")
    assert now.description == "Puts things where they belong."
    (row,) = noted()
    assert row.after == {"description": now.description}
    assert row.before["description"].startswith("Puts software")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Inventory"}, "of this name"),
        ({"name": "\u202eDeploy"}, "printable"),
        ({"contact": "javascript:x@y"}, "contact"),
        ({"icon": "no-such"}, "lucide.dev"),
    ],
)
def test_a_change_that_cannot_be_is_refused(world, change, said):
    page = at_work().post(f"{HERE}deploy/description/", {**DEPLOY, **change})
    assert page.status_code == 422 and said in page.content.decode() and events() == []


def test_a_product_moves_up_and_down_and_stops_at_the_ends(world):
    """`move_product`."""
    client = at_work("catalog")

    def order(way: str, slug: str) -> list[str]:
        assert client.post(f"{HERE}{slug}/place/{way}/").status_code == 303
        return [each.slug for each in Product.objects.all()]

    assert order("up", "connect") == ["deploy", "connect", "inventory"]
    assert order("down", "deploy") == ["connect", "deploy", "inventory"]
    assert order("up", "connect") == ["connect", "deploy", "inventory"]
    assert order("down", "inventory") == ["connect", "deploy", "inventory"]
    assert events() == ["product.changed"] * 2
    assert client.post(f"{HERE}deploy/place/aside/").status_code == 404


def test_a_release_is_withdrawn_with_a_reason(world):
    client, there = at_work("catalog"), f"{HERE}deploy/releases/19.4.2/withdrawal/"
    assert "It cannot be undone" in client.get(there).content.decode()
    assert client.post(there, {"reason": " "}).status_code == 422
    assert client.post(there, {"reason": "It loses schedules."}).status_code == 303
    assert Release.objects.get(version="19.4.2").withdrawn_reason == "It loses schedules."
    assert "It loses schedules." in client.get(f"{HERE}deploy/").content.decode()
    again = client.post(there, {"reason": "Another."})
    assert again.status_code == 422 and "withdrawn already" in again.content.decode()
    assert events() == ["release.withdrawn"]


def test_what_is_not_there_is_404(world):
    client = at_work()
    for address in (
        *("nothing/", "nothing/description/", "nothing/releases/new/", "nothing/plans/new/"),
        *("deploy/releases/9.9.9/withdrawal/", "deploy/plans/none/withdrawal/"),
        *("clients/none/", "clients/none/secret/", "clients/none/disabling/"),
    ):
        assert client.get(HERE + address).status_code == 404


def test_releases_come_a_page_at_a_time_the_newest_first(world, django_assert_max_num_queries):
    product = Product.objects.get(slug="inventory")
    for minor in range(60):
        Release.objects.create(product=product, version=f"1.{minor}.0", published_at=LONG_AGO)
    client, there = at_work(), f"{HERE}inventory/"
    with django_assert_max_num_queries(12):
        page = client.get(there).content.decode()
    assert "25 versions" in page and page.index("19.4.0") < page.index("1.59.0")
    page = client.get(there, {"before": "1.38.0"}).content.decode()
    assert "1.37.0" in page and "1.38.0<" not in page and "?after=1.37.0" in page
    assert "1.0.0<" in client.get(there, {"before": "1.5.0"}).content.decode()
    assert client.get(there, {"before": "no version"}).status_code == 200


def test_the_catalog_takes_as_many_queries_for_many_products(world, django_assert_max_num_queries):
    for number in range(30):
        Product.objects.create(name=f"P{number}", slug=f"p{number}", key_prefix=f"P{number:03}")
    client = at_work()
    with django_assert_max_num_queries(12):
        assert client.get(HERE).status_code == 200
