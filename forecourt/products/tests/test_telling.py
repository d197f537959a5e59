"""The mails about licenses, keys and releases, as they come in."""

import datetime as dt
import re

import pytest
from django.db import connection, transaction
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import Mail
from forecourt.demo.catalog import key_of
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.products import actions, publishing, tasks, telling
from forecourt.products.files import Kept
from forecourt.products.models import License, LicenseKey, Product
from forecourt.products.outline import first_lines
from tests.cast import membership, organization, run_jobs, text_of

ADMIN, PRIMARY = "admin@acme.example", "primary@acme.example"


def publish(version="20.0.0", product="deploy", **more):
    """A release with a package, as the command publishes it."""
    file = publishing.Upload("x.zip", Kept("0" * 64, 1))
    values = {"product": product, "version": version, "files": [file], **more}
    return actions.publish_release(System(), **values)


def both_parts(message) -> str:
    html = message.get_body(("html",))
    return text_of(message) + html.get_content()


def grant(slug="acme", product="connect", **values) -> License:
    actor = System(organization(slug).pk)
    scope.clear()
    return actions.grant_license(actor, product=product, plan="Team", **values)


def test_a_granted_license_is_told_with_the_way_to_its_key_and_not_the_key(world, mailbox):
    made = grant(seats=7)
    for address in (ADMIN, PRIMARY):
        (message,) = mailbox.to(address)
        assert message["Subject"] == "Acme has a license of Connect"
        text = text_of(message)
        assert "7" in text and "http://testserver/o/acme/products/" in text
        organization("acme")
        assert made.keys.get().key[5:] not in both_parts(message)
    assert len(mailbox.messages) == 2


def test_a_license_that_begins_later_says_when_and_one_that_is_over_nothing(world, mailbox):
    begins = timezone.now() + dt.timedelta(days=20)
    grant(starts_at=begins)
    grant(starts_at=begins - dt.timedelta(days=90), ends_at=begins - dt.timedelta(days=30))
    (message,) = mailbox.to(ADMIN)
    assert f"from {begins:%b} {begins.day}, {begins.year}" in text_of(message)


def test_extending_is_silent(world, mailbox):
    found = organization("acme").licenses.get(product__slug="inventory")
    ends_at = timezone.now() + dt.timedelta(days=50)
    actions.extend_license(System(1), handle=found.handle, ends_at=ends_at)
    tasks.find_endings(0)
    assert mailbox.deliver() == []


def test_a_rotated_key_is_told_with_the_day_until_which_the_old_one_works(world, mailbox):
    """A161: whoever reads the mail has no key."""
    admin = membership("acme", ADMIN)
    old = organization("acme").licenses.get(product__slug="deploy")
    actions.rotate_key(admin, license_id=old.pk, overlap_days=14)
    (message,) = mailbox.to(PRIMARY)
    until = timezone.now() + dt.timedelta(days=14)
    text = text_of(message)
    assert message["Subject"] == "The license key of Deploy was replaced"
    assert ADMIN in text and f"until {until:%b} {until.day}, {until.year}" in text
    organization("acme")
    for key in LicenseKey.objects.filter(license=old):
        assert key.key[:9] not in both_parts(message)
    assert key_of(old) not in both_parts(message)


def test_of_two_rotations_in_a_moment_the_newer_one_is_told(world, mailbox):
    admin = membership("acme", ADMIN)
    found = organization("acme").licenses.get(product__slug="deploy")
    for days in (14, 0):
        actions.rotate_key(admin, license_id=found.pk, overlap_days=days)
        tasks.tell_key_rotated(1, found.pk)
    (message,) = mailbox.to(ADMIN)
    assert "does not work any more" in text_of(message)


def test_a_release_is_told_to_every_organization_whose_license_covers_it(world, mailbox):
    """Globex's Deploy has ended; its Connect is another product."""
    publish(notes="### Added\n\n- **Schedules** can skip [holidays](https://evil.example/x)\n")
    assert {message["To"] for message in mailbox.deliver()} == {ADMIN, PRIMARY}
    text = text_of(mailbox.messages[0])
    assert mailbox.messages[0]["Subject"] == "Deploy 20.0.0 is available"
    assert "- Schedules can skip holidays" in text.splitlines()
    assert "http://testserver/o/acme/products/" in text
    assert "evil.example" not in both_parts(mailbox.messages[0])


@pytest.mark.parametrize(
    "more",
    [
        {"version": "20.0.0-rc.1"},
        {"channel": "beta"},
        {"published_at": timezone.now() - dt.timedelta(days=8)},
    ],
)
def test_beta_releases_and_those_of_old_are_no_news(world, mailbox, more):
    publish(**more)
    assert mailbox.deliver() == []


@pytest.mark.parametrize(
    "change",
    [
        {"status": "suspended"},
        {"starts_at": timezone.now() + dt.timedelta(days=3)},
        {"ends_at": timezone.now() - dt.timedelta(days=3)},
    ],
)
def test_who_may_not_have_a_release_does_not_read_of_it(world, mailbox, change):
    organization("acme").licenses.filter(product__slug="deploy").update(**change)
    scope.clear()
    publish()
    assert mailbox.deliver() == []


def test_a_release_that_is_withdrawn_at_once_is_told_to_nobody(world, mailbox):
    publish()
    actions.withdraw_release(System(), product="deploy", version="20.0.0", reason="Broken")
    assert mailbox.deliver() == []
    organization("acme")
    assert not Mail.objects.exists()


def test_whose_license_was_suspended_meanwhile_is_not_told(world, mailbox):
    telling.release(publish().pk, after=0)
    found = organization("acme").licenses.get(product__slug="deploy")
    actions.suspend_license(System(1), handle=found.handle)
    assert mailbox.deliver() == []


def test_nor_is_one_whose_mails_wait(world, mailbox):
    release = publish()
    telling.release_to(1, release.pk)
    actions.withdraw_release(System(), product="deploy", version="20.0.0", reason="Broken")
    assert mailbox.deliver() == []
    organization("acme")
    assert {row.status for row in Mail.objects.all()} == {"dropped"}


def test_whoever_was_removed_while_the_mail_waited_gets_none(world, mailbox):
    """A200: and nobody sees who else gets it (A201)."""
    release = publish()
    telling.release_to(1, release.pk)
    organization("acme").memberships.filter(user__email=ADMIN).delete()
    scope.clear()
    assert [message["To"] for message in mailbox.deliver()] == [PRIMARY]


def test_a_job_that_is_done_twice_tells_once(world, mailbox):
    admin, release = membership("acme", ADMIN), publish()
    made = grant()
    deploy = organization("acme").licenses.get(product__slug="deploy")
    actions.rotate_key(admin, license_id=deploy.pk, overlap_days=0)
    for _ in range(2):
        tasks.tell_release(release.pk)
        tasks.tell_granted(1, made.pk)
        tasks.tell_key_rotated(1, deploy.pk)
    assert len(mailbox.to(PRIMARY)) == 3


def test_two_licenses_of_one_product_bring_one_mail(world, mailbox):
    grant(product="deploy")
    run_jobs()
    before = len(mailbox.messages)
    publish()
    assert len(mailbox.deliver()) == before + 2


def many(number: int) -> None:
    """So many further organizations with a license of Inventory, and no Admin yet."""
    product = Product.objects.get(slug="inventory")
    for pk in range(1001, 1001 + number):
        with transaction.atomic(), scope.organization(pk):
            Organization.objects.create(pk=pk, name=f"N{pk}", slug=f"n{pk}", primary_contact_id=pk)
            desk = {"email": f"desk@n{pk}.example", "kinds": ["releases"]}
            Contact.objects.create(pk=pk, organization_id=pk, **desk)
            License.objects.create(organization_id=pk, product=product, plan="Team")


def test_thousands_are_told_some_at_a_time_and_each_once(world, mailbox, monkeypatch):
    """Also where nobody has joined yet: the primary contact reads it."""
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    many(7)
    release = publish(product="inventory")
    tasks.tell_release(release.pk)
    with connection.cursor() as cursor:
        cursor.execute("select args->>'after' from procrastinate_jobs where args ? 'after'")
        assert cursor.fetchall() == [("1002",)]  # Acme, 1001, 1002; the next ones are for later
    told = [message["To"] for message in mailbox.deliver()]
    assert sorted(told) == sorted(
        [ADMIN, PRIMARY, *(f"desk@n{1001 + n}.example" for n in range(7))]
    )


def test_an_organization_without_an_admin_is_told_by_its_primary_contact(world, mailbox):
    organization("acme")
    Membership.objects.filter(role="admin").delete()
    scope.clear()
    grant()
    assert [message["To"] for message in mailbox.deliver()] == [PRIMARY]


@pytest.mark.parametrize(
    ("notes", "lines"),
    [
        ("", ()),
        ("# New\n\nOne\ntwo `x` *three*", ("New", "One two x three")),
        ("![p](https://e.example/p.png)\n\n<b>bold</b> [a](https://e.example)", ("bold a",)),
        ("- a\n- b\n" * 9, ("a", "b", "a", "b", "a", "b", "…")),
        ("x" * 500, ("x" * 159 + "…",)),
    ],
)
def test_a_mail_has_the_notes_first_lines_as_plain_text(notes, lines):
    assert first_lines(notes) == lines


def test_names_make_no_links_in_mails(world, mailbox):
    """A030."""
    Product.objects.filter(slug="connect").update(name="www.evil.example")
    organization("acme")
    Organization.objects.filter(pk=1).update(name='Acme <a href="https://evil.example/">')
    scope.clear()
    grant()
    for message in mailbox.deliver():
        hosts = set(re.findall(r"https?://[^/\s\"<]+", both_parts(message)))
        assert hosts == {"http://testserver"} and "www.evil" not in both_parts(message)
