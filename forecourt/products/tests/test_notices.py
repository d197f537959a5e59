"""The end of a license is told 60, 30 and 7 days before it, and when it has come: each once."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import Mail
from forecourt.products import actions, licenses, tasks, telling
from forecourt.products.models import License, LicenseNotice
from tests.cast import organization, text_of
from tests.test_crash_points import at_every_boundary
from tests.test_races import in_this_order

ADMIN, PRIMARY = "admin@acme.example", "primary@acme.example"
DAY = dt.timedelta(days=1)


def granted(days: float, slug="acme", **values) -> License:
    """A license of Connect that ends in so many days."""
    actor = System(organization(slug).pk)
    scope.clear()
    values = {"product": "connect", "plan": "Team", "starts_at": timezone.now() - DAY, **values}
    return actions.grant_license(actor, ends_at=timezone.now() + days * DAY, **values)


def go_on(days: float) -> None:
    """As if so much time had gone by: every license is that much older. Then the worker looks."""
    ago = days * DAY
    for pk in (1, 2):
        with transaction.atomic(), scope.organization(pk):
            License.objects.update(starts_at=F("starts_at") - ago, ends_at=F("ends_at") - ago)
            LicenseNotice.objects.update(ends_at=F("ends_at") - ago)
    tasks.find_endings(0)


def news(mailbox, address=ADMIN) -> list[str]:
    """The subjects about Connect since one looked last."""
    found = [message["Subject"] for message in mailbox.to(address)]
    mailbox.messages.clear()
    return [subject for subject in found if "for Connect" in subject]


@pytest.fixture
def acme(world, mailbox) -> License:
    """Acme's license of Connect that ends in 100 days."""
    made = granted(100)
    tasks.find_endings(0)
    assert news(mailbox) == []
    return made


def ends_in(days: int) -> list[str]:
    return [f"The license of Acme for Connect ends in {days} days"]


ENDED = ["The license of Acme for Connect has ended"]


def test_each_threshold_is_told_once(acme, mailbox):
    for days, told in ((39, []), (1, 60), (1, []), (29, 30), (20, []), (3, 7), (6, [])):
        go_on(days)
        tasks.find_endings(0)
        assert news(mailbox) == (ends_in(told) if told else [])
    go_on(1)
    assert news(mailbox) == ENDED
    go_on(5)
    assert news(mailbox) == []


def test_the_mail_says_what_ends_when_and_what_to_do(acme, mailbox):
    go_on(70)
    (message,) = [each for each in mailbox.to(PRIMARY) if "for Connect" in each["Subject"]]
    text, end = text_of(message), timezone.now() + 30 * DAY
    for words in ("Team", f"{end:%b} {end.day}, {end.year}", "help@lumen.example"):
        assert words in text
    assert "http://testserver/o/acme/products/" in text and "download" not in text


def test_of_a_downloaded_product_it_says_what_stays(world, mailbox):
    granted(1, product="deploy")
    go_on(2)
    texts = [text_of(message) for message in mailbox.to(ADMIN)]
    assert "can still be downloaded" in next(text for text in texts if "ended" in text)


def test_a_worker_that_was_away_tells_the_most_urgent_alone(acme, mailbox):
    go_on(95)
    assert news(mailbox) == ends_in(5)
    go_on(3)
    assert news(mailbox) == []


def test_what_ended_long_ago_is_no_news(acme, mailbox):
    go_on(100 + 31)
    assert news(mailbox) == []


def test_an_extension_is_told_of_anew_and_not_at_once(acme, mailbox):
    go_on(94)
    assert news(mailbox) == ends_in(6)
    ends_at = timezone.now() + 50 * DAY
    actions.extend_license(System(1), handle=acme.handle, ends_at=ends_at)
    go_on(0)
    assert news(mailbox) == []  # whoever extended it has said until when
    go_on(20)
    assert news(mailbox) == ends_in(30)


def test_a_license_for_a_week_is_told_of_when_it_has_ended(world, mailbox):
    granted(6)
    go_on(1)
    assert news(mailbox) == []
    go_on(5)
    assert news(mailbox) == ENDED


def test_before_it_begins_nothing_is_told_of_its_end(world, mailbox):
    granted(35, starts_at=timezone.now() + 10 * DAY)
    go_on(1)
    assert news(mailbox) == []


@pytest.mark.parametrize("days", [60, 100])
def test_what_renews_is_not_told_of(world, mailbox, days):
    granted(100, renews=True)
    go_on(days)
    assert news(mailbox) == []


def test_what_no_longer_renews_is(world, mailbox):
    made = granted(20, renews=True)
    go_on(0)
    with transaction.atomic(), scope.organization(1):
        found = License.objects.get(pk=made.pk)
        licenses.end(System(1), found, at=found.ends_at)
    go_on(0)
    assert news(mailbox) == ends_in(20)


def test_a_suspended_license_is_told_of_when_it_is_in_force_again(acme, mailbox):
    actions.suspend_license(System(1), handle=acme.handle)
    go_on(75)
    assert news(mailbox) == []
    actions.resume_license(System(1), handle=acme.handle)
    go_on(0)
    assert news(mailbox) == ends_in(25)


def test_what_staff_end_is_told_within_the_hour(acme, mailbox):
    actions.end_license(System(1), handle=acme.handle)
    go_on(0)
    assert news(mailbox) == ENDED


@pytest.mark.parametrize("days", [95, 100])
def test_what_was_extended_while_the_mail_waited_is_not_sent(acme, mailbox, days):
    go_on(days)
    ends_at = timezone.now() + 90 * DAY
    actions.extend_license(System(1), handle=acme.handle, ends_at=ends_at)
    assert news(mailbox) == []


def test_many_are_told_some_at_a_time(world, mailbox, monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    for slug in ("acme", "globex") * 3:
        granted(61, slug)
    go_on(2)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where args ? 'after'")
        assert cursor.fetchone() == (1,)
    assert news(mailbox) == ends_in(59) * 3
    with scope.across_organizations("a test looks"):
        assert LicenseNotice.objects.filter(days=60, license__plan="Team").count() == 6


def test_one_that_fails_keeps_none_of_the_others_waiting(world, mailbox, monkeypatch, caplog):
    """The database refuses the notice of Acme's license."""
    broken = granted(61)
    granted(61, "globex")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(
            "alter table products_licensenotice add constraint broken"
            f" check (license_id <> {broken.pk})"
        )
    go_on(2)
    assert news(mailbox) == [] and "could not be told" in caplog.text
    with scope.across_organizations("a test looks"):
        told = LicenseNotice.objects.filter(license__plan="Team")
        assert [(row.organization_id, row.days) for row in told] == [(2, 60)]


def test_a_notice_is_of_its_licenses_organization(world):
    """A081, and the second wall."""
    theirs = organization("globex").licenses.first()
    organization("acme")
    assert LicenseNotice.objects.exists()
    assert {row.organization_id for row in LicenseNotice.objects.all()} == {1}
    values = {"license": theirs, "days": 60, "ends_at": timezone.now()}
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    with pytest.raises(IntegrityError, match="notice_in_organization"), transaction.atomic():
        LicenseNotice.objects.create(organization_id=1, **values)


def notices_of(license_id: int) -> tuple[int, int]:
    """How many notices of a license there are, and how many mails about them."""
    organization("acme")
    ids = list(LicenseNotice.objects.filter(license_id=license_id).values_list("pk", flat=True))
    mails = Mail.objects.filter(about__in=[f"notice:{pk}" for pk in ids])
    found = len(ids), mails.count()
    scope.clear()
    return found


def test_two_workers_at_once_tell_once(committed_world):
    """F32."""
    made = granted(61)
    age(made, 2)
    look = lambda: tasks.find_endings(0)  # noqa: E731
    assert in_this_order(look, look) == [None, None]
    assert notices_of(made.pk) == (1, 2)


def age(made: License, days: float) -> None:
    with transaction.atomic(), scope.organization(1):
        License.objects.filter(pk=made.pk).update(ends_at=made.ends_at - days * DAY)


def test_a_worker_that_is_killed_tells_wholly_or_not_at_all(committed_world):
    """F08: notice and mails are there together, and the next worker tells what is not."""
    made: dict[int, License] = {}

    def prepare(number):
        made[number] = granted(61, product="connect")
        age(made[number], 2)
        return lambda: tasks.find_endings(0) or 0

    def done(number):
        notices, mails = notices_of(made[number].pk)
        assert (notices, mails) in ((0, 0), (1, 2))
        if not notices:
            tasks.find_endings(0)
            assert notices_of(made[number].pk) == (1, 2)
        return notices == 1, mails == 2

    at_every_boundary(prepare, 0, done)
