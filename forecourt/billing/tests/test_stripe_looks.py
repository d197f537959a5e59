"""Two at the same time: what came of a call is noted once, and no older look overwrites a newer."""

import pytest

from forecourt.billing.models import ProviderCall
from forecourt.billing.stripe import actions as of_stripe
from forecourt.billing.stripe import finding, following, looking, outcomes
from forecourt.billing.tests.books import staff
from forecourt.billing.tests.by_stripe import (
    ADMIN,
    again,
    customer,
    subscribed,
    there,
    with_method,
    work,
)
from tests.cast import membership, organization


@pytest.fixture
def told(world, stripe):
    return with_method(stripe)


def test_what_came_of_a_call_is_noted_once(told, stripe):
    made = subscribed(stripe, told)
    organization("acme")
    call = ProviderCall.objects.get(kind="start")
    outcomes.note_refusal(staff(), call_id=call.pk, sentence="No")
    outcomes.note_outcome(staff(), call_id=call.pk, found={"id": "sub_other"})
    now = ProviderCall.objects.get(pk=call.pk)
    assert (now.status, now.result) == ("done", made.external_id)
    assert not again(made).has_ended and again(made).external_id == made.external_id


def test_what_was_seen_before_somebody_else_wrote_is_not_written(told, stripe):
    made = subscribed(stripe, told)
    seen = looking._look(made.external_id)
    version = customer().version
    following.follow_stripe(staff(), version=version, look=seen)
    stripe.turn(days=32)
    told()
    for old in (version, customer().version - 1):
        with pytest.raises(following.Stale):
            following.follow_stripe(staff(), version=old, look=seen)
    assert again(made).period_start == made.period_end


def test_who_looks_while_others_write_looks_again(told, stripe, monkeypatch):
    """The second look is through before the first one writes."""
    made = subscribed(stripe, told)
    stripe.turn(days=32)
    subject, looked = made.external_id, []
    look = looking._look

    def slowly(subject):
        seen = look(subject)
        if not looked:
            looked.append(subject)
            stripe.turn(days=31)
            looking.refresh(subject)
        return seen

    monkeypatch.setattr(looking, "_look", slowly)
    looking.refresh(subject)
    start = there(stripe, made)["items"]["data"][0]["current_period_start"]
    assert again(made).period_start == finding.day(start)


def test_an_organization_is_asked_for_once(world, stripe):
    first = of_stripe.ask_for_customer(membership("acme", ADMIN))
    assert of_stripe.ask_for_customer(membership("acme", ADMIN)) == first
    work()
    assert of_stripe.ask_for_customer(membership("acme", ADMIN)) == first
    assert len(stripe.world.all("customer")) == 1
