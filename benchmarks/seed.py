"""Organizations of 10, 1,000 and 100,000 members, made by the database itself."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.stage import Stage

SIZES = {"ten": 10, "thousand": 1_000, "many": 100_000}
IDS = {"ten": 1, "thousand": 2, "many": 3}
#: More organizations of ten, for what changes them.
TENS = range(101, 151)
FIRST = "Ada Ben Cleo Dev Edda Finn Gita Hugo Ivo Juno Kaya Liam Mina Nils Oona Pia".split()
LAST = "Ashby Birk Castel Dorn Elmer Farrow Gale Hollis Iver Jansen Krol Lund Moss".split()

ORGANIZATION = """
begin;
insert into orgs_organization (id, name, slug, primary_contact_id, who_may_invite,
        invitation_days, keys_hidden)
    values (%(id)s, initcap(%(slug)s), %(slug)s, %(id)s, 'everyone', 7, false);
insert into orgs_contact (id, organization_id, name, email, phone)
    values (%(id)s, %(id)s, 'Accounts', 'accounts@' || %(slug)s || '.example', '');
commit;
"""
#: Every fiftieth is an Admin, the first one too.
MEMBERS = """
with made as (
    insert into people_user (password, handle, email, name, language, time_zone,
        is_active, created_at)
    select %(hash)s, gen_random_uuid(), 'person' || n || '@' || %(slug)s || '.example',
           (%(first)s::text[])[1 + n %% 16] || ' ' || (%(last)s::text[])[1 + n %% 13],
           '', '', true, now() - interval '800 days'
    from generate_series(1, %(number)s) n
    returning id, email
), addresses as (
    insert into account_emailaddress (email, verified, "primary", user_id)
    select email, true, true, id from made
)
insert into orgs_membership (organization_id, user_id, role, joined_at, last_seen_at)
select %(id)s, id, case when row_number() over (order by id) %% 50 = 1 then 'admin' else 'member' end,
       now() - (id %% 700) * interval '1 day',
       case when row_number() over (order by id) = 1 then now()
            else now() - (id %% 90) * interval '1 day' end
from made order by id
"""


def seed(stage: Stage) -> None:
    """Fill the database; about ten seconds."""
    for slug, number in SIZES.items():
        organization(stage, IDS[slug], slug, number)
    for pk in TENS:
        organization(stage, pk, f"ten-{pk}", 10)
    stage.sql("select setval(pg_get_serial_sequence('orgs_organization', 'id'), 1000)")
    stage.sql("select setval(pg_get_serial_sequence('orgs_contact', 'id'), 1000)")
    stage.sql("vacuum analyze")


def organization(stage: Stage, pk: int, slug: str, number: int) -> None:
    """One organization with so many members."""
    import psycopg

    from forecourt.demo.world import HASH

    values = {"id": pk, "slug": slug, "number": number, "hash": HASH, "first": FIRST, "last": LAST}
    with psycopg.ClientCursor(psycopg.connect(stage.superuser, autocommit=True)) as cursor:
        cursor.execute(ORGANIZATION, values)
        cursor.execute(MEMBERS, values)
        cursor.connection.close()


def invitations(
    stage: Stage, organizations: Iterable[int], number: int, prefix: str
) -> list[tuple[str, str]]:
    """So many invitations, spread over the organizations, each for a person who has an account
    and is signed in: (the link's token, the session's key) of each."""
    from allauth.account.models import EmailAddress
    from django.db import transaction
    from django.utils import timezone

    from forecourt.core import scope
    from forecourt.members.models import Invitation
    from forecourt.people.models import User

    users = [User(email=f"{prefix}{n}@guest.example", password="!") for n in range(number)]
    users = User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    organizations = list(organizations)
    answers = []

    for place, pk in enumerate(organizations):
        inviter = admin_of(stage, pk)
        rows = []
        for user in users[place :: len(organizations)]:
            row = Invitation(
                organization_id=pk, email=user.email, invited_by_id=inviter, inviter_label="Ada"
            )
            row.renew(7)
            row.created_at = timezone.now()
            rows.append(row)
            answers.append((str(row.token()), session(user)))
        with transaction.atomic(), scope.organization(pk):
            Invitation.objects.bulk_create(rows)
    return answers


def session(user: object) -> str:
    """The key of a new session of this person."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from forecourt.people.sessions import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)  # type: ignore[attr-defined]
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()  # type: ignore[attr-defined]
    store.create()
    return str(store.session_key)


def admin_of(stage: Stage, organization_id: int) -> int:
    """The id of the organization's first Admin, as a person."""
    found = stage.sql(
        "select user_id from orgs_membership where organization_id = %(id)s order by id limit 1",
        id=organization_id,
    )
    return int(str(found[0][0]))


def admin_session(stage: Stage, organization_id: int) -> str:
    """The key of a session of that Admin."""
    from forecourt.people.models import User

    return session(User.objects.get(pk=admin_of(stage, organization_id)))
