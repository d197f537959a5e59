"""Who of an organization gets which mail (O20, O21, O25), and who does no more (A200)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from forecourt.account import contact_list
from forecourt.demo import world as sample
from forecourt.orgs.mail_kinds import CONTRACT, FLOOR, OF_ADMINS, OPTIONAL, in_order
from forecourt.orgs.models import Contact, Membership
from forecourt.orgs.recipients import MailKind, recipients
from tests.cast import organization

ADMIN, PRIMARY = "admin@acme.example", "primary@acme.example"
MAILBOX, BOTH, NEW = "invoices@acme.example", "both@example.com", "other@acme.example"
STRANGERS = ["one@acme.example", "two@new.example", "three@new.example"]


@pytest.fixture
def world(world):
    """With the mailbox and the member among Acme's contacts."""
    sample.contacts()


@pytest.mark.parametrize("kind", [MailKind.PAYMENT_PROBLEMS, MailKind.RENEWALS])
def test_admins_the_primary_contact_and_whoever_chose_the_kind_get_it(world, kind):
    assert recipients(organization("acme"), kind) == [ADMIN, PRIMARY, MAILBOX]


def test_invoices_go_to_contacts_and_not_to_admins(world):
    assert recipients(organization("acme"), MailKind.INVOICES) == [PRIMARY, MAILBOX]


@pytest.mark.parametrize("kind", sorted(OF_ADMINS))
def test_whoever_is_both_gets_it_once(world, kind):
    assert recipients(organization("globex"), kind) == ["admin@globex.example", BOTH]


def test_of_member_changes_learn_the_admins_and_whoever_chose_it(world):
    """O25."""
    assert recipients(organization("acme"), MailKind.MEMBER_CHANGES) == [ADMIN, PRIMARY]


@pytest.mark.parametrize("kind", MailKind)
def test_contacts_without_the_kind_and_closed_accounts_get_nothing(world, kind):
    acme = organization("acme")
    Contact.objects.create(organization=acme, email=NEW, confirmed_at=timezone.now())
    admin = Membership.objects.get(user__email=ADMIN).user
    admin.is_active = False
    admin.save()
    assert not {NEW, ADMIN} & {*recipients(acme, kind)}


def test_neither_kind_nor_what_was_left_can_be_one_that_there_is_not(world):
    """Security notices and invoices cannot be left, whatever writes the row (A198)."""
    acme = organization("acme")
    for wrong in ({"kinds": ["gossip"]}, {"declined": ["security"]}, {"declined": ["invoices"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(organization=acme, email=NEW, **wrong)


KINDS = st.sets(st.sampled_from(list(MailKind)))
CONTACT = st.fixed_dictionaries(
    {
        "kinds": KINDS,
        "declined": st.sets(st.sampled_from(sorted(OPTIONAL))),
        "confirmed": st.booleans(),
        "removed": st.booleans(),
    }
)


def expected(kind: MailKind, primary: dict, others: list[dict]) -> set[str]:
    """What the page's matrix says, written down once more: with sets."""
    chosen = {
        address
        for address, one in zip(STRANGERS, others, strict=True)
        if not one["removed"]
        and kind in one["kinds"] - one["declined"]
        and (one["confirmed"] or kind in CONTRACT)
    }
    if kind in FLOOR or kind in primary["kinds"] - primary["declined"]:
        chosen.add(PRIMARY)
    return chosen | ({ADMIN} if kind != MailKind.INVOICES else set())


def write(acme, primary: dict, others: list[dict]) -> None:
    """The contacts as the mix has them; whoever was removed is so after they were there."""
    Contact.objects.filter(organization=acme).exclude(pk=acme.primary_contact_id).delete()
    mixes = zip([PRIMARY, *STRANGERS], [primary, *others], strict=True)
    for email, mix in mixes:
        values = {
            "kinds": in_order(mix["kinds"]),
            "declined": in_order(mix["declined"]),
            "confirmed_at": timezone.now() if mix["confirmed"] else None,
        }
        contact, _new = Contact.objects.update_or_create(
            organization=acme, email=email, defaults=values
        )
        if mix["removed"] and email != PRIMARY:
            contact.delete()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(primary=CONTACT, others=st.lists(CONTACT, min_size=3, max_size=3))
def test_for_every_mix_the_recipients_are_what_the_matrix_says(world, primary, others):
    acme = organization("acme")
    write(acme, primary, others)
    shown = {line.contact.email: line for line in contact_list.read(acme)}
    for number, kind in enumerate(MailKind):
        found = recipients(acme, kind)
        assert len(found) == len({*found})
        assert {*found} == expected(kind, primary, others)
        ticked = {email for email, line in shown.items() if line.cells[number].is_yes}
        assert {*found} - {ADMIN} == ticked  # the page says the same
