"""What people see of payments by Stripe, and what staff do by commands."""

from forecourt.billing import actions
from forecourt.billing.models import ProviderCall
from forecourt.billing.stripe import papers, port
from forecourt.billing.tests.by_stripe import (
    ADMIN,
    copied,
    customer,
    monthly,
    subscribed,
    with_method,
)
from forecourt.config.cli import main
from forecourt.core import money
from tests.cast import membership, organization, signed_in


def test_the_page_shows_the_method_and_leads_to_stripe(world, stripe, settings):
    admin, here = signed_in(ADMIN), "/o/acme/billing/"
    page = admin.get(here).content.decode()
    assert "Set up a payment method" in page and "paid by transfer" in page
    with_method(stripe)
    page = admin.get(here).content.decode()
    assert "Visa" in page and "4242" in page and "good until Aug 31, 2031" in page
    settings.STRIPE_SECRET_KEY = ""
    assert "payment method" not in admin.get(here).content.decode()


def test_an_open_invoice_is_paid_on_stripes_page_and_not_by_transfer(world, stripe):
    told = with_method(stripe)
    subscribed(stripe, told)
    stripe.behaves(customer().method_id, "fails")
    stripe.turn(days=32)
    told()
    admin, invoice = signed_in(ADMIN), copied()[-1]
    assert (
        f"{invoice.number} could not be collected" in admin.get("/o/acme/billing/").content.decode()
    )
    page = admin.get(f"/o/acme/billing/invoices/{invoice.pk}/").content.decode()
    assert f"invoices/{invoice.pk}/payment/" in page and "IBAN" not in page


def test_the_paper_is_stripes_and_there_is_no_other(world, stripe):
    subscribed(stripe, with_method(stripe))
    admin, invoice = signed_in(ADMIN), copied()[0]
    here = f"/o/acme/billing/invoices/{invoice.pk}/"
    kept = papers.paper(invoice)
    assert kept and admin.get(here + "pdf/").content == kept
    assert admin.get(here + "xml/").status_code == 404


def test_the_preview_of_seats_is_stripes(world, stripe):
    made = subscribed(stripe, with_method(stripe))
    here = f"/o/acme/billing/subscriptions/{made.pk}/seats/"
    now, later = port.preview_seats(made, 8)
    page = signed_in(ADMIN).get(here + "?seats=8").content.decode()
    assert money.said(now, "EUR") in page and money.said(later, "EUR") in page
    stripe.fault("create_preview", "429")
    page = signed_in(ADMIN).get(here + "?seats=8")
    assert page.status_code == 422 and "cannot be reached" in page.content.decode()


def test_stripe_follows_the_billing_details(world, stripe):
    told = with_method(stripe)
    values = {"company": "Acme & Sons", "country": "DE", "street": "Hafenstr. 1\nHof 2"}
    values |= {"postal_code": "20457", "city": "Hamburg", "email": "bills@acme.example"}
    actions.change_billing_details(membership("acme", ADMIN), **values)
    told()
    made = stripe.world.one("customer")
    assert (made["name"], made["email"]) == ("Acme & Sons", "bills@acme.example")
    assert (made["address"]["line2"], made["address"]["city"]) == ("Hof 2", "Hamburg")
    told()
    organization("acme")
    assert ProviderCall.objects.filter(kind="details").count() == 1


def test_staff_start_and_refund_by_commands(world, stripe, capsys):
    told = with_method(stripe)
    assert main(["subscription", "start", "acme", monthly(), "--seats", "2", "--by-stripe"]) == 0
    told()
    invoice = copied()[0]
    assert main(["invoice", "refund", invoice.number, "--amount", "5.00"]) == 0
    told()
    assert copied()[0].paid == 15_00 and "give back" in capsys.readouterr().out


def test_with_stripe_tax_invoices_bear_what_stripe_says(world, stripe, settings):
    settings.STRIPE_TAX, stripe.world.tax_percent = True, 19
    made = subscribed(stripe, with_method(stripe))
    (invoice,) = copied()
    assert (invoice.net, invoice.tax, invoice.total) == (50_00, 9_50, 59_50)
    assert [(each.tax_category, each.tax_rate, each.net) for each in invoice.lines.all()] == [
        ("S", 19, 50_00)
    ]
    assert "€59.50" in signed_in(ADMIN).get("/o/acme/billing/").content.decode()
    organization("acme")
    assert made.license.is_valid


def test_without_it_they_bear_none_and_nobody_is_told_another_price(world, stripe):
    subscribed(stripe, with_method(stripe))
    page = signed_in(ADMIN).get("/o/acme/billing/").content.decode()
    assert "· €50.00" in page and "59.50" not in page
