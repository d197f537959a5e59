"""Who is told that somebody joined: by a job, once, whatever becomes of the worker."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecourt.core.models import Mail
from forecourt.members import telling
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import link_of, membership, organization

NEW = "nobody@example.com"


def join(browser, mailbox):
    """Somebody joins Acme, invited by its Admin; their membership's id and the invitation's."""
    browser("admin@acme.example").post("/o/acme/members/invitations/", {"email": NEW})
    invitation = organization("acme").invitations.get(email=NEW, status="pending")
    browser(NEW).post(link_of("acme", NEW) + "acceptance/")
    return membership("acme", NEW).pk, invitation.pk


def test_the_new_member_and_the_admins_are_told_once(world, browser, mailbox):
    member, invitation = join(browser, mailbox)

    telling.joined(1, member, invitation)
    telling.joined(1, member, invitation)  # a worker died after it, say

    mailbox.deliver()
    assert [m for m in mailbox.messages if m["To"] == NEW and "now a member" in m.as_string()]
    organization("acme")
    about = Mail.objects.filter(about=f"joined:{member}:{invitation}")
    assert sorted(about.values_list("kind", "to")) == [
        ("members.joined", "admin@acme.example"),
        ("members.joined", "primary@acme.example"),
        ("members.welcome", NEW),
    ]


def test_nobody_is_told_of_somebody_who_has_left(world, browser, mailbox):
    member, invitation = join(browser, mailbox)
    organization("acme").memberships.filter(pk=member).delete()

    telling.joined(1, member, invitation)

    organization("acme")
    assert not Mail.objects.filter(kind__in=("members.joined", "members.welcome")).exists()


def test_many_admins_cost_no_more_statements_than_one(world, browser, mailbox):
    asked = []
    for number in (0, 30):
        acme = organization("acme")
        users = User.objects.bulk_create(
            User(email=f"chief{number}-{n}@acme.example") for n in range(number)
        )
        Membership.objects.bulk_create(
            Membership(organization=acme, user=user, role="admin") for user in users
        )
        member, invitation = join(browser, mailbox)
        with CaptureQueriesContext(connection) as queries:
            telling.joined(1, member, invitation)
        asked.append(len(queries))
        organization("acme").memberships.filter(pk=member).delete()
    assert asked[0] == asked[1]
    organization("acme")
    assert Mail.objects.filter(kind="members.joined").count() == 2 + 32
