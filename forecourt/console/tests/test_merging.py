"""Two customers that are one: staff make one of them part of the other."""

import re

import pytest

from forecourt.billing.models import (
    BillingAccount,
    Invoice,
    ProviderCall,
    StripeCustomer,
    Subscription,
)
from forecourt.console import merging
from forecourt.console.actors import AtWork
from forecourt.console.models import Merged
from forecourt.console.tests.importing import FILES, folder, forecourt
from forecourt.console.tests.test_console import at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent, Mail
from forecourt.core.refusals import Forbidden
from forecourt.demo import books
from forecourt.orgs.models import Contact, Organization, Staff
from forecourt.products.models import Launch, License, LicenseKey, ProductClient, Seat
from forecourt.products.tests.programs import program
from tests.cast import is_member, membership, organization, pending, run_jobs, signed_in

pytestmark = pytest.mark.usefixtures("world")
PAGE = "/console/organizations/globex/merge/"


def merge(into: str = "acme", reason: str = "Bought by them", client=None):
    """Globex becomes part of another customer: asked, then confirmed."""
    client = client or at_work()
    asked = client.post(PAGE, {"into": into, "reason": reason})
    found = re.search(r'name="confirmed" value="(\d+)"', asked.content.decode())
    confirmed = found[1] if found else ""
    form = {"into": into, "reason": reason, "confirmed": confirmed}
    answer = client.post(PAGE, form)
    scope.clear()
    return answer


def owned(model, slug: str) -> set[int]:
    house = organization(slug)
    found = set(model.objects.filter(organization=house).values_list("pk", flat=True))
    scope.clear()
    return found


def test_what_was_of_the_one_is_the_others_with_the_same_numbers():
    books.books()
    scope.clear()
    kinds = (License, LicenseKey, Subscription, Invoice)
    before = {model: (owned(model, "acme"), owned(model, "globex")) for model in kinds}
    assert merge().status_code == 303
    for model, (ours, theirs) in before.items():
        assert theirs, model
        assert owned(model, "acme") == ours | theirs, model


def test_people_come_along_with_their_role_and_who_is_in_both_keeps_the_one_here():
    here, there = membership("acme", "both@example.com"), membership("globex", "both@example.com")
    assert (here.role, there.role) == ("member", "admin")
    scope.clear()
    merge()
    assert membership("acme", "admin@globex.example").role == "admin"
    assert membership("acme", "both@example.com").role == "member"
    assert signed_in("admin@globex.example").get("/o/acme/members/").status_code == 200


def test_a_seat_of_somebody_who_is_in_both_stays_theirs():
    there = membership("globex", "both@example.com")
    granted = License.objects.filter(organization=there.organization).first()
    Seat.objects.get_or_create(organization=there.organization, license=granted, member=there)
    scope.clear()
    merge()
    here = membership("acme", "both@example.com")
    assert Seat.objects.filter(license=granted.pk, member=here).exists()


def test_the_former_address_leads_to_the_other_one():
    merge()
    answer = signed_in("admin@globex.example").get("/o/globex/products/")
    assert answer["Location"] == "/o/acme/products/"


def test_the_primary_contact_stays_and_the_others_becomes_a_contact():
    before = organization("acme").primary_contact.email
    theirs = organization("globex").primary_contact.pk
    scope.clear()
    merge()
    assert organization("acme").primary_contact.email == before
    assert Contact.objects.get(pk=theirs).organization.slug == "acme"


def test_contacts_with_one_address_become_one_with_the_mail_of_both():
    for slug, kinds in (("acme", ["invoices"]), ("globex", ["releases"])):
        house = organization(slug)
        Contact.objects.create(organization=house, email="twin@example.com", kinds=kinds)
        scope.clear()
    merge()
    organization("acme")
    assert Contact.objects.get(email="twin@example.com").kinds == ["invoices", "releases"]


def test_an_open_invitation_leads_into_the_other_one(browser):
    browser("admin@globex.example").post(
        "/o/globex/members/invitations/", {"email": "new@globex.example", "role": "member"}
    )
    scope.clear()
    merge()
    assert pending("acme", "new@globex.example").role == "member"


def test_who_is_invited_twice_is_invited_once(browser):
    for slug in ("acme", "globex"):
        form = {"email": "twin@example.com", "role": "member"}
        browser(f"admin@{slug}.example").post(f"/o/{slug}/members/invitations/", form)
        scope.clear()
    merge()
    assert pending("acme", "twin@example.com")


def test_billing_details_come_along_only_where_there_are_none():
    books.books()
    scope.clear()
    here = owned(BillingAccount, "acme")
    assert here and owned(BillingAccount, "globex")
    merge()
    assert owned(BillingAccount, "acme") == here
    answer = signed_in("admin@acme.example").get("/o/acme/billing/")
    assert answer.status_code == 200


def test_both_are_told_and_the_log_of_each_says_it():
    merge(reason="Bought by them")
    kept = organization("acme")
    said = AuditEvent.objects.get(organization_id=kept.pk, event="organization.merged")
    assert said.after["name"] == "Globex"
    assert said.after["reason"] == "Bought by them"
    told = set(Mail.objects.filter(kind="console.merged").values_list("to", flat=True))
    assert {"admin@acme.example", "admin@globex.example"} <= told
    page = at_work().get("/console/organizations/merged-2/").content.decode()
    assert "Merged this customer into another" in page
    assert "/console/organizations/acme/" in page


def test_what_is_left_gets_another_slug_where_that_one_is_somebodys():
    house = organization("initech")
    Organization.objects.filter(pk=house.pk).update(slug="merged-2")
    scope.clear()
    assert merge().status_code == 303
    assert organization("merged-2-2").name == "Globex"


def test_mail_that_waited_is_sent_all_the_same(browser):
    form = {"email": "new@globex.example", "role": "member"}
    browser("admin@globex.example").post("/o/globex/members/invitations/", form)
    scope.clear()
    merge()
    run_jobs()
    organization("acme")
    assert Mail.objects.get(kind="members.invitation", to="new@globex.example").sent_at


def test_jobs_after_it_go_through():
    merge()
    run_jobs()
    assert is_member("acme", "admin@globex.example")


@pytest.mark.parametrize(
    ("into", "sentence"),
    [
        ("globex", "That is the same customer"),
        ("2", "That is the same customer"),
        ("nobody", "There is no such customer"),
        ("999999", "There is no such customer"),
    ],
)
def test_what_cannot_be_is_refused_and_loses_nothing_typed(into, sentence):
    page = merge(into, reason="Because of this").content.decode()
    assert sentence in page
    assert "Because of this" in page
    assert not Merged.objects.exists()


def test_who_pays_by_stripe_twice_is_not_merged():
    for slug in ("acme", "globex"):
        house = organization(slug)
        StripeCustomer.objects.create(organization=house, customer_id=f"cus_{slug}")
        scope.clear()
    assert "Both pay by Stripe" in merge().content.decode()
    assert is_member("globex", "admin@globex.example")


def test_what_stripe_is_being_asked_is_waited_for():
    house = organization("globex")
    ProviderCall.objects.create(organization=house, kind="setup", about="setup")
    scope.clear()
    assert "Try again in a minute" in merge().content.decode()
    assert is_member("globex", "admin@globex.example")


def test_the_first_answer_only_says_what_would_be():
    client = at_work()
    page = client.post(PAGE, {"into": "1", "reason": "Twice"}).content.decode()
    assert "It cannot be undone" in page
    client.post(PAGE, {"into": "acme", "reason": "Twice", "confirmed": "3"})
    assert is_member("globex", "admin@globex.example")


def test_who_was_merged_is_merged_no_more():
    merge()
    again = "/console/organizations/merged-2/merge/"
    form = {"into": "3", "reason": "Again", "confirmed": "3"}
    assert "merged into another customer before" in at_work().post(again, form).content.decode()


@pytest.mark.parametrize("duty", ["support", "finance", "catalog"])
def test_only_owners_merge(duty):
    assert at_work(duty).get(PAGE).status_code == 403
    assert at_work(duty).post(PAGE, {"into": "acme", "reason": "x"}).status_code == 403


def test_the_action_asks_for_the_right_as_well():
    staff = Staff.objects.get()
    Staff.objects.update(duty="support")
    with pytest.raises(Forbidden):
        merging.merge_customer(AtWork(staff, 1), merged_id=2, reason="Twice")
    assert is_member("globex", "admin@globex.example")


def test_sign_ins_to_products_end():
    program()
    member = membership("globex", "admin@globex.example")
    launched = Launch.objects.create(
        organization=member.organization,
        user=member.user,
        member=member,
        client=ProductClient.objects.get(),
        is_device=True,
        proved_at=member.joined_at,
    )
    scope.clear()
    merge()
    run_jobs()
    organization("merged-2")
    assert Launch.objects.get(pk=launched.pk).ended_at is not None


def test_the_same_primary_contact_of_both_stays_one():
    for slug in ("acme", "globex"):
        house = organization(slug)
        Contact.objects.filter(pk=house.primary_contact_id).update(email="pay@example.com")
        scope.clear()
    merge()
    kept = organization("acme")
    assert Contact.objects.get(organization=kept, email="pay@example.com") == kept.primary_contact


def test_files_that_still_name_who_was_merged_bring_nothing_back(tmp_path, capsys):
    assert forecourt("import", folder(tmp_path)) == 0
    page = "/console/organizations/hooli/merge/"
    at_work().post(page, {"into": "acme", "reason": "Bought", "confirmed": "1"})
    scope.clear()
    granted = LicenseKey.objects.filter(key="OLD-HOOLI-0001")
    organization("acme")
    assert granted.exists()
    scope.clear()
    assert forecourt("import", folder(tmp_path)) == 0  # says what it said before
    changed = FILES["licenses"].replace("Team,25", "Team,99")
    assert forecourt("import", folder(tmp_path, licenses=changed)) == 1
    assert "merged into Acme" in "".join(capsys.readouterr())
    house = organization("acme")
    assert not house.licenses.filter(seats=99).exists()


@pytest.mark.parametrize(
    ("where", "form"),
    [
        ("licenses/new/", {"product": "deploy", "plan": "Team"}),
        ("invoices/new/", {"text": "x", "quantity": 1, "unit_amount": "5", "currency": "EUR"}),
        ("primary/", {"email": "kim@example.com", "reason": "By phone"}),
        ("suspension/", {"reason": "Unpaid"}),
        ("notes/", {"text": "Lost here"}),
    ],
)
def test_nothing_is_done_any_more_for_what_is_part_of_another(where, form):
    merge()
    client, here = at_work(), "/console/organizations/merged-2/"
    before = AuditEvent.objects.count()
    answer = client.post(here + where, form)
    assert answer.status_code == 422 and "part of another one now" in answer.content.decode()
    assert AuditEvent.objects.count() == before
    page = client.get(here).content.decode()
    assert "<form" not in page.split("<main")[1] and here + "licenses/new/" not in page
