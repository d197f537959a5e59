"""Taking one's data along: all of one's own, nothing secret, nobody else's."""

import datetime as dt
import json
import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.members import actions
from forecourt.orgs.models import Contact
from forecourt.people.models import Session, User
from tests.cast import membership, organization, pending

EXPORT = "/profile/export/"
BOTH, ADMIN = "both@example.com", "admin@acme.example"
SECRET = "s3cr3t-of-the-test"


def furnish(user: User) -> None:
    """Everything that a person can have."""
    SocialAccount.objects.create(
        user=user,
        provider="google",
        uid="https://id.example 1077",
        extra_data={"email": "uma@id.example", "access_token": SECRET},
    )
    kinds, webauthn = Authenticator.Type, Authenticator.Type.WEBAUTHN
    for kind, data in (
        (kinds.TOTP, {"secret": SECRET}),
        (kinds.RECOVERY_CODES, {"seed": SECRET}),
        (webauthn, {"name": "Phone", "passkey": True, "credential": SECRET}),
        (webauthn, {"name": "Key", "passkey": False, "credential": SECRET}),
    ):
        Authenticator.objects.create(user=user, type=kind, data=data)
    Contact.objects.create(organization=organization("acme"), email=BOTH, phone="+1 555 0100")
    EmailAddress.objects.create(user=user, email="uma@example.com", verified=False, primary=False)


def lived(browser):
    """Uma, who did something to others and had something done to her."""
    client = browser(BOTH)
    furnish(User.objects.get(email=BOTH))
    uma = membership("acme", BOTH)
    actions.change_role(membership("acme", ADMIN), member_id=uma.pk, role="admin")
    actions.invite_member(uma, email="new@acme.example", role="admin")
    moss = membership("acme", "member@acme.example")
    actions.remove_member(membership("acme", BOTH), member_id=moss.pk)
    return client


def test_the_file_holds_all_that_the_portal_knows(world, browser):
    answer = lived(browser).get(EXPORT)
    assert re.fullmatch(
        r'attachment; filename="account-[\d-]+\.json"', answer["Content-Disposition"]
    )
    assert "no-store" in answer["Cache-Control"]
    found = json.loads(answer.content)
    assert found["profile"]["name"] == "Uma Linden" and found["profile"]["has_password"] is True
    assert [row["email"] for row in found["addresses"]] == [BOTH, "uma@example.com"]
    assert found["identities"][0]["subject"] == "1077"
    assert found["identities"][0]["issuer"] == "https://id.example"
    kinds = [(row["kind"], row["name"]) for row in found["factors"]]
    named = [("passkey", "Phone"), ("security_key", "Key")]
    assert kinds == [("totp", ""), ("recovery_codes", ""), *named]
    assert len(found["sessions"]) == 1


def test_it_holds_every_organization_of_the_person(world, browser):
    found = json.loads(lived(browser).get(EXPORT).content)
    acme, globex = found["organizations"]
    assert (acme["name"], acme["membership"]["role"]) == ("Acme", "admin")
    assert (globex["name"], globex["invitations_sent"]) == ("Globex", [])
    assert [(row["role"], row["status"]) for row in acme["invitations_sent"]] == [
        ("admin", "pending")
    ]
    assert acme["contacts"][0]["phone"] == "+1 555 0100"
    events = {row["event"]: row for row in found["events"]}
    assert {"member.invited", "member.removed", "person.signed_in", "person.exported"} <= {*events}
    assert events["member.role_changed"]["after"] == {"role": "admin"}
    assert events["member.role_changed"]["by_me"] is False
    times = [row["at"] for row in found["events"]]
    assert times == sorted(times, reverse=True)
    assert {row["kind"] for row in found["mails"]} >= {"members.role_changed"}


def test_no_secret_and_nobody_else_is_in_it(world, browser):
    """Every string in the tables of others and every secret of one's own is looked for."""
    client = lived(browser)
    text = client.get(EXPORT).content.decode()
    user, session = User.objects.get(email=BOTH), Session.objects.get(user__email=BOTH)
    invitation = pending("acme", "new@acme.example")
    secrets = [SECRET, user.password, session.session_key, session.session_data]
    secrets += [invitation.token(), invitation.token_hash]
    assert [secret for secret in secrets if secret in text] == []
    addresses = set(re.findall(r"[\w.+-]+@[\w.-]+", text))
    assert addresses == {BOTH, "uma@example.com", "uma@id.example"}
    others = User.objects.exclude(pk=user.pk).values_list("name", flat=True)
    assert [name for name in others if name in text] == []


def test_a_stranger_and_an_old_proof_get_no_file(world, browser, monkeypatch):
    """O26."""
    assert browser().get(EXPORT)["Location"].startswith("/accounts/login/")
    client = browser(BOTH)
    monkeypatch.setattr("forecourt.people.proof.FRESH", dt.timedelta(days=-1))
    assert client.get(EXPORT)["Location"].startswith("/accounts/reauthenticate/")


def test_the_log_says_that_it_was_taken(world, browser):
    client = browser(BOTH)
    client.get(EXPORT)
    again = json.loads(client.get(EXPORT).content)
    assert [row["event"] for row in again["events"]].count("person.exported") == 2


def test_what_an_organization_noted_about_the_account_is_in_it_once(world, browser):
    """An Admin asked for something about it; who that was is not the person's to take along."""
    client, user = browser(BOTH), User.objects.get(email=BOTH)
    with transaction.atomic(), scope.organization(1):
        AuditEvent.objects.create(
            organization_id=1, person_id=user.pk, actor_kind="member", actor_label=ADMIN,
            event="x", object_kind="user", object_label=BOTH, after={"by": ADMIN, "hours": 72},
            address="192.0.2.7",
        )  # fmt: skip
    (row,) = [x for x in json.loads(client.get(EXPORT).content)["events"] if x["event"] == "x"]
    assert (row["by_me"], row["after"]) == (False, {"hours": 72})
    assert "address" not in row
