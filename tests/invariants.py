"""What is true of the whole portal after anything that can happen, as plain SQL.

Each rule is a sentence and a query for the rows that break it. The sample world's own invitations
were never sent by an action and count for none of them.
"""

from django.db import connection, transaction

from forecourt.demo.world import INVITATIONS

_SAMPLE = ", ".join(f"'{email}'" for email, *_ in INVITATIONS)
_ACTED = f"select * from members_invitation where email not in ({_SAMPLE})"
#: What the rules look at, and the role that sees every organization's rows may not.
_ALSO = "account_emailaddress, allauth_idp_oidc_token, procrastinate_jobs"
_JOB = "j.task_name = 'core.send_mail' and (j.args->>'mail_id')::bigint = m.id"

RULES = {
    "an organization with people has an Admin": """
        select o.slug from orgs_organization o
        where exists (select from orgs_membership m where m.organization_id = o.id)
          and not exists (select from orgs_membership m
                          where m.organization_id = o.id and m.role = 'admin')
          and not exists (select from members_invitation i  -- it waits for its first one
                          where i.organization_id = o.id and i.by_vendor and i.role = 'admin'
                            and i.status <> 'accepted')""",
    "exactly one primary billing contact, of the same organization": """
        select o.slug from orgs_organization o
        where 1 <> (select count(*) from orgs_contact c
                    where c.id = o.primary_contact_id and c.organization_id = o.id)""",
    "a member's contact is of the same organization": """
        select m.id from orgs_membership m join orgs_contact c on c.id = m.contact_id
        where c.organization_id <> m.organization_id""",
    "one place for a person in an organization": """
        select organization_id, user_id from orgs_membership
        group by 1, 2 having count(*) > 1""",
    "a verified address belongs to one account": """
        select lower(email) from account_emailaddress where verified
        group by 1 having count(*) > 1""",
    "one pending invitation for an address": """
        select organization_id, lower(email) from members_invitation where status = 'pending'
        group by 1, 2 having count(*) > 1""",
    "nobody with a place has an invitation pending": """
        select i.id from members_invitation i
        join account_emailaddress a on a.email = i.email and a.verified
        join orgs_membership m on m.user_id = a.user_id and m.organization_id = i.organization_id
        where i.status = 'pending'""",
    "no license has more seats taken than it has": """
        select l.id from products_license l
        where l.seats < (select count(*) from products_seat s where s.license_id = l.id)""",
    "each sending of an invitation is in the audit log": f"""
        select i.id from ({_ACTED}) i where i.generation <> (
            select count(*) from core_auditevent e
            where e.object_kind = 'invitation' and e.object_id = i.id::text
              and e.organization_id = i.organization_id
              and e.event in ('member.invited', 'invitation.resent'))""",
    "each end of an invitation is in the audit log": """
        select i.id from members_invitation i where i.status in ('revoked', 'declined') and 1 <> (
            select count(*) from core_auditevent e
            where e.object_kind = 'invitation' and e.object_id = i.id::text
              and e.event = 'invitation.' || i.status)""",
    "each joining is in the audit log once": """
        select o.slug from orgs_organization o
        where (select count(*) from members_invitation i
               where i.organization_id = o.id and i.status = 'accepted')
           <> (select count(*) from core_auditevent e
               where e.organization_id = o.id and e.event = 'member.joined')""",
    "nothing in the audit log was undone": """
        select e.id from core_auditevent e
        where e.object_kind = 'invitation' and not exists (
            select from members_invitation i where i.id::text = e.object_id)""",
    "the present link of an open invitation has one mail": f"""
        select i.id from ({_ACTED}) i where i.status = 'pending' and i.generation > 0
          and 1 <> (select count(*) from core_mail m where m.kind = 'members.invitation'
              and m.to = i.email and m.about = 'invitation:' || i.id || ':' || i.generation)""",
    "a mail that waits has a job that sends it": f"""
        select m.id from core_mail m where m.status = 'queued' and 1 <> (
            select count(*) from procrastinate_jobs j
            where {_JOB} and j.status in ('todo', 'doing'))""",
    "a job that sends a mail has the mail": f"""
        select j.id from procrastinate_jobs j where j.task_name = 'core.send_mail'
          and not exists (select from core_mail m where {_JOB})""",
    "what came back, arrived or was called spam had been sent": """
        select id from core_mail
        where status in ('delivered', 'bounced', 'complained') and sent_at is null""",
    "each mail that came back or was called spam is in the audit log once": """
        select m.id from core_mail m where m.status in ('bounced', 'complained') and 1 <> (
            select count(*) from core_auditevent e
            where e.object_kind = 'mail' and e.object_id = m.id::text
              and e.event = 'mail.' || m.status)""",
    "a contact whose mail comes back, and no other, has a reason": """
        select id from orgs_contact where bounced_at is null and bounce <> ''""",
    "a sign-in to a product that has ended has no token": """
        select l.id from products_launch l join allauth_idp_oidc_token t
          on t.data -> 'resources' = jsonb_build_array('launch://' || l.organization_id || '/' || l.handle)
        where l.ended_at is not null""",
    "what was sent keeps no secret": """
        select id from core_mail where status <> 'queued' and sealed is not null""",
}


def broken() -> dict[str, list[tuple]]:
    """The rules that do not hold now, with the rows that break them. Leaves nothing behind."""
    found = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"grant select on {_ALSO} to forecourt_all")
        cursor.execute("set local role forecourt_all")
        for sentence, query in RULES.items():
            cursor.execute(query)
            if rows := cursor.fetchall():
                found[sentence] = rows
        transaction.set_rollback(True)
    return found


def verify() -> None:
    """Fail with what is broken."""
    assert not (found := broken()), found


#: Not looked at in `picture`: who is signed in, what is cached, and who was here when.
_PASSING = ("people_session", "core_cache", "procrastinate_workers", "django_migrations")
_SEEN = ("last_seen_at", "last_login")


_TABLES = """select relname from pg_class where relkind in ('r', 'p') and relrowsecurity = %s
    and relnamespace = 'public'::regnamespace and relname <> all(%s) order by relname"""


def picture() -> dict[str, str]:
    """Every table's rows, as one hash a table: equal before and after, nothing was changed."""
    found = {}
    row = "(to_jsonb(t)" + "".join(f" - '{column}'" for column in _SEEN) + ")::text"
    with transaction.atomic(), connection.cursor() as cursor:
        for is_walled, role in ((False, "none"), (True, "forecourt_all")):
            cursor.execute(_TABLES, [is_walled, list(_PASSING)])
            hashes = [
                f"select '{name}', md5(string_agg({row}, ' ' order by {row})) from {name} t"
                for (name,) in cursor.fetchall()
            ]
            cursor.execute(f"set local role {role}")
            cursor.execute(" union all ".join(hashes))
            found |= dict(cursor.fetchall())
        cursor.execute("set local role none")
    return found
