"""Imported people are invited when staff say so, so many a minute, and not before."""

import pytest
from django.test import Client

from forecourt.config.cli import main
from forecourt.console.tests.importing import FILES, folder, forecourt
from forecourt.console.tests.test_console import at_work
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.members import actions
from forecourt.members.models import Invitation
from forecourt.people.models import User
from tests.cast import (
    link_in,
    link_of,
    membership,
    organization,
    pending,
    run_jobs,
    signed_in,
    text_of,
)
from tests.invariants import verify


@pytest.fixture
def imported(world, tmp_path) -> None:
    assert forecourt("import", folder(tmp_path)) == 0


def unsent() -> int:
    with scope.across_organizations("a test counts"):
        return Invitation.objects.filter(generation=0).count()


def test_staff_send_them_in_the_vendors_name(imported, mailbox, capsys):
    assert forecourt("import", "send") == 0
    assert "3 invitations go out, 60 a minute." in capsys.readouterr().out
    mail = mailbox.to("gavin@hooli.example")
    assert len(mail) == 1 and "Lumen Tools" in text_of(mail[0])
    assert len(mailbox.messages) == 3 and unsent() == 0
    assert link_in(mail[0]) == link_of("hooli", "gavin@hooli.example")
    sent = AuditEvent.objects.filter(event="member.invited", actor_label="Lumen Tools")
    assert sent.count() == 2
    verify()


def test_no_more_go_out_in_a_minute_than_were_said_and_admins_first(imported):
    assert forecourt("import", "send", "--per-minute", "1") == 0
    scope.clear()
    from forecourt.console.tasks import send_invitations

    with scope.across_organizations("a test looks"):
        last = Invitation.objects.order_by("pk").last().pk
    send_invitations.func(upto=last, per_minute=1, staff_id=None)
    assert unsent() == 2 and not pending("hooli", "gavin@hooli.example").is_unsent
    verify()


def test_who_is_imported_after_it_was_said_is_not_sent(imported, tmp_path):
    assert forecourt("import", "send", "--per-minute", "1000") == 0
    more = FILES["members"] + "\nc-1,late@hooli.example,,member"
    assert forecourt("import", folder(tmp_path, members=more)) == 0
    run_jobs()
    assert unsent() == 1 and pending("hooli", "late@hooli.example").is_unsent


def test_while_some_are_being_sent_nobody_sends_others(imported, capsys):
    assert forecourt("import", "send") == 0
    assert forecourt("import", "send") == 1
    assert "being sent already" in capsys.readouterr().err


def test_what_the_vendor_sends_takes_nothing_from_what_the_organization_may(world, settings):
    settings.INVITATIONS_PER_HOUR_ORGANIZATION = 2
    acme = organization("acme")
    for number in range(3):
        actions.invite_member(System(acme.pk), email=f"n{number}@acme.example")
    actions.invite_member(membership("acme", "admin@acme.example"), email="mine@acme.example")
    assert not pending("acme", "mine@acme.example").is_unsent


@pytest.mark.parametrize("number", ["0", "1001"])
def test_not_too_many_a_minute(imported, capsys, number):
    assert forecourt("import", "send", "--per-minute", number) == 1
    assert "From 1 to 1000" in capsys.readouterr().err


def test_the_role_stands_that_the_vendor_gave(imported, mailbox):
    forecourt("import", "send")
    mailbox.deliver()
    person = User.objects.get(email="nobody@example.com")
    person.emailaddress_set.update(email="gavin@hooli.example")
    User.objects.filter(pk=person.pk).update(email="gavin@hooli.example")
    client = signed_in("gavin@hooli.example")
    scope.clear()
    assert client.post(link_of("hooli", "gavin@hooli.example") + "acceptance/").status_code in (
        302,
        303,
    )
    member = organization("hooli").memberships.get()
    assert (member.role, member.user.email) == ("admin", "gavin@hooli.example")
    verify()


def test_a_new_account_has_the_name_from_the_file(imported, mailbox):
    forecourt("import", "send")
    mailbox.deliver()
    organization("hooli").invitations.filter(email="big.head@hooli.example").update(name="Nelson")
    here = link_of("hooli", "big.head@hooli.example") + "account/"
    scope.clear()
    assert Client().post(here, {"password": "a long sentence of mine"}).status_code == 303
    assert User.objects.get(email="big.head@hooli.example").name == "Nelson"
    verify()  # and the organization waits for its first Admin


def test_who_is_to_have_a_seat_gets_it_when_they_join(world, tmp_path):
    wanted = "organization,license,email\nc-1,L7,big.head@hooli.example\nc-1,L7,x@hooli.example"
    assert forecourt("import", folder(tmp_path, seats=wanted)) == 1
    forecourt("import", "send")
    run_jobs()
    scope.clear()
    here = link_of("hooli", "big.head@hooli.example") + "account/"
    scope.clear()
    assert Client().post(here, {"password": "a long sentence of mine"}).status_code == 303
    seat = organization("hooli").licenses.get().seats_taken.get()
    assert str(seat) == "big.head@hooli.example"
    verify()


def test_staff_see_that_an_organization_waits_for_its_first_admin(imported):
    client = at_work("support")
    pages = [client.get(f"/console/organizations/{slug}/") for slug in ("hooli", "acme")]
    assert ["Waits for its first Admin" in page.content.decode() for page in pages] == [True, False]


def test_who_signs_up_by_themselves_sees_nothing_of_it(imported):
    person = User.objects.get(email="nobody@example.com")
    person.emailaddress_set.update(email="gavin@hooli.example")
    page = signed_in("nobody@example.com").get("/organizations/").content.decode()
    assert "Hooli" not in page


def test_admins_see_who_is_not_invited_yet_and_can_do_it_themselves(world, tmp_path, mailbox):
    organization("acme")
    ref = {"organizations": "ref,name,primary_email,slug,created\n"}
    acme = organization("acme")
    ref["organizations"] += (
        f"a,Acme,{acme.primary_contact.email},acme,{acme.created_at.isoformat()}"
    )
    ref["members"] = "organization,email\na,later@acme.example"
    only = {**{name: text.splitlines()[0] for name, text in FILES.items()}, **ref}
    scope.clear()
    assert main(["import", str(folder(tmp_path, **only))]) == 0
    client = signed_in("admin@acme.example")
    assert "Not sent yet" in client.get("/o/acme/members/").content.decode()
    scope.clear()
    row = pending("acme", "later@acme.example")
    scope.clear()
    assert client.post(f"/o/acme/members/invitations/{row.pk}/resending/").status_code == 303
    assert len(mailbox.to("later@acme.example")) == 1
    verify()
