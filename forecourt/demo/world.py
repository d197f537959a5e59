"""The sample world: a vendor, three customers and their people. For the demo and the tests alone."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.jobs import later
from forecourt.demo import books, catalog, connect, mails
from forecourt.members.models import Invitation
from forecourt.orgs.contacts import tie
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.orgs.models import Contact, Membership, Organization, Staff
from forecourt.orgs.permissions import Role
from forecourt.people.models import User

#: Raise it when the world changes: the demo then asks for a new start.
VERSION = "7"
PASSWORD = "open-the-door"  # noqa: S105 - the sample world's, told to everybody
#: Of PASSWORD, made once: hashing it for 2,000 people would take a minute.
HASH = (
    "argon2$argon2id$v=19$m=19456,t=2,p=1$Z3pHY2JEM3h"
    "xWWVPcEoxRnUyUVh5ZQ$K0G3UP7/QF/X14PzSDrke9CZswjaqtMEmVbR3i0caDc"
)

PEOPLE = {
    "admin@acme.example": "Dana Avery",
    "primary@acme.example": "Ines Barrow",
    "member@acme.example": "Moss Calder",
    "both@example.com": "Uma Linden",
    "admin@globex.example": "Rhea Solano",
    "admin@initech.example": "Otto Brandt",
    "nobody@example.com": "Noor Halden",
    "staff@lumen.example": "Sam Ostrom",
}
#: (name, days since it began, primary contact, [(address, role, days since)])
ORGANIZATIONS: list[tuple[str, int, str, list[tuple[str, Role, int]]]] = [
    (
        "Acme",
        630,
        "primary@acme.example",
        [
            ("admin@acme.example", Role.ADMIN, 629),
            ("primary@acme.example", Role.MEMBER, 629),
            ("member@acme.example", Role.MEMBER, 522),
            ("both@example.com", Role.MEMBER, 317),
        ],
    ),
    (
        "Globex",
        400,
        "admin@globex.example",
        [("admin@globex.example", Role.ADMIN, 400), ("both@example.com", Role.ADMIN, 120)],
    ),
    ("Initech", 900, "accounts@initech.example", [("admin@initech.example", Role.ADMIN, 900)]),
]
#: Additional contacts: (address, name, kinds of mail). One is a mailbox, the other also a member.
CONTACTS = {
    "Acme": [
        ("invoices@acme.example", "Accounts payable", ["invoices", "payment_problems", "renewals"]),
        ("both@example.com", "Uma Linden", ["license_keys", "releases", "security"]),
    ],
}
STAFF = "staff@lumen.example"
INITECH_MEMBERS = 2_000
INVITATIONS = [("new.hire@acme.example", 1, 6), ("late.reply@acme.example", 12, -5)]


def marker() -> str | None:
    """The version of the world that this database holds; None when it holds none."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('forecourt_demo') is not null")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("select version from forecourt_demo")
        found = cursor.fetchone()
    return found[0] if found else None


def fill(initech_members: int = INITECH_MEMBERS) -> bool:
    """Make the world where it is not there yet; True when something was made."""
    if marker() == VERSION:
        return False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("create table if not exists forecourt_demo (version text not null)")
            cursor.execute("delete from forecourt_demo")
            cursor.execute("insert into forecourt_demo values (%s)", [VERSION])
        people(initech_members)
        contacts()
        mails.mails()
        catalog.products()
        connect.licenses()
        books.books()
        books.thousand()
        later("console.count_figures", timestamp=0)
    return True


def people(initech_members: int) -> None:
    """The rows of the world, without its marker."""
    users = _people()
    for number, (name, age, primary, members) in enumerate(ORGANIZATIONS, start=1):
        organization = _organization(number, name, age, primary)
        with scope.organization(organization.pk):
            _members(organization, members, users)
    Staff.objects.create(user=users[STAFF], duty=Staff.Duty.OWNER)
    with scope.organization(1):
        _invitations(users["admin@acme.example"])
    if initech_members > 1:
        with scope.organization(3):
            _crowd(3, initech_members - 1)
    with connection.cursor() as cursor:
        for table in ("orgs_organization", "orgs_contact"):
            cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), 100, true)", [table])


def _ago(days: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def _people() -> dict[str, User]:
    long_ago = {"created_at": _ago(900), "mailbox_proved_at": _ago(900)}
    users = User.objects.bulk_create(
        User(email=email, name=name, password=HASH, **long_ago) for email, name in PEOPLE.items()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return {user.email: user for user in users}


def _organization(pk: int, name: str, age: int, primary: str) -> Organization:
    with scope.organization(pk):
        organization = Organization.objects.create(
            pk=pk, name=name, slug=name.lower(), primary_contact_id=pk, created_at=_ago(age)
        )
        _contact(organization, primary, PEOPLE.get(primary, "Accounts"), in_order(MailKind), pk=pk)
    return organization


def contacts() -> None:
    """The additional contacts; who of them is a member is linked."""
    for number, (name, *_rest) in enumerate(ORGANIZATIONS, start=1):
        with scope.organization(number):
            organization = Organization.objects.get(pk=number)
            for email, contact, kinds in CONTACTS.get(name, []):
                made = _contact(organization, email, contact, in_order(kinds))
                tie(made, is_primary=False)


def _contact(
    organization: Organization, email: str, name: str, kinds: list[str], **more: int
) -> Contact:
    long_ago = {"confirmed_at": organization.created_at, "created_at": organization.created_at}
    return Contact.objects.create(
        organization=organization, email=email, name=name, kinds=kinds, **long_ago, **more
    )


def _members(
    organization: Organization,
    members: list[tuple[str, Role, int]],
    users: dict[str, User],
) -> None:
    primary = organization.primary_contact
    Membership.objects.bulk_create(
        Membership(
            organization=organization,
            user=users[email],
            role=role,
            contact_id=primary.pk if email == primary.email else None,
            joined_at=_ago(days),
            last_seen_at=_ago(place * 3.2 + 0.2) if place else _ago(0.01),
        )
        for place, (email, role, days) in enumerate(members)
    )


def _invitations(inviter: User) -> None:
    for email, sent, left in INVITATIONS:
        invitation = Invitation(
            organization_id=1, email=email, invited_by=inviter, inviter_label=inviter.label()
        )
        invitation.renew(7)
        invitation.sent_at = invitation.created_at = _ago(sent)
        invitation.expires_at = _ago(-left)
        invitation.save()


def _crowd(organization_id: int, number: int) -> None:
    """Many members at once, by the database itself."""
    first = "Ada Ben Cleo Dev Edda Finn Gita Hugo Ivo Juno Kaya Liam Mina Nils Oona Pia".split()
    last = "Ashby Birk Castel Dorn Elmer Farrow Gale Hollis Iver Jansen Krol Lund Moss".split()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with made as (
                insert into people_user (password, handle, email, name, language, time_zone,
                    is_active, created_at)
                select %(hash)s, gen_random_uuid(), 'person' || n || '@initech.example',
                       (%(first)s::text[])[1 + n %% 16] || ' ' || (%(last)s::text[])[1 + n %% 13],
                       '', '', true, now() - interval '800 days'
                from generate_series(1, %(number)s) n
                returning id, email
            ), addresses as (
                insert into account_emailaddress (email, verified, "primary", user_id)
                select email, true, true, id from made
            )
            insert into orgs_membership (organization_id, user_id, role, joined_at, last_seen_at)
            select %(organization)s, id, case when id %% 40 = 0 then 'admin' else 'member' end,
                   now() - (id %% 700) * interval '1 day', now() - (id %% 90) * interval '1 day'
            from made order by id
            """,
            {
                "hash": HASH,
                "first": first,
                "last": last,
                "number": number,
                "organization": organization_id,
            },
        )


def describe() -> dict[str, Any]:
    """The world as plain values: organizations, slugs, people, roles, password."""
    return {
        "version": VERSION,
        "vendor": "Lumen Tools",
        "password": PASSWORD,
        "people": [{"email": email, "name": name} for email, name in PEOPLE.items()],
        "staff": [STAFF],
        "organizations": [
            {
                "name": name,
                "slug": name.lower(),
                "primary_contact": primary,
                "contacts": [
                    {"email": email, "kinds": k} for email, _n, k in CONTACTS.get(name, [])
                ],
                "members": [{"email": email, "role": str(role)} for email, role, _d in members],
                "more_members": INITECH_MEMBERS - 1 if name == "Initech" else 0,
                "invitations": [
                    {"email": email, "expired": left < 0}
                    for email, _sent, left in (INVITATIONS if name == "Acme" else [])
                ],
            }
            for name, _age, primary, members in ORGANIZATIONS
        ],
    }


def sign_ins() -> list[str]:
    """What the demo prints: who can sign in, and as what."""
    lines = [f"Sign in with the password {PASSWORD} as:"]
    for name, _age, primary, members in ORGANIZATIONS:
        for email, role, _days in members:
            extra = ", primary billing contact" if email == primary else ""
            lines.append(f"  {email:26} {name}, {role.label}{extra}")
    lines.append(f"  {'nobody@example.com':26} no organization")
    lines.append(f"  {STAFF:26} the vendor's staff")
    return lines
