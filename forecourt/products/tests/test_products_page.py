"""The Products page: what the organization may use, and nothing else. S7–S9, O16, O17."""

import datetime as dt

import pytest
from django.utils import timezone

from forecourt.core.models import AuditEvent
from forecourt.demo.catalog import key_of
from forecourt.products.models import License, LicenseKey, Product, Release
from tests.cast import organization

HERE = "/o/acme/products/"
ADMIN, MEMBER, GLOBEX = "admin@acme.example", "member@acme.example", "admin@globex.example"
LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def license_of(slug: str, product: str = "deploy") -> License:
    return organization(slug).licenses.select_related("product").get(product__slug=product)


def page(client, path=HERE, agent=LINUX) -> str:
    answer = client.get(path, headers={"User-Agent": agent})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def member(world, browser):
    return browser(MEMBER)


def test_a_member_sees_what_the_organization_has(member):
    """S7: product by product, with its seats, its end, and its newest version."""
    shown = page(member)
    for text in ("Deploy", "Inventory", "25", "3 used", "Renews", "Ends in 12 days", "19.4.2"):
        assert text in shown
    assert "Also from" in shown and "Connect" in shown.partition("Also from")[2]


def test_it_is_where_one_arrives(member):
    assert member.get("/")["Location"] == member.get("/o/acme/")["Location"] == HERE


def test_keys_are_masked_until_somebody_asks(member):
    """S8, O16: and that they were shown stays in the log."""
    key = key_of(license_of("acme"))
    shown = page(member)
    assert key not in shown and key[:9] in shown
    answer = member.post(f"{HERE}licenses/{license_of('acme').pk}/key/")
    assert key in answer.content.decode() and "no-store" in answer["Cache-Control"]
    organization("acme")
    event = AuditEvent.objects.get(event="license.key_revealed")
    assert event.actor_label == MEMBER and key not in f"{event.__dict__}"


def test_an_organization_can_hide_its_keys_from_members(world, browser):
    """A161."""
    organization("acme").__class__.objects.filter(slug="acme").update(keys_hidden=True)
    member, admin = browser(MEMBER), browser(ADMIN)
    path = f"{HERE}licenses/{license_of('acme').pk}/key/"
    key = key_of(license_of("acme"))
    assert key[:9] not in page(member) and "Admins only" in page(member)
    assert member.post(path).status_code == 403
    assert key[:9] in page(admin) and key in admin.post(path).content.decode()


@pytest.mark.parametrize(
    ("agent", "file"),
    [
        (LINUX, "linux-x86-64.tar.gz"),
        (LINUX.replace("x86_64", "aarch64"), "linux-arm64.tar.gz"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0", "windows-x86-64.zip"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", "macos.zip"),
    ],
)
def test_the_button_is_for_the_readers_platform_and_the_others_are_behind_it(member, agent, file):
    """S9."""
    shown = page(member, agent=agent)
    release = Release.objects.get(product__slug="deploy", version="19.4.2")
    mine = release.artifacts.get(file_name=f"deploy-19.4.2-{file}")
    primary = shown.partition('btn--primary" href="')[2].partition('"')[0]
    assert primary == f"{HERE}files/{mine.pk}/"
    for each in release.artifacts.all():
        assert f"files/{each.pk}/" in shown


def test_on_a_telephone_every_package_is_behind_one_button(member):
    shown = page(member, agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")
    assert "Download 19.4.2</button>" in shown and 'btn--primary" href' not in shown


def test_a_beta_or_a_withdrawn_version_is_never_the_newest(member):
    assert "20.0.0" not in page(member)
    Release.objects.filter(version="19.4.2").update(
        withdrawn_at=timezone.now(), withdrawn_reason="It fails."
    )
    assert "Download 19.4.0" in page(member)  # 19.4.1 was withdrawn before


def test_what_is_published_tomorrow_is_not_there_today(member):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    product = Product.objects.get(slug="deploy")
    Release.objects.create(product=product, version="19.5.0", published_at=tomorrow)
    assert "19.5.0" not in page(member) + page(member, f"{HERE}deploy/versions/")
    assert member.get(f"{HERE}deploy/versions/19.5.0/").status_code == 404


def test_after_the_end_what_was_published_before_it_stays(world, browser):
    """O17: and the page says until which date."""
    shown = page(browser(GLOBEX), "/o/globex/products/")
    deploy = shown.partition('id="deploy"')[2].partition('id="connect"')[0]
    assert "Expired" in deploy and "Updates until" in deploy
    assert "Download 19.4.0" in deploy and "19.4.2" not in deploy
    assert "Reveal" not in deploy


@pytest.mark.parametrize("change", [{"status": "suspended"}, {"starts_at": dt.timedelta(days=3)}])
def test_suspended_or_upcoming_there_is_nothing_to_download(member, change):
    if "starts_at" in change:
        change = {"starts_at": timezone.now() + change["starts_at"]}
    license_of("acme")
    License.objects.filter(product__slug="deploy").update(**change)
    deploy = page(member).partition('id="deploy"')[2].partition('id="inventory"')[0]
    assert "Download" not in deploy and "No version can be downloaded now" in deploy


def test_two_licenses_of_one_product_are_one_card(member):
    house = organization("acme")
    second = License.objects.create(
        organization=house, product=Product.objects.get(slug="deploy"), plan="Site B", seats=None
    )
    LicenseKey.objects.create(organization=house, license=second, key="DPLY-OLD-KEY-77")
    shown = page(member)
    assert shown.count('<h2 id="deploy"') == 1
    assert "Site B" in shown and "Does not end" in shown and "Any number" in shown


def test_without_a_license_the_page_says_whom_to_ask(world, browser):
    shown = page(browser("admin@initech.example"), "/o/initech/products/")
    assert "no product yet" in shown and "help@lumen.example" in shown
    assert "sales@lumen.example" in shown  # Connect's own contact


def test_another_organizations_licenses_are_not_there(world, browser):
    """A079, D12: byte for byte what a wrong id gets."""
    admin = browser(GLOBEX)
    theirs = license_of("acme").pk
    for path in (f"licenses/{theirs}/rotation/", "inventory/versions/"):
        wrong = path.replace(str(theirs), "987654321").replace("inventory", "nothing")
        answers = [admin.get(f"/o/globex/products/{each}") for each in (path, wrong)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert admin.post(f"/o/globex/products/licenses/{theirs}/key/").status_code == 404
    assert admin.get(HERE).status_code == 404


@pytest.mark.parametrize("more", [0, 200])
def test_the_page_asks_as_many_questions_however_many_releases_there_are(
    member, more, django_assert_num_queries
):
    product = Product.objects.get(slug="deploy")
    for number in range(more):
        when = timezone.now() - dt.timedelta(days=1)
        Release.objects.create(product=product, version=f"19.4.{number + 10}", published_at=when)
    page(member)
    with django_assert_num_queries(6):  # session, gate, licenses, files, others; and the test's own
        page(member)
