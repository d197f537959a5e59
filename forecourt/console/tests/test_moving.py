"""The primary billing contact, moved by two of the staff (O12: `ask_primary_move`,
`close_primary_move`), and their notes (`add_note`)."""

import pytest

from forecourt.console.models import Note
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Staff
from forecourt.people.models import User
from tests.cast import organization, prove, signed_in

HERE = "/console/organizations/acme/"
ASKED = {"email": "both@example.com", "name": "Uma Linden", "reason": "Called back; Ines left"}


def second(duty: str = "support"):
    """Another of the staff."""
    user = User.objects.get(email="nobody@example.com")
    Staff.objects.create(user=user, duty=duty)
    client = signed_in(user.email)
    prove(client, "password", "mfa")
    return client


def primary() -> str:
    found = organization("acme").primary_contact.email
    scope.clear()
    return found


def decide(client, answer: str):
    """Press the button that the page has for it."""
    page = client.get(HERE).content.decode()
    there = page.partition(f'action="{HERE}primary/')[2].partition('"')[0]
    return client.post(f"{HERE}primary/{there}", {"answer": answer})


def test_the_primary_contact_moves_when_a_second_of_the_staff_confirms(world):
    """O12: with the reason in the customer's Activity; both addresses and the Admins are told."""
    client, other = at_work("support"), second()
    assert client.post(f"{HERE}primary/", ASKED).status_code == 303
    assert primary() == "primary@acme.example"
    assert decide(other, "confirm").status_code == 303
    assert primary() == "both@example.com"
    organization("acme")
    row = AuditEvent.objects.get(event="organization.primary_contact_changed")
    assert row.actor_kind == "staff" and "Called back" in str(row.after)
    assert row.actor_label == "nobody@example.com" and STAFF in str(row.after)


def test_whoever_asked_cannot_confirm_it_themselves(world):
    client = at_work()
    client.post(f"{HERE}primary/", ASKED)
    assert "Confirm" not in client.get(HERE).content.decode()
    assert decide(client, "confirm").status_code == 403
    assert primary() == "primary@acme.example"


def test_what_was_turned_down_is_over(world):
    client, other = at_work("support"), second()
    client.post(f"{HERE}primary/", ASKED)
    assert decide(other, "no").status_code == 303
    assert "asked on" not in other.get(HERE).content.decode()
    assert primary() == "primary@acme.example"
    assert client.post(f"{HERE}primary/", ASKED).status_code == 303


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "required"),
        ({"email": "nobody"}, "@"),
        ({"email": "primary@acme.example"}, "already"),
        ({"name": "a\u200bb"}, "cannot be seen"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(world, change, said):
    page = at_work().post(f"{HERE}primary/", {**ASKED, **change})
    assert page.status_code == 422 and said in page.content.decode()


def test_one_is_asked_at_a_time(world):
    client = at_work()
    client.post(f"{HERE}primary/", ASKED)
    page = client.post(f"{HERE}primary/", {**ASKED, "email": "new@acme.example"})
    assert page.status_code == 422 and "waiting already" in page.content.decode()


def test_a_note_is_for_staff_alone(world):
    client = at_work("support")
    assert client.post(f"{HERE}notes/", {"text": "Likes <b>phones</b>"}).status_code == 303
    assert "Likes &lt;b&gt;phones" in client.get(HERE).content.decode()
    admin = signed_in("admin@acme.example")
    for page in ("account/", "account/activity/"):
        assert "Likes" not in admin.get(f"/o/acme/{page}").content.decode()
    for wrong in ("", " ", long := "x" * 4_001):
        page = client.post(f"{HERE}notes/", {"text": wrong})
        assert page.status_code == 422
    assert long in page.content.decode()  # nothing that was typed is lost
    assert client.post(f"{HERE}notes/", {"text": "a\x00b"}).status_code in (400, 422)
    organization("acme")
    assert Note.objects.count() == 1


def test_finance_neither_asks_nor_notes(world):
    client = at_work("finance")
    assert client.post(f"{HERE}primary/", ASKED).status_code == 403
    assert client.post(f"{HERE}notes/", {"text": "a"}).status_code == 403
