"""While Stripe is away: pages open, people are told, wishes wait, and nobody storms its door."""

import pytest

from forecourt.billing import actions
from forecourt.billing.models import ProviderCall
from forecourt.billing.stripe import calls, client, outcomes
from forecourt.billing.tests.books import staff
from forecourt.billing.tests.by_stripe import ADMIN, again, copied, subscribed, with_method
from tests.cast import membership, organization, signed_in


@pytest.fixture
def told(world, stripe):
    return with_method(stripe)


def test_while_stripe_is_away_pages_open_and_people_are_told(told, stripe, settings):
    made = subscribed(stripe, told)
    settings.STRIPE_API_BASE = "http://127.0.0.1:1"
    admin = signed_in(ADMIN)
    assert admin.get("/o/acme/billing/").status_code == 200
    assert admin.get(f"/o/acme/billing/invoices/{copied()[0].pk}/").status_code == 200
    assert admin.post("/o/acme/billing/payment-method/")["Location"] == "/o/acme/billing/"
    page = admin.get("/o/acme/billing/").content.decode()
    assert "cannot be reached just now" in page
    here = f"/o/acme/billing/subscriptions/{made.pk}/cancellation/"
    assert admin.post(here).status_code == 303
    assert again(made).cancels_at_period_end


def test_while_stripe_is_away_one_job_in_ten_seconds_asks(told, stripe):
    made = subscribed(stripe, told)
    before = len(stripe.calls)
    stripe.fault("/v1/", "429", times=1_000)
    for change in (actions.cancel_subscription, actions.resume_subscription) * 5:
        change(membership("acme", ADMIN), subscription_id=made.pk)
    open_calls = [each for each in calls.open_calls() if each[0] == made.organization_id]
    assert len(open_calls) == 10
    for organization_id, pk in open_calls * 3:
        with pytest.raises(client.Away):
            calls.settle(organization_id, pk)
    assert len(stripe.calls) == before + 1


def test_a_page_that_nobody_got_to_see_is_given_up(world, stripe):
    stripe.fault("POST /v1/checkout/sessions", "drop after")
    assert (
        signed_in(ADMIN).post("/o/acme/billing/payment-method/")["Location"] == "/o/acme/billing/"
    )
    organization("acme")
    call = ProviderCall.objects.get(kind="setup")
    assert call.status == "refused" and call.sentence
    outcomes.give_up(staff(), call_id=call.pk)  # again: nothing
    assert ProviderCall.objects.get(pk=call.pk).settled_at == call.settled_at
