"""Manage billing details: who is billed, where, and where invoices go to. S45–S47, O19, A177."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecourt.billing import actions
from forecourt.billing.models import BillingAccount, BillingDetails
from forecourt.billing.tests.books import a_subscription, invoices, staff
from forecourt.core.models import AuditEvent
from forecourt.members.models import Invitation
from forecourt.people.models import User
from tests.cast import membership, organization, text_of

ADMIN, PRIMARY, MEMBER = "admin@acme.example", "primary@acme.example", "member@acme.example"
HERE, BILLING = "/o/acme/billing/details/", "/o/acme/billing/"
HTMX = {"HX-Request": "true"}
FORM = {
    "company": "Acme Tools GmbH",
    "country": "DE",
    "street": "Hafenstraße 12\r\n\r\nHof 3 ",
    "postal_code": "20457",
    "city": " Hamburg",
    "tax_id": "de 136 695 976",
    "email": "Invoices@Acme.example",
    "po_number": "PO 4711",
    "buyer_reference": "",
}


def present() -> BillingDetails:
    return BillingAccount.objects.get(pk=organization("acme").pk).details


def versions() -> int:
    return BillingDetails.objects.filter(organization=organization("acme")).count()


def value(markup: str, name: str) -> str:
    """What stands in a text field."""
    found = re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', markup)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("who", [ADMIN, PRIMARY])
def test_an_admin_or_the_primary_contact_changes_the_details(world, browser, who):
    """S45: each field in its one form; the page says what becomes of invoices."""
    answer = browser(who).post(HERE, FORM, follow=True)
    assert answer.redirect_chain == [(BILLING, 303)]
    now = present()
    assert (now.company, now.street, now.city) == (
        "Acme Tools GmbH",
        "Hafenstraße 12\nHof 3",
        "Hamburg",
    )
    assert (now.tax_id, now.email, now.region) == ("DE136695976", "invoices@acme.example", "")
    assert "Invoices that you have stay as they are" in answer.content.decode()
    event = AuditEvent.objects.get(event="billing.details_changed")
    assert event.after["city"] == "Hamburg" and event.before["city"] == ""
    assert "buyer_reference" not in event.after and event.actor_label == who


def test_a_member_is_refused_and_nothing_changes(world, browser):
    for answer in (browser(MEMBER).get(HERE), browser(MEMBER).post(HERE, FORM)):
        assert answer.status_code == 403
    assert versions() == 0


def test_an_organization_that_was_never_billed_begins_with_its_name_and_primary_contact(
    world, browser
):
    markup = browser(ADMIN).get(HERE).content.decode()
    assert value(markup, "company") == "Acme" and value(markup, "email") == PRIMARY
    assert versions() == 0


def test_the_same_again_leaves_no_version_and_says_nothing(world, browser):
    admin = browser(ADMIN)
    admin.post(HERE, FORM)
    before = versions()
    assert admin.get(BILLING).status_code == 200
    answer = admin.post(HERE, FORM, follow=True)
    assert "are saved" not in answer.content.decode() and versions() == before
    assert AuditEvent.objects.filter(event="billing.details_changed").count() == 1


def test_old_invoices_keep_what_they_say_and_new_ones_say_the_new(world, browser):
    """O19: an issued invoice points to the version of its day."""
    a_subscription()
    browser(ADMIN).post(HERE, FORM)
    a_subscription(unit_amount=10_00)
    old, new = invoices()
    assert old.buyer.company == "Acme" and new.buyer.company == "Acme Tools GmbH"
    copy = actions.correct_invoice(membership("acme", ADMIN), invoice_id=old.pk)
    assert copy.buyer == new.buyer


def test_the_invoicing_address_gets_no_login_and_is_not_the_primary_contact(world, browser):
    """S46, S47: invoices go there; nobody is invited, and the primary contact stays."""
    people = User.objects.count()
    browser(ADMIN).post(HERE, FORM)
    house = organization("acme")
    assert house.primary_contact.email == PRIMARY and User.objects.count() == people
    assert not Invitation.objects.filter(email=present().email).exists()
    assert not house.contacts.filter(email=present().email).exists()
    assert "It gets no login by that" in browser(ADMIN).get(HERE).content.decode()


def test_a_changed_invoicing_address_is_told_to_both(world, browser, mailbox):
    browser(ADMIN).post(HERE, FORM)
    old, new = mailbox.to(PRIMARY), mailbox.to("invoices@acme.example")
    assert len(old) == len(new) == 1
    assert "invoices@acme.example" in text_of(old[0]) and "no invoices any more" in text_of(old[0])
    assert "You need no account" in text_of(new[0]) and ADMIN in text_of(new[0])
    browser(ADMIN).post(HERE, FORM | {"po_number": "PO 4712"})
    assert len(mailbox.to("invoices@acme.example")) == 1


def test_another_country_shows_its_fields_and_loses_nothing_that_was_typed(world, browser):
    admin = browser(ADMIN)
    for headers in ({}, HTMX):
        typed = {**FORM, "country": "US", "look": "1", "company": 'A "<b>" Tools'}
        answer = admin.post(HERE, typed, headers=headers)
        markup = answer.content.decode()
        assert answer.status_code == 200 and "ZIP code" in markup and "California" in markup
        assert value(markup, "company") == 'A "<b>" Tools' and "field__error" not in markup
        assert value(markup, "po_number") == "PO 4711"
        assert '<input type="hidden" name="tax_id" value="de 136 695 976">' in markup
    back = admin.post(HERE, {**FORM, "region": "CA", "look": "1"}).content.decode()
    assert value(back, "tax_id") == "de 136 695 976" and 'name="region" value="CA"' in back
    assert versions() == 0 and "Prefecture" not in back


def test_what_is_wrong_is_said_at_each_field_and_what_was_typed_stays(world, browser):
    bad = FORM | {
        "company": " ",
        "postal_code": "ABC",
        "city": "",
        "tax_id": "DE123",
        "email": "me@",
    }
    for headers in ({}, HTMX):
        answer = browser(ADMIN).post(HERE, bad, headers=headers)
        markup = unescape(answer.content.decode())
        assert answer.status_code == 422
        for sentence in (
            "Company is missing.",
            "City is missing.",
            "Postal code: in Germany it looks like 26133.",
            "VAT number: this is not its form in Germany.",
            "Enter an e-mail address such as name@example.com.",
        ):
            assert markup.count(sentence) == 2, sentence  # above the form and at the field
        assert (value(markup, "postal_code"), value(markup, "tax_id")) == ("ABC", "DE123")
    assert versions() == 0


@pytest.mark.parametrize("name", [*FORM, "region", "language"])
@pytest.mark.parametrize(
    "text",
    ["x" * 10_240, "a\x00b", "a\u202eb", "\u200f", "a\x1b[2Jb", "a" * 60 + "\ud7ff"],
    ids=["long", "nul", "turned", "mark", "escape", "unassigned"],
)
def test_hostile_text_is_refused_at_its_field(world, browser, name, text):
    """A177: whatever it is in; nothing is kept of it."""
    country = "US" if name == "region" else "DE"
    answer = browser(ADMIN).post(HERE, FORM | {"country": country} | {name: text})
    if name == "language":  # there is but one, so it is not asked
        assert answer.status_code == 303
    else:
        assert answer.status_code == 422 and versions() == 0


def test_markup_is_kept_as_it_is_and_shown_as_text(world, browser):
    """A177: stored raw, escaped out."""
    admin, nasty = browser(ADMIN), "<img src=x onerror=alert(1)> & \"Söhne\" 'GmbH' שלום"
    admin.post(HERE, FORM | {"company": nasty, "po_number": "{{ 7 * 7 }}"})
    assert (present().company, present().po_number) == (nasty, "{{ 7 * 7 }}")
    for markup in (admin.get(BILLING).content.decode(), admin.get(HERE).content.decode()):
        assert "<img src=x" not in markup and nasty in unescape(markup)
        assert "{{ 7 * 7 }}" in markup


def test_what_a_country_does_not_ask_for_is_not_kept(world, browser):
    browser(ADMIN).post(
        HERE, FORM | {"country": "AE", "region": "Dubai", "tax_id": "", "street": "Dock 7"}
    )
    now = present()
    assert (now.region, now.postal_code, now.city) == ("Dubai", "", "")
    american = {"country": "US", "region": "CA", "postal_code": "94105", "tax_id": "12-3456789"}
    browser(ADMIN).post(HERE, FORM | american)
    assert (present().region, present().tax_id) == ("CA", "")


def test_what_no_field_shows_stops_nothing(world, browser):
    """A region that Germany does not ask for, too long by far: nobody could correct it."""
    assert browser(ADMIN).post(HERE, FORM | {"region": "x" * 10_240}).status_code == 303
    assert present().region == ""


def test_a_street_has_three_lines_at_most(world, browser):
    admin = browser(ADMIN)
    assert admin.post(HERE, FORM | {"street": "A\nB\n\nC"}).status_code == 303
    answer = admin.post(HERE, FORM | {"street": "A\nB\nC\nD"})
    assert answer.status_code == 422 and "three lines at most" in answer.content.decode()
    assert present().street == "A\nB\nC"


def test_only_the_form_of_another_country_is_refused_without_script(world, browser):
    """Another country chosen, and Update pressed at once: the form comes back with its fields."""
    answer = browser(ADMIN).post(HERE, FORM | {"country": "US", "tax_id": ""})
    assert answer.status_code == 422
    assert "State is missing." in answer.content.decode()


def test_more_than_twenty_versions_an_hour_are_too_many(world, browser, monkeypatch):
    """Each may send a mail to an address that nobody has confirmed."""
    admin = browser(ADMIN)
    staff()
    for number in range(20):
        answer = admin.post(HERE, FORM | {"po_number": f"PO {number}"})
        assert answer.status_code in (303, 429)
    answer = admin.post(HERE, FORM | {"email": "many@new.example"})
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 3_000
    assert "Try again at" in answer.content.decode()
    later = timezone.now() + dt.timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert admin.post(HERE, FORM | {"email": "many@new.example"}).status_code == 303


def test_the_billing_page_shows_the_details_at_no_further_query(world, browser):
    admin = browser(ADMIN)
    admin.post(HERE, FORM)
    markup = unescape(admin.get(BILLING).content.decode())
    card = markup[markup.index('id="details"') :]
    for part in ("Acme Tools GmbH", "20457 Hamburg", "DE136695976", "PO 4711", present().email):
        assert part in card
    with CaptureQueriesContext(connection) as asked:
        admin.get(BILLING)
    assert len([each for each in asked if "billing_billingdetails" in each["sql"]]) == 1
