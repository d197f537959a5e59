"""The jobs of payments by Stripe."""

from procrastinate.contrib.django import app

from forecourt.billing import telling
from forecourt.billing.stripe import calls, comparing, inbox, looking, papers
from forecourt.core.jobs import Patient


@app.task(name="billing.stripe_apply", retry=Patient())
def apply(event_id: str) -> None:
    """Apply what Stripe told."""
    inbox.apply(event_id)


@app.task(name="billing.stripe_unpark", retry=Patient())
def unpark(customer_id: str) -> None:
    """Apply what was told of a customer before it was known."""
    inbox.unpark(customer_id)


@app.task(name="billing.stripe_settle", retry=Patient())
def settle(organization_id: int, call_id: int) -> None:
    """Have Stripe do what somebody wants."""
    calls.settle(organization_id, call_id)


@app.task(name="billing.stripe_look", retry=Patient())
def look(organization_id: int, subject: str) -> None:
    """Write down what is true of an object at Stripe."""
    looking.refresh_if_there(subject, organization_id)


@app.task(name="billing.stripe_fetch_paper", retry=Patient())
def fetch_paper(organization_id: int, invoice_id: int) -> None:
    """Keep the PDF of an invoice."""
    papers.fetch(organization_id, invoice_id)


@app.task(name="billing.stripe_tell_failed", retry=Patient())
def tell_failed(organization_id: int, invoice_id: int, tries: int) -> None:
    """Say that a payment did not go through."""
    telling.failed(organization_id, invoice_id, tries)


@app.periodic(cron="43 2 * * *")
@app.task(name="billing.stripe_compare", queueing_lock="billing.stripe_compare")
def compare(timestamp: int) -> None:
    """Compare everything with Stripe, for what was never told."""
    comparing.everybody()


@app.task(name="billing.stripe_compare_one", retry=Patient())
def compare_one(organization_id: int) -> None:
    """Compare one organization."""
    comparing.one(organization_id)
