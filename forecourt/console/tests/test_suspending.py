"""Staff suspend a customer and open it again (`suspend_organization`, `reopen_organization`): who is
told, and who may."""

import pytest

from forecourt.console.tests.suspending import REASON, reopen, suspend
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from tests.cast import organization, prove, signed_in, text_of

HERE = "/console/organizations/acme/"
ADMIN, PRIMARY = "admin@acme.example", "primary@acme.example"


def is_suspended(slug: str = "acme") -> bool:
    found = organization(slug).is_suspended
    scope.clear()
    return found


def test_staff_suspend_a_customer_and_open_it_again(world):
    client = at_work("support")
    assert client.post(f"{HERE}suspension/", {"reason": REASON}).status_code == 303
    assert is_suspended() and not is_suspended("globex")
    for page in (HERE, "/console/organizations/", "/console/search/?q=acme"):
        assert "Suspended" in client.get(page).content.decode()
    assert REASON in client.get(HERE).content.decode()
    assert client.post(f"{HERE}reopening/").status_code == 303
    assert not is_suspended()
    for page in (HERE, "/console/organizations/", "/console/search/?q=acme"):
        assert 'badge--danger"' not in client.get(page).content.decode()


def test_the_admins_and_the_primary_contact_are_told_once_each(world, mailbox):
    """A201: one mail each, with the reason, and whom to write to."""
    suspend()
    assert {message["To"] for message in mailbox.deliver()} == {ADMIN, PRIMARY}
    assert len(mailbox.messages) == 2
    (told,) = mailbox.to(ADMIN)
    assert told["Subject"] == "Lumen Tools has suspended Acme"
    for word in (REASON, "help@lumen.example", "/o/acme/billing/", "paid"):
        assert word in text_of(told)
    reopen()
    assert mailbox.to(PRIMARY)[-1]["Subject"] == "Acme is open again"


def test_it_stands_in_the_customers_activity_with_who_and_why(world, browser):
    at_work("support").post(f"{HERE}suspension/", {"reason": REASON})
    at_work("support").post(f"{HERE}reopening/")
    page = browser(ADMIN).get("/o/acme/account/activity/").content.decode()
    for word in ("Suspended the organization", "Reopened the organization", REASON, STAFF):
        assert word in page


def test_twice_is_once(world, mailbox):
    client = at_work()
    assert client.post(f"{HERE}reopening/").status_code == 303  # it was open
    client.post(f"{HERE}suspension/", {"reason": REASON})
    again = client.post(f"{HERE}suspension/", {"reason": "Another"})
    assert again.status_code == 422 and "suspended already" in again.content.decode()
    assert len(mailbox.to(ADMIN)) == 1 and organization("acme").suspended_reason == REASON
    rows = AuditEvent.objects.filter(event__startswith="organization.")
    assert [row.event for row in rows if "pen" in row.event] == ["organization.suspended"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\u202eb"])
def test_it_wants_a_reason(world, reason):
    answer = at_work().post(f"{HERE}suspension/", {"reason": reason})
    assert answer.status_code == 422 and not is_suspended()


@pytest.mark.parametrize("duty", ["finance", "catalog"])
def test_who_is_there_for_something_else_suspends_nobody(world, duty):
    """A191."""
    suspend("globex")
    client = at_work(duty)
    assert "suspension/" not in client.get(HERE).content.decode()
    assert client.post(f"{HERE}suspension/", {"reason": REASON}).status_code == 403
    assert client.post("/console/organizations/globex/reopening/").status_code == 403
    assert client.get(f"{HERE}suspension/").status_code == 403
    assert (is_suspended(), is_suspended("globex")) == (False, True)


@pytest.mark.parametrize("way", ["suspension/", "reopening/"])
def test_it_wants_a_fresh_proof(world, way):
    """O26."""
    at_work()
    client = signed_in(STAFF)
    prove(client, "password", "mfa", minutes_ago=15.1)
    answer = client.post(HERE + way, {"reason": REASON})
    assert answer.status_code == 302 and "/reauthenticate/" in answer["Location"]
    assert not is_suspended()


@pytest.mark.parametrize("slug", ["acme", "globex"])
def test_what_is_suspended_is_not_merged(world, slug):
    """Its licenses would come into force by it, or another's rest."""
    suspend(slug)
    client, there = at_work(), "/console/organizations/globex/merge/"
    form = {"into": "acme", "reason": "Bought by them"}
    asked = client.post(there, form).content.decode()
    confirmed = asked.partition('name="confirmed" value="')[2].partition('"')[0]
    answer = client.post(there, {**form, "confirmed": confirmed})
    assert answer.status_code == 422 and "is suspended" in answer.content.decode()
