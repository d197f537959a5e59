"""Organizations for the journeys, one each: made in the running demo's own environment.

`python -m tests.browser.houses 20 5` adds journey-1 to journey-20, each with an Admin, a primary
billing contact who is a Member, a Member, and a neighbor with an account and no organization. And a
reader, who has nothing but a mailbox. The last 5 have Connect, too, with a seat for Admin and Member.
`python -m tests.browser.houses session staff@lumen.example mine` adds a session for one journey alone.
"""

import datetime as dt
import hashlib
import os
import sys
import time
from dataclasses import dataclass

PASSWORD = "open-the-door"
METHODS = "account_authentication_methods"  # where allauth keeps a session's proofs
STAFF = "staff@lumen.example"
PEOPLE = {
    "admin": "Alva Reed",
    "primary": "Petra Lowe",
    "member": "Milo Hart",
    "neighbor": "Nell Ford",
    "reader": "Rae Dunn",
}


@dataclass(frozen=True)
class House:
    """An organization that one journey has for itself."""

    number: int

    @property
    def name(self) -> str:
        return f"Journey {self.number}"

    @property
    def slug(self) -> str:
        return f"journey-{self.number}"

    @property
    def members(self) -> str:
        """The path of its Members page."""
        return f"/o/{self.slug}/members/"

    @property
    def products(self) -> str:
        """The path of its first page."""
        return f"/o/{self.slug}/products/"

    @property
    def billing(self) -> str:
        """The path of its Billing page."""
        return f"/o/{self.slug}/billing/"

    @property
    def seats(self) -> str:
        """The path of the page with the two seats of its license."""
        return f"/o/{self.slug}/products/licenses/{1_000 + self.number}/seats/"

    def address(self, who: str) -> str:
        """Somebody's address: of the people above, or a new one."""
        return f"{who}@{self.slug}.example"


def session_of(address: str, of_ones_own: str = "") -> str:
    """The key of the session that waits for somebody: signing in takes a second, each time.
    `of_ones_own`: of one that no other journey has, for a journey that changes its key."""
    return hashlib.sha256((address + of_ones_own).encode()).hexdigest()[:32]


def make(number: int, launching: int = 0) -> None:
    """Fill the database with that many houses, and with a session for everybody."""
    from allauth.account.models import EmailAddress
    from django.db import transaction

    from forecourt.core import scope
    from forecourt.demo.world import HASH
    from forecourt.orgs.mail_kinds import MailKind, in_order
    from forecourt.orgs.models import Contact, Membership, Organization
    from forecourt.people.models import User

    with transaction.atomic():
        for house in map(House, range(1, number + 1)):
            key = 1_000 + house.number
            users = {
                who: User.objects.create(email=house.address(who), name=name, password=HASH)
                for who, name in PEOPLE.items()
            }
            User.objects.filter(pk=users["reader"].pk).update(password="!")
            for user in users.values():
                own = {"email": user.email, "verified": True, "primary": True}
                EmailAddress.objects.create(user=user, **own)
            with scope.organization(key):
                organization = Organization.objects.create(
                    pk=key, name=house.name, slug=house.slug, primary_contact_id=key
                )
                primary = {"email": house.address("primary"), "name": PEOPLE["primary"]}
                kinds = in_order(MailKind)
                Contact.objects.create(pk=key, organization=organization, kinds=kinds, **primary)
                for who in ("admin", "primary", "member"):
                    Membership.objects.create(
                        organization=organization,
                        user=users[who],
                        role="admin" if who == "admin" else "member",
                        contact_id=key if who == "primary" else None,
                    )
                _license(organization, house.number)
                if house.number > number - launching:
                    _connect(organization)
        _make_sessions()


def _connect(organization) -> None:
    from forecourt.products.models import License, Product, Seat

    connect = Product.objects.get(slug="connect")
    own = {"organization": organization, "product": connect, "plan": "Team"}
    granted = License.objects.create(**own, seats=5)
    for member in organization.memberships.filter(contact=None):
        Seat.objects.create(organization=organization, license=granted, member=member)


def _license(organization, number: int) -> None:
    from forecourt.products.models import License, LicenseKey, Product

    deploy = Product.objects.get(slug="deploy")
    granted = License.objects.create(
        pk=organization.pk,
        organization=organization,
        product=deploy,
        plan="Per admin, yearly",
        seats=2,
    )
    LicenseKey.objects.create(
        organization=organization, license=granted, key=f"DPLY-JOURNEY-{number}"
    )
    _books(organization)


def _books(organization) -> None:
    """A subscription of Inventory for three seats, and the open invoice of its first year."""
    from django.utils import timezone

    from forecourt.billing.models import Plan, Subscription
    from forecourt.billing.periods import first_day, moment
    from forecourt.products.models import License, Product

    today, plan = timezone.localdate(), Plan.objects.get(slug="inventory-yearly-eur")
    start, end = first_day(today, 1, -1), first_day(first_day(today, 1, -1), 12, 1)
    held = License.objects.create(
        organization=organization,
        product=Product.objects.get(slug="inventory"),
        plan=plan.name,
        seats=3,
        starts_at=moment(start),
        ends_at=moment(end),
        renews=True,
    )
    period = {"period_start": start, "period_end": end}
    subscription = Subscription.objects.create(
        organization=organization,
        plan=plan,
        license=held,
        seats=3,
        unit_amount=plan.unit_amount,
        anchor_date=start,
        **period,
    )
    _invoice(subscription, period)


def _invoice(subscription, period) -> None:
    from django.utils import timezone

    from forecourt.billing.accounts import account_of, present_seller
    from forecourt.billing.issuing import next_number
    from forecourt.billing.models import Invoice, InvoiceLine

    organization, today = subscription.organization, timezone.localdate()
    invoice = Invoice.objects.create(
        organization=organization,
        number=next_number(today),
        subscription=subscription,
        buyer=account_of(organization).details,
        seller=present_seller(),
        issued_on=today,
        due_on=today + dt.timedelta(days=14),
        currency="EUR",
        net=42_000,
        tax=7_980,
        gross=49_980,
        total=49_980,
        **period,
    )
    InvoiceLine.objects.create(
        organization=organization,
        invoice=invoice,
        text=f"Inventory · {subscription.plan.name}",
        quantity=3,
        unit_amount=subscription.unit_amount,
        net=42_000,
        tax_category="S",
        tax_rate=19,
        starts_on=period["period_start"],
        ends_on=period["period_end"] - dt.timedelta(days=1),
    )


def _proofs(user) -> list[str]:
    """By what somebody proved who they are: the vendor's staff by a second factor, too."""
    return ["password", "mfa"] if user.email == STAFF else ["password"]


def _make_sessions(address: str = "", of_ones_own: str = "") -> None:
    """For everybody, or one more for one of them."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from forecourt.people.models import Session, User
    from forecourt.people.sessions import SessionStore

    named = User.objects.exclude(email__startswith="person")
    named = named.filter(email=address) if address else named
    Session.objects.bulk_create(
        Session(
            session_key=session_of(user.email, of_ones_own),
            session_data=SessionStore().encode(
                {
                    SESSION_KEY: str(user.pk),
                    METHODS: [{"method": each, "at": time.time()} for each in _proofs(user)],
                    f"{METHODS}_user": str(user.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            ),
            expire_date=dt.datetime.now(dt.UTC) + dt.timedelta(days=1),
            user=user,
        )
        for user in named
    )


if __name__ == "__main__":
    from forecourt.config.commands.serve import start_django
    from forecourt.demo import running

    running.use(os.environ)
    start_django()
    if sys.argv[1] == "session":
        _make_sessions(*sys.argv[2:])
    else:
        make(*map(int, sys.argv[1:]))
