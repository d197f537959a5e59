"""Any order of what can happen to the people of two organizations, compared with a small model.

EXAMPLES=500 looks longer, at other orders each time, and makes what it finds as short as it can.
"""

import copy
import os

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from forecourt.core import scope, sealing
from forecourt.core.models import Mail
from forecourt.members.models import Invitation
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import link_in, run_jobs, signed_in
from tests.invariants import verify
from tests.model import PRIMARY, Model

ADMIN, BOTH, NOBODY = "admin@acme.example", "both@example.com", "nobody@example.com"
FAY = "fay@new.example"  # has no account at first
ACTORS = [ADMIN, BOTH, NOBODY, FAY, PRIMARY["acme"]]
TARGETS = [*ACTORS, PRIMARY["globex"], "member@acme.example"]
IDS = {"acme": 1, "globex": 2}
NEVER = 987_654_321
EXAMPLES = int(os.environ.get("EXAMPLES", "0"))

slugs, roles = st.sampled_from(sorted(IDS)), st.sampled_from(["member", "admin"])
targets, seldom = st.sampled_from(TARGETS), st.sampled_from([False] * 5 + [True])


def members_now() -> dict[str, dict[str, str]]:
    with scope.across_organizations("the machine looks"):
        rows = list(Membership.objects.values_list("organization_id", "user_id", "role"))
    emails = dict(User.objects.values_list("pk", "email"))
    return {
        slug: {emails[user]: role for at, user, role in rows if at == pk}
        for slug, pk in IDS.items()
    }


def pending(slug: str) -> dict[str, Invitation]:
    with scope.across_organizations("the machine looks"):
        found = Invitation.objects.filter(organization_id=IDS[slug], status="pending")
        return {x.email: x for x in found if x.email in TARGETS}


class Portal(RuleBasedStateMachine):
    """What people do through the pages; the model foretells each answer and all that is there."""

    mailbox = None

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # actions open transactions of their own inside
        self.block.__enter__()
        accounts = set(User.objects.values_list("email", flat=True))
        self.model = Model(copy.deepcopy(members_now()), accounts, proved=set(accounts))
        self.clients = {address: Client() for address in TARGETS}
        for address in accounts & {*TARGETS}:
            signed_in(address, client=self.clients[address])
        self.dead: list[tuple[str, str, str, bool]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def post(self, who: str, address: str, expected: int, **form) -> None:
        cache.clear()  # how often a dead link was tried
        client = self.clients[who] if who else Client()
        answer = client.post(address, form)
        assert answer.status_code == expected, f"{who} {address}: {answer.status_code}"

    def link(self, slug: str, address: str) -> str:
        return f"/invitations/{pending(slug)[address].token()}/"

    def links(self) -> dict[tuple[str, str], str]:
        return {(slug, at): self.link(slug, at) for slug in IDS for at in self.model.offers[slug]}

    def bury(self, before: dict[tuple[str, str], str], *, accepted: bool = False) -> None:
        """Remember the links that were good before and are not now."""
        now = set(self.links().values())
        gone = [(link, *where, accepted) for where, link in before.items() if link not in now]
        self.dead += gone

    def some_offer(self, data) -> tuple[str, str]:
        there = [(slug, at) for slug in IDS for at in self.model.offers[slug]]
        return data.draw(st.sampled_from(sorted(there)), label="invitation")

    def somebody(self, data, slug: str) -> str:
        """Mostly an Admin or a Member, at times one without any right; never a bystander."""
        inside = [at for at in ACTORS if at in self.model.members[slug]]
        admins = [at for at in inside if self.model.is_admin(at, slug)]
        return data.draw(st.sampled_from(ACTORS + 2 * inside + 4 * admins), label="who")

    def colleague(self, data, slug: str) -> str:
        """Mostly somebody of the organization."""
        inside = [at for at in TARGETS if at in self.model.members[slug]]
        return data.draw(st.sampled_from(TARGETS + 3 * inside), label="colleague")

    @initialize()
    def somebody_is_invited(self):
        self.ask_in(ADMIN, "acme", NOBODY, "admin")
        self.ask_in(BOTH, "globex", FAY, "member")

    @rule(data=st.data(), slug=slugs, address=targets, role=roles)
    def invite(self, data, slug, address, role):
        self.ask_in(self.somebody(data, slug), slug, address, role)

    def ask_in(self, who: str, slug: str, address: str, role: str) -> None:
        links = self.links()
        expected = self.model.answer_to_inviting(who, slug, address, role)
        here = f"/o/{slug}/members/invitations/"
        self.post(who, here, expected, email=address.upper(), role=role)
        self.bury(links)

    @rule(data=st.data(), slug=slugs, address=targets, at_random=seldom)
    def resend(self, data, slug, address, at_random):
        if any(self.model.offers.values()) and not at_random:
            slug, address = self.some_offer(data)
        who = self.somebody(data, slug)
        links, there = self.links(), pending(slug).get(address)
        expected = self.model.answer_to_resending(who, slug, address)
        pk = there.pk if there else NEVER
        self.post(who, f"/o/{slug}/members/invitations/{pk}/resending/", expected)
        self.bury(links)

    @rule(data=st.data(), slug=slugs, address=targets, at_random=seldom)
    def revoke(self, data, slug, address, at_random):
        if any(self.model.offers.values()) and not at_random:
            slug, address = self.some_offer(data)
        who = self.somebody(data, slug)
        links, there = self.links(), pending(slug).get(address)
        expected = self.model.answer_to_revoking(who, slug, address)
        pk = there.pk if there else NEVER
        self.post(who, f"/o/{slug}/members/invitations/{pk}/revocation/", expected)
        self.bury(links)

    @precondition(lambda self: any(self.model.offers.values()))
    @rule(data=st.data())
    def expire(self, data):
        slug, address = self.some_offer(data)
        with transaction.atomic(), scope.organization(IDS[slug]):
            found = Invitation.objects.filter(pk=pending(slug)[address].pk)
            assert found.update(expires_at=timezone.now()) == 1
        self.model.offers[slug][address].expired = True

    @precondition(lambda self: any(self.model.offers.values()))
    @rule(data=st.data(), by_list=st.booleans())
    def accept(self, data, by_list):
        slug, address = self.some_offer(data)
        offer, links = self.model.offers[slug][address], self.links()
        link, has_account = links[slug, address], address in self.model.accounts
        by_id = f"/invitations/{pending(slug)[address].pk}/"
        expected = self.model.answer_to_accepting(slug, address)
        if has_account:
            self.post(address, (by_id if by_list else link) + "acceptance/", expected)
        elif offer.role == "admin" and expected == 303:
            self.post(address, link + "account/", 302, password="a long sentence of mine")
            self.post(address, "/accounts/verify/", 302, code=last_code(address))
            self.post(address, link + "acceptance/", 303)
        else:
            self.post(address, link + "account/", expected, password="a long sentence of mine")
        self.bury(links, accepted=True)

    @precondition(lambda self: any(self.model.offers.values()))
    @rule(data=st.data())
    def decline(self, data):
        slug, address = self.some_offer(data)
        offer, links = self.model.offers[slug][address], self.links()
        self.post("", links[slug, address] + "declination/", 404 if offer.expired else 200)
        if not offer.expired:
            del self.model.offers[slug][address]
        self.bury(links)

    @precondition(lambda self: any(self.model.offers.values()))
    @rule(data=st.data(), who=st.sampled_from(ACTORS))
    def accept_for_somebody_else(self, data, who):
        slug, address = self.some_offer(data)
        if who != address and who in self.model.accounts:
            expected = 404 if self.model.offers[slug][address].expired else 422
            self.post(who, self.link(slug, address) + "acceptance/", expected)
            self.post(who, self.link(slug, address) + "account/", expected, password="x" * 15)

    @precondition(lambda self: self.dead)
    @rule(data=st.data())
    def press_a_dead_link(self, data):
        link, slug, address, accepted = data.draw(st.sampled_from(self.dead))
        goes_on = accepted and address in self.model.members[slug]  # to where they are already
        if address in self.model.accounts:
            self.post(address, link + "acceptance/", 303 if goes_on else 404)
        self.post("", link + "account/", 404, password="a long sentence of mine")
        self.post("", link + "declination/", 404)
        assert Client().get(link).status_code == 404

    @rule(data=st.data(), slug=slugs)
    def remove(self, data, slug):
        who, person = self.somebody(data, slug), self.colleague(data, slug)
        pk = member_id(slug, person)
        expected = self.model.answer_to_removing(who, slug, person)
        self.post(who, f"/o/{slug}/members/{pk}/removal/", expected)

    @rule(data=st.data(), slug=slugs, role=roles)
    def change_role(self, data, slug, role):
        who, person = self.somebody(data, slug), self.colleague(data, slug)
        pk = member_id(slug, person)
        expected = self.model.answer_to_a_new_role(who, slug, person, role)
        self.post(who, f"/o/{slug}/members/{pk}/role/", expected, role=role)

    @rule(data=st.data(), slug=slugs)
    def leave(self, data, slug):
        who = self.somebody(data, slug)
        expected = self.model.answer_to_leaving(who, slug)
        self.post(who, f"/o/{slug}/members/departure/", expected)

    @rule()
    def deliver(self):
        """Whoever has a good link has it in their mailbox too."""
        run_jobs()
        for slug in IDS:
            for address, offer in self.model.offers[slug].items():
                mails = [x for x in self.mailbox.messages if x["To"] == address]
                links = [link_in(x) for x in mails if "/invitations/" in x.as_string()]
                if not offer.expired:
                    assert self.link(slug, address) in links

    @invariant()
    def the_portal_is_as_the_model_says(self):
        assert members_now() == self.model.members
        for slug in IDS:
            now, offers = pending(slug), self.model.offers[slug]
            assert {at: (x.role, x.generation, x.is_expired) for at, x in now.items()} == {
                at: (x.role, x.generation, x.expired) for at, x in offers.items()
            }
        verify()


def member_id(slug: str, address: str) -> int:
    user = User.objects.filter(email=address).first()
    with scope.across_organizations("the machine looks"):
        found = Membership.objects.filter(organization_id=IDS[slug], user_id=user and user.pk)
        return found.values_list("pk", flat=True).first() or NEVER


def last_code(address: str) -> str:
    with scope.across_organizations("the machine reads a code"):
        mail = Mail.objects.filter(kind="people.verify_address", to=address).latest("pk")
    return sealing.unseal(mail.sealed)["code"]


def test_whatever_the_order(world, mailbox):
    class Delivered(Portal):
        pass

    Delivered.mailbox = mailbox
    run_state_machine_as_test(
        Delivered,
        settings=settings(
            max_examples=EXAMPLES or 15,
            stateful_step_count=25,
            derandomize=not EXAMPLES,
            phases=[Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
            report_multiple_bugs=False,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
