"""Two at once on accounts: ways in that go, codes and keys that are good once, addresses. Nothing
is left to luck where a lock can be held until everybody waits at it."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from forecourt.people.models import User
from forecourt.people.tests.test_second_factors import code_now
from tests.authenticator import Device, add, ask, send
from tests.cast import PASSWORD, code_in, signed_in
from tests.invariants import verify
from tests.racing import at_once, one_by_one, post

MOSS, ADMIN = "member@acme.example", "admin@acme.example"
ADD, STEP, APP = "/profile/keys/add/", "/accounts/second-factor/", "/profile/authenticator/"


@pytest.fixture(autouse=True)
def portal(committed_world, settings) -> None:
    settings.PUBLIC_URL = "https://testserver"


def hold(*people: str) -> Callable[[], list]:
    """Keep these people's rows."""
    rows = User.objects.select_for_update(no_key=True).filter(email__in=people)
    return lambda: list(rows.order_by("pk"))


def link(provider: str) -> str:
    """Moss links an identity; the address at which it is taken off."""
    user = User.objects.get(email=MOSS)
    identity = SocialAccount.objects.create(user=user, provider=provider, uid=provider)
    return f"/profile/identities/{identity.pk}/removal/"


def make_passkey() -> str:
    """Moss makes a passkey; the address at which it is taken off."""
    assert add(signed_in(MOSS), Device()).status_code == 303
    return f"/profile/keys/{Authenticator.objects.latest('pk').pk}/removal/"


WAYS = {"Google": lambda: link("google"), "Microsoft": lambda: link("microsoft")}
WAYS["passkey"] = make_passkey
PAIRS = [("Google", "Microsoft"), ("Google", "passkey"), ("passkey", "Google")]


@pytest.mark.parametrize("pair", [*PAIRS, ("passkey", "passkey")])
def test_of_two_ways_in_that_are_taken_off_at_once_one_stays(pair):
    """A054: from two tabs, by whoever has no password."""
    addresses = [WAYS[way]() for way in pair]
    moss = User.objects.get(email=MOSS)
    moss.set_unusable_password()
    moss.save()
    tabs = [post(signed_in(MOSS), address) for address in addresses]
    assert one_by_one(hold(MOSS), *tabs) == [303, 422]
    assert SocialAccount.objects.count() + Authenticator.objects.count() == 1


def test_a_key_that_two_tabs_take_off_is_taken_off_once():
    address = make_passkey()
    tabs = [post(client, address) for client in [signed_in(MOSS)] * 2]
    assert one_by_one(hold(MOSS), *tabs) == [303, 404]


@pytest.mark.parametrize("people", [(MOSS, ADMIN), (MOSS, MOSS)])
def test_a_key_that_is_registered_twice_at_once_belongs_to_one_account(people):
    """The later reads a sentence, at the key's own unique index."""
    clients, key = [signed_in(who) for who in people], Device()
    answers = [key.create(ask(client, ADD)) for client in clients]

    def press(place: int) -> Callable[[], object]:
        return lambda: send(clients[place], ADD, answers[place], name="Laptop")

    got = one_by_one(hold(*people), press(0), press(1))  # two rows: either may get on first
    assert sorted(each.status_code for each in got) == [303, 422]
    won = [each.status_code for each in got].index(303)
    assert "belongs to an account already" in got[1 - won].content.decode()
    assert Authenticator.objects.get().user.email == people[won]


def test_two_security_keys_at_once_come_with_recovery_codes_once():
    clients, here = [signed_in(MOSS) for _ in range(2)], f"{ADD}?kind=key"
    answers = [Device().create(ask(client, here)) for client in clients]
    press = [
        lambda place=place: send(clients[place], here, answers[place]).status_code
        for place in range(2)
    ]
    assert one_by_one(hold(MOSS), *press) == [303, 303]
    assert Authenticator.objects.filter(type="recovery_codes").count() == 1


def set_up_an_app() -> tuple[str, list[str]]:
    """Moss sets up an authenticator app: its secret, and the recovery codes."""
    client = signed_in(MOSS)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get(APP).content.decode())[1]
    secret = secret.replace(" ", "")
    client.post(APP, {"code": code_now(secret, steps=-1)})
    shown = client.get("/profile/recovery-codes/").content.decode()
    return secret, re.search(r'<pre class="codes">(.*?)</pre>', shown, re.S)[1].split()


def first_step() -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    assert answer["Location"] == STEP
    return client


def are_in(clients: list[Client]) -> int:
    return sum("_auth_user_id" in client.session for client in clients)


def test_a_recovery_code_that_two_use_at_once_lets_one_in():
    _secret, codes = set_up_an_app()
    clients = [first_step() for _ in range(2)]
    rows = Authenticator.objects.select_for_update().filter(type="recovery_codes")
    press = [post(client, STEP, code=codes[0]) for client in clients]
    assert one_by_one(lambda: list(rows), *press) == [302, 422]
    assert are_in(clients) == 1


def test_a_code_of_the_app_that_four_use_at_once_lets_one_in():
    secret, _codes = set_up_an_app()
    clients = [first_step() for _ in range(4)]
    code = code_now(secret)
    assert sorted(at_once(*[post(each, STEP, code=code) for each in clients])) == [302] + [422] * 3
    assert are_in(clients) == 1


def test_an_address_that_is_added_and_signed_up_with_at_once_has_one_owner(mailbox, settings):
    """A058: whoever comes first; the other reads a sentence."""
    settings.ACCOUNT_RATE_LIMITS = False
    for number in range(8):
        new, moss, other = f"wanted{number}@new.example", signed_in(MOSS), Client()
        other.post("/accounts/signup/", {"email": new, "password1": "a long sentence of mine"})
        theirs = code_in(mailbox.to(new)[-1])
        moss.post("/profile/addresses/", {"email": new})
        mine = code_in(mailbox.to(new)[-1])
        press = [post(moss, "/accounts/verify/", code=mine)]
        press.append(post(other, "/accounts/verify/", code=theirs))
        assert set(at_once(*press)) <= {302, 422}
        owner = EmailAddress.objects.get(email=new, verified=True).user
        assert ("_auth_user_id" in other.session) == (owner.email == new)
        assert owner.email in (MOSS, new)
    verify()
