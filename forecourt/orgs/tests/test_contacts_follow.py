"""A person's own contact entries follow their new address, if they say so. O29, follow_address."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Contact
from forecourt.people.models import User
from tests.cast import organization, run_jobs, text_of

PRIMARY, NEW = "primary@acme.example", "pat.new@acme.example"


def change(client, **form):
    """Make another address primary, through the dialog."""
    user = User.objects.get(email=PRIMARY)
    address = EmailAddress.objects.create(user=user, email=NEW, verified=True)
    assert client.post(f"/profile/addresses/{address.pk}/", form)["Location"] == "/profile/"
    run_jobs()


def contact() -> str:
    return organization("acme").primary_contact.email


@pytest.fixture
def pat(world, browser, mailbox):
    return browser(PRIMARY)


def test_the_contact_follows_and_the_log_says_whose_it_is(pat):
    change(pat, follow="on")
    assert contact() == NEW
    event = AuditEvent.objects.get(event="contact.changed")
    assert (event.actor_label, event.after) == (NEW, {"email": NEW})
    assert organization("acme").memberships.get(user__email=NEW).is_primary


def test_mail_that_came_back_came_from_the_address_before(pat):
    house = organization("acme")
    house.contacts.update(bounced_at=timezone.now(), bounce="5.1.1 No such mailbox")
    change(pat, follow="on")
    followed = organization("acme").primary_contact
    assert (followed.email, followed.bounced_at, followed.bounce) == (NEW, None, "")


def test_it_stays_where_the_person_wants_it_so(pat):
    change(pat)
    assert contact() == PRIMARY


def test_the_entry_of_another_organization_is_left_alone(pat):
    house = organization("globex")
    Contact.objects.create(organization=house, email=PRIMARY)
    change(pat, follow="on")
    assert Contact.objects.filter(organization=organization("globex"), email=PRIMARY).exists()


def test_where_the_new_address_is_a_contact_already_nothing_changes(pat):
    Contact.objects.create(organization=organization("acme"), email=NEW)
    change(pat, follow="on")
    assert contact() == PRIMARY


def test_taking_the_account_back_takes_the_contact_back(pat, mailbox, browser):
    change(pat, follow="on")
    mails = [m for m in mailbox.to(PRIMARY) if "address of your account was" in m["Subject"]]
    assert "contacts" in text_of(mails[-1])
    link = re.search(r"https?://[^/\s]+(/accounts/revert/\S+)", text_of(mails[-1]))[1]
    browser().post(link)
    run_jobs()
    assert contact() == PRIMARY


def test_the_dialog_offers_it(pat):
    user = User.objects.get(email=PRIMARY)
    address = EmailAddress.objects.create(user=user, email=NEW, verified=True)
    page = pat.get(f"/profile/addresses/{address.pk}/").content.decode()
    assert re.search(r'<input type="checkbox" name="follow" checked>', page)
