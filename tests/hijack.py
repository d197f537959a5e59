"""An attacker and a victim, and what each of them can do about one address: for
`test_hijacking.py`, which goes through every order of it.

The attacker knows the victim's address, has an account of their own, and an account at a provider
into which they wrote the victim's address. The victim reads their mail.
"""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from forecourt.core import scope, sealing
from forecourt.core.actors import System
from forecourt.core.models import Mail
from forecourt.members.actions import invite_member
from forecourt.people.models import User
from tests.cast import organization
from tests.openid import SUBJECTS, consent, depart, walk

VICTIM, ATTACKER = "victim@example.com", "attacker@evil.example"
VICTIMS_OTHER = "victim.other@example.com"
SUBJECT = "attackers-subject"
PASSWORDS = {
    VICTIM: "the victim's long sentence",
    ATTACKER: "the attacker's long sentence",
}
SIGN_UP, VERIFY = "/accounts/signup/", "/accounts/verify/"


def code_mailed_to(address: str) -> str:
    """The newest code in a mailbox, "" where there is none; sent mail forgets its secrets, so this
    one is read before it is sent."""
    with scope.organization(None):
        mails = Mail.objects.filter(to=address, sealed__isnull=False).order_by("-pk")
        return sealing.unseal(bytes(mails[0].sealed))["code"] if mails else ""


class Somebody:
    """One of the two, with a browser. Each act does what it can and never fails."""

    address = ""
    others: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.client = Client()

    @property
    def password(self) -> str:
        return PASSWORDS[self.address]

    @property
    def signed_in(self) -> User | None:
        pk = self.client.session.get("_auth_user_id")
        return User.objects.filter(pk=pk).first() if pk else None

    def sign_up(self) -> None:
        form = {"email": VICTIM, "password1": self.password}
        self.client.post(SIGN_UP, form)

    def verify(self) -> None:
        """Enter the newest code of one's own mailboxes wherever a code is asked for."""
        for address in (self.address, *self.others):
            if code := code_mailed_to(address):
                self.client.post(VERIFY, {"code": code})

    def reset(self) -> None:
        self.client.post("/accounts/password/reset/", {"email": VICTIM})
        code = code_mailed_to(self.address)
        self.client.post("/accounts/password/reset/code/", {"code": code or "ABCDEF"})
        form = {"password1": self.password, "password2": self.password}
        self.client.post("/accounts/password/reset/new/", form)

    def accept(self) -> None:
        """Open one's own invitation and take it, with the account at hand or with a new one."""
        form = {"password": self.password, "name": ""}
        self.client.post(self.invitation + "account/", form)
        self.client.post(self.invitation + "acceptance/")

    def invited(self) -> None:
        """Have an invitation of one's own, to Acme."""
        offer = invite_member(System(organization("acme").pk), email=self.address)
        self.invitation = reverse("invitation", args=[offer.token()])


class Victim(Somebody):
    """Owns the address."""

    address, others = VICTIM, (VICTIMS_OTHER,)

    def provider(self) -> None:
        walk(self.client, "google", VICTIM)

    def link(self) -> None:
        if self.client.session.get("people_pending_identity"):
            self.client.post("/accounts/link/")
        if self.signed_in:
            connect(self.client, "google")

    def change_address(self) -> None:
        add_and_use(self.client, VICTIMS_OTHER)


class Attacker(Somebody):
    """Does not; `own` is a second browser, with an account of their own."""

    address = ATTACKER

    def __init__(self) -> None:
        super().__init__()
        self.own = Client()
        answer = self.own.post("/accounts/login/", {"login": ATTACKER, "password": self.password})
        assert answer.status_code == 302

    def verify(self) -> None:
        super().verify()
        self.client.post(VERIFY, {"code": "ABC-DEF"})
        self.own.post(VERIFY, {"code": code_mailed_to(ATTACKER) or "ABC-DEF"})

    def provider(self) -> None:
        """By a tenant of their own, in whose directory anything can be written."""
        walk(self.client, "microsoft", VICTIM, subject=SUBJECT)

    def link(self) -> None:
        for client in (self.client, self.own):
            if client.session.get("people_pending_identity"):
                client.post("/accounts/link/")
        SUBJECTS["microsoft", VICTIM] = SUBJECT
        connect(self.own, "microsoft")

    def change_address(self) -> None:
        add_and_use(self.own, VICTIM)

    def accept(self) -> None:
        super().accept()
        self.own.post(self.invitation + "acceptance/")


def connect(client: Client, provider: str) -> None:
    """Link an identity to the account that is signed in, where that is let through."""
    page = depart(client, provider, process="connect")["Location"]
    if page.startswith("http://localhost:"):
        client.get(consent(page, VICTIM, "Victor"))


def add_and_use(client: Client, address: str) -> None:
    """Add an address to the account that is signed in, and make it the primary one."""
    client.post(reverse("add_address"), {"email": address})
    for theirs in EmailAddress.objects.filter(email=address):
        client.post(reverse("make_primary", args=[theirs.pk]))


ACTS = ("sign_up", "verify", "provider", "link", "reset", "change_address", "accept")
Step = tuple[str, Callable[[Somebody], None]]


def forget_limits() -> None:
    """How often somebody may try is another test's matter."""
    cache.clear()
