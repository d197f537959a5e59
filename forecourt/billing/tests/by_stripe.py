"""Organizations that pay by Stripe, for the tests of this room."""

import json

from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from forecourt.billing.models import Invoice, Plan, StripeCustomer, StripeInvoice, Subscription
from forecourt.billing.stripe import actions, client
from forecourt.billing.tests.books import a_plan, staff
from forecourt.core import mail
from tests.cast import organization, signed_in

ADMIN = "admin@acme.example"


def work(rounds: int = 6) -> list[str]:
    """Do the jobs that wait, each again as often as it has to be; what they stumbled over."""
    stumbled = []
    for _ in range(rounds):
        failed = []
        while (job := _next()) is not None:
            pk, name, arguments = job
            try:
                if name == "core.send_mail":
                    mail.deliver(**arguments)
                else:
                    app.tasks[name].func(**arguments)
            except (client.Away, client.Unknown) as problem:
                stumbled.append(f"{name}: {problem}")
                failed.append(pk)
        if not failed:
            break
        client.forget()  # Some time later, Stripe has rested.
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set status = 'todo' where id = any(%s)", [failed]
            )
    return stumbled


def _next() -> tuple[int, str, dict] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'succeeded' where id = (select id from"
            " procrastinate_jobs where status = 'todo' order by id limit 1)"
            " returning id, task_name, args"
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return row[0], row[1], json.loads(row[2]) if isinstance(row[2], str) else row[2]


class Told:
    """Delivers what Stripe has to tell since the last time."""

    def __init__(self, stripe) -> None:
        self.stripe, self.known = stripe, 0

    def __call__(self) -> None:
        work()
        while new := self.stripe.events[self.known :]:
            self.known += len(new)
            assert set(self.stripe.deliver(Client(), *new)) == {200}
            work()


def with_method(stripe, slug: str = "acme", who: str = ADMIN, **how) -> Told:
    """An Admin enters a payment method on Stripe's page, and Stripe tells of it."""
    told = Told(stripe)
    answer = signed_in(who).post(f"/o/{slug}/billing/payment-method/")
    assert answer.status_code == 303, answer.content.decode()[:500]
    session = answer["Location"].rpartition("/")[2]
    stripe.complete(session, **how)
    told()
    return told


def customer(slug: str = "acme") -> StripeCustomer:
    """Who an organization is at Stripe, with the organization's scope open."""
    return StripeCustomer.objects.get(organization=organization(slug))


def monthly() -> str:
    """A plan of ten euros a seat and month, by its slug."""
    values = {"interval": "month", "unit_amount": 10_00, "slug": "monthly"}
    return "monthly" if Plan.objects.filter(slug="monthly").exists() else a_plan(**values).slug


def subscribed(stripe, told: Told, slug: str = "acme", *, seats: int = 5) -> Subscription:
    """Staff start the monthly plan for an organization with a payment method."""
    made = actions.start_with_stripe(staff(slug), plan=monthly(), seats=seats)
    told()
    return again(made, slug)


def again(made: Subscription, slug: str = "acme") -> Subscription:
    """The row as it is now, with the organization's scope open."""
    organization(slug)
    return Subscription.objects.select_related("license", "plan").get(pk=made.pk)


def there(stripe, made: Subscription) -> dict:
    """The subscription at Stripe."""
    return stripe.world.get(made.external_id, "subscription")


def copied(slug: str = "acme") -> list[Invoice]:
    """The invoices that were copied from Stripe, oldest first."""
    mine = Invoice.objects.filter(organization=organization(slug), provider="stripe")
    return list(mine.order_by("issued_on", "number"))


def beside(invoice: Invoice) -> StripeInvoice:
    """What Stripe's invoices have besides."""
    return StripeInvoice.objects.get(pk=invoice.pk)
