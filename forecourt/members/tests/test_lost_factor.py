"""A lost second factor: an Admin or the vendor asks, the person has 72 hours to object. The clock ends
it (finish_factor_reset)."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.models import Staff
from forecourt.orgs.staff import keep_factor, reset_factor
from forecourt.orgs.tasks import finish_factor_resets
from forecourt.people.models import FactorReset, Session, User
from tests.cast import PASSWORD, give_app, membership, organization, text_of

ADMIN, MOSS, BOTH = "admin@acme.example", "member@acme.example", "both@example.com"
REASON = {"reason": "Their phone fell into the harbor"}
STEP = "/accounts/second-factor/"


def factors(who) -> set[str]:
    return {*Authenticator.objects.filter(user__email=who).values_list("type", flat=True)}


def path(who, slug="acme") -> str:
    return f"/o/{slug}/members/{membership(slug, who).pk}/second-factor/"


def go_on(hours) -> None:
    """As if so much time had gone by: every notice is that much older."""
    ago = timezone.now() - dt.timedelta(hours=hours)
    due = ago + dt.timedelta(hours=72)
    FactorReset.objects.update(asked_at=ago, due_at=due)
    with transaction.atomic(), scope.organization(None):
        Mail.objects.filter(kind="people.factor_reset_asked", status="sent").update(sent_at=ago)
    finish_factor_resets(0)


def events() -> list[str]:
    with scope.across_organizations("a test looks"):
        rows = AuditEvent.objects.filter(event__startswith="person.factor_reset").order_by("pk")
        return [row.event.rpartition("_")[2] for row in rows]


def stopping(mailbox) -> str:
    notice = [m for m in mailbox.to(MOSS) if "shall be taken off" in m["Subject"]][-1]
    found = re.search(r"https?://[^/\s]+(/accounts/keep-factor/\S+)", text_of(notice))
    assert found
    return found[1]


@pytest.fixture
def asked(world, browser, mailbox):
    """Moss has an app; Acme's Admin asked to take it off, and the notice is sent."""
    give_app(MOSS)
    admin = browser(ADMIN)
    assert admin.post(path(MOSS), REASON)["Location"] == "/o/acme/members/"
    mailbox.deliver()
    return admin


def test_after_72_hours_it_is_off_and_everybody_is_signed_out(asked, browser, mailbox):
    go_on(71.9)
    assert factors(MOSS) == {"totp", "recovery_codes"}
    go_on(72)
    assert factors(MOSS) == set() and events() == ["asked", "done"]
    assert not Session.objects.filter(user__email=MOSS).exists()
    assert "was taken off" in mailbox.to(MOSS)[-1]["Subject"]
    client = browser()
    answer = client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert answer["Location"] != STEP and "_auth_user_id" in client.session


def test_the_person_reads_who_asked_and_why_at_every_address(world, browser, mailbox):
    give_app(MOSS)
    user = User.objects.get(email=MOSS)
    user.emailaddress_set.create(email="moss.other@example.com", verified=True)
    browser(ADMIN).post(path(MOSS), REASON)
    for address in (MOSS, "moss.other@example.com"):
        text = text_of(mailbox.to(address)[-1])
        assert ADMIN in text and REASON["reason"] in text


def test_the_link_in_the_notice_stops_it_without_signing_in(asked, browser, mailbox):
    link, nobody = stopping(mailbox), browser()
    assert ADMIN in nobody.get(link).content.decode()
    assert FactorReset.objects.get().canceled_at is None  # D11: looking changes nothing
    assert "stays" in nobody.post(link).content.decode()
    go_on(100)
    assert factors(MOSS) == {"totp", "recovery_codes"} and events() == ["asked", "canceled"]
    assert nobody.post(link).status_code == nobody.get(link).status_code == 404
    assert nobody.get(link[:-3] + "xyz/").status_code == 404


def test_signing_in_with_the_factor_stops_it(asked, browser):
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    row = Authenticator.objects.get(user__email=MOSS, type="recovery_codes")
    client.post(STEP, {"code": row.wrap().get_unused_codes()[0]})
    assert "_auth_user_id" in client.session
    assert events() == ["asked", "canceled"]


def test_signing_in_by_password_alone_stops_nothing(asked, browser):
    client = browser()
    client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    client.post(STEP, {"code": "000000"})
    assert events() == ["asked"]


def test_the_notice_begins_when_it_was_sent(world, browser):
    """A mail server that was away for three days shortens nothing."""
    give_app(MOSS)
    browser(ADMIN).post(path(MOSS), REASON)
    go_on(100)
    assert factors(MOSS) and FactorReset.objects.get().canceled_at is None


def test_a_notice_that_nobody_can_get_ends_it(world, browser):
    give_app(MOSS)
    browser(ADMIN).post(path(MOSS), REASON)
    with transaction.atomic(), scope.organization(None):
        Mail.objects.filter(kind="people.factor_reset_asked").update(status="failed")
    go_on(100)
    assert factors(MOSS) and events() == ["asked", "canceled"]


def test_an_admin_cannot_ask_for_somebody_who_also_belongs_elsewhere(world, browser, mailbox):
    give_app(BOTH)
    answer = browser(ADMIN).post(path(BOTH), REASON)
    assert answer.status_code == 422 and "help@lumen.example" in answer.content.decode()
    assert not FactorReset.objects.exists() and mailbox.to(BOTH) == []


def test_an_admin_cannot_ask_for_the_vendors_staff(world, browser):
    give_app(MOSS)
    Staff.objects.create(user=User.objects.get(email=MOSS))
    assert browser(ADMIN).post(path(MOSS), REASON).status_code == 422
    assert not FactorReset.objects.exists()


def test_whoever_joins_elsewhere_meanwhile_keeps_it(asked):
    organization("globex").memberships.create(user=User.objects.get(email=MOSS))
    go_on(100)
    assert factors(MOSS) and events() == ["asked", "canceled"]


@pytest.mark.parametrize("who", [MOSS, "primary@acme.example"])
def test_only_an_admin_may_ask(world, browser, who):
    person = browser(who)
    give_app(MOSS)
    assert person.get(path(MOSS)).status_code == 403
    assert person.post(path(MOSS), REASON).status_code == 403
    assert not FactorReset.objects.exists()


def test_nobody_asks_for_themselves_or_twice_or_where_there_is_none(asked):
    for who, said in ((ADMIN, "Profile"), (MOSS, "already"), ("primary@acme.example", "has no")):
        answer = asked.post(path(who), REASON)
        assert answer.status_code == 422 and said in answer.content.decode()
    assert FactorReset.objects.count() == 1


def test_a_reason_is_wanted_and_what_was_typed_stays(world, browser):
    give_app(MOSS)
    answer = browser(ADMIN).post(path(MOSS), {"reason": "x" * 501})
    assert answer.status_code == 422 and "x" * 501 in answer.content.decode()


def test_the_admin_who_asked_can_take_it_back(asked):
    assert REASON["reason"] in asked.get(path(MOSS)).content.decode()
    assert asked.post(path(MOSS) + "withdrawal/")["Location"] == "/o/acme/members/"
    assert events() == ["asked", "canceled"]
    assert asked.post(path(MOSS) + "withdrawal/").status_code == 404


def test_staff_may_ask_for_everybody_and_take_it_back(world, browser, mailbox):
    give_app(BOTH)
    staff = System(label="Lumen Tools")
    reset_factor(staff, email=BOTH, **REASON)
    assert "Lumen Tools" in text_of(mailbox.to(BOTH)[-1])
    # An Admin of an organization sees and stops nothing of it.
    admin = browser(ADMIN)
    assert REASON["reason"] not in admin.get(path(BOTH)).content.decode()
    assert admin.post(path(BOTH) + "withdrawal/").status_code == 404
    keep_factor(staff, email=BOTH)
    go_on(100)
    assert factors(BOTH) and events() == ["asked", "canceled"]


def test_what_staff_asked_for_happens_too(world, mailbox):
    give_app(BOTH)
    reset_factor(System(label="Lumen Tools"), email=BOTH, **REASON)
    mailbox.deliver()
    go_on(72)
    assert factors(BOTH) == set() and events() == ["asked", "done"]


def test_passkeys_stay(asked):
    user = User.objects.get(email=MOSS)
    data = {"name": "Phone", "passkey": True, "credential": {}}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    go_on(72)
    assert factors(MOSS) == {"webauthn"}
