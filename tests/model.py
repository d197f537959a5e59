"""A small model of two organizations: who is in them, who is invited, and what the portal answers.

Each `answer_to_…` foretells a status, and notes what then is different.
"""

from dataclasses import dataclass, field

from forecourt.members.limits import PER_ADDRESS

PRIMARY = {"acme": "primary@acme.example", "globex": "admin@globex.example"}


@dataclass
class Offer:
    """A pending invitation."""

    role: str
    inviter: str
    generation: int = 1
    expired: bool = False


@dataclass
class Model:
    """Members by organization and address, with their roles; pending invitations likewise."""

    members: dict[str, dict[str, str]]
    accounts: set[str]
    #: Accounts whose mailbox has answered with a code; a password and a link alone prove none.
    proved: set[str]
    offers: dict[str, dict[str, Offer]] = field(default_factory=lambda: {"acme": {}, "globex": {}})
    sent: dict[tuple[str, str], int] = field(default_factory=dict)

    def gate(self, who: str, slug: str) -> int:
        """The door's answer to whom it does not let in; 0: come in."""
        if who not in self.accounts:
            return 302
        return 0 if who in self.members[slug] else 404

    def is_admin(self, who: str, slug: str) -> bool:
        return self.members[slug].get(who) == "admin"

    def is_last_admin(self, who: str, slug: str) -> bool:
        return [at for at, role in self.members[slug].items() if role == "admin"] == [who]

    def manages(self, who: str, slug: str, offer: Offer) -> bool:
        return self.is_admin(who, slug) or offer.inviter == who

    def full(self, slug: str, address: str) -> bool:
        return self.sent.get((slug, address), 0) >= PER_ADDRESS

    def _renew(self, slug: str, address: str) -> None:
        offer = self.offers[slug][address]
        offer.generation, offer.expired = offer.generation + 1, False

    def _sent(self, slug: str, address: str) -> int:
        self.sent[slug, address] = self.sent.get((slug, address), 0) + 1
        return 303

    def answer_to_inviting(self, who: str, slug: str, address: str, role: str) -> int:
        if refused := self.gate(who, slug):
            return refused
        if address in self.members[slug] or (role == "admin" and not self.is_admin(who, slug)):
            return 422
        if self.full(slug, address):
            return 429
        offer = self.offers[slug].get(address)
        if offer is None:
            self.offers[slug][address] = Offer(role, who)
        else:
            self._renew(slug, address)
            if self.manages(who, slug, offer):
                offer.role, offer.inviter = role, who
        return self._sent(slug, address)

    def _managing(self, who: str, slug: str, address: str) -> int:
        offer = self.offers[slug].get(address)
        if refused := self.gate(who, slug):
            return refused
        if offer is None:
            return 404
        return 0 if self.manages(who, slug, offer) else 403

    def answer_to_resending(self, who: str, slug: str, address: str) -> int:
        if refused := self._managing(who, slug, address):
            return refused
        if self.full(slug, address):
            return 429
        self._renew(slug, address)
        return self._sent(slug, address)

    def answer_to_revoking(self, who: str, slug: str, address: str) -> int:
        if refused := self._managing(who, slug, address):
            return refused
        del self.offers[slug][address]
        return 303

    def answer_to_accepting(self, slug: str, address: str) -> int:
        """The role is what the inviter may still give; to become an Admin takes a proved mailbox."""
        offer = self.offers[slug][address]
        if offer.expired:
            return 404
        if offer.role == "admin" and address in self.accounts - self.proved:
            return 422
        if offer.role == "admin":
            self.proved.add(address)
        del self.offers[slug][address]
        gives = offer.role == "admin" and self.is_admin(offer.inviter, slug)
        self.members[slug][address] = "admin" if gives else "member"
        self.accounts.add(address)
        return 303

    def answer_to_removing(self, who: str, slug: str, target: str) -> int:
        if refused := self.gate(who, slug):
            return refused
        if not self.is_admin(who, slug) and who != PRIMARY[slug]:
            return 403
        if target not in self.members[slug]:
            return 404
        if target in (who, PRIMARY[slug]) or self.is_last_admin(target, slug):
            return 422
        del self.members[slug][target]
        return 303

    def answer_to_a_new_role(self, who: str, slug: str, target: str, role: str) -> int:
        if refused := self.gate(who, slug):
            return refused
        if not self.is_admin(who, slug):
            return 403
        if target not in self.members[slug]:
            return 404
        if role == "member" and self.is_last_admin(target, slug):
            return 422
        self.members[slug][target] = role
        return 303

    def answer_to_leaving(self, who: str, slug: str) -> int:
        if refused := self.gate(who, slug):
            return refused
        if who == PRIMARY[slug] or self.is_last_admin(who, slug):
            return 422
        del self.members[slug][who]
        return 303
