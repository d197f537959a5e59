"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.billing import clock, exports, registering, telling
from forecourt.billing.stripe import tasks as stripe_tasks
from forecourt.core.jobs import Patient

__all__ = ["stripe_tasks"]  # The worker finds jobs where this module is.


@app.periodic(cron="*/10 * * * *")
@app.task(name="billing.renew", queueing_lock="billing.renew")
def renew(timestamp: int) -> None:
    """Renew what is due."""
    clock.renew()


@app.task(name="billing.tell_invoice", retry=Patient())
def tell_invoice(organization_id: int, invoice_id: int) -> None:
    """Send an invoice."""
    telling.invoice(organization_id, invoice_id)


@app.task(name="billing.tell_invoices", retry=Patient())
def tell_invoices(after: int, upto: int) -> None:
    """Send the invoices of a run of the clock."""
    telling.invoices(after, upto)


@app.task(name="billing.tell_paid", retry=Patient())
def tell_paid(organization_id: int, payment_id: int) -> None:
    """Say that money came."""
    telling.paid(organization_id, payment_id)


@app.task(name="billing.tell_changed", retry=Patient())
def tell_changed(organization_id: int, subscription_id: int, event_id: int, name: str) -> None:
    """Confirm that a subscription was canceled or resumed."""
    telling.changed(organization_id, subscription_id, event_id, name)


@app.periodic(cron="37 * * * *")
@app.task(name="billing.find_notices", queueing_lock="billing.find_notices")
def find_notices(timestamp: int) -> None:
    """Tell of invoices that are due or overdue, and of renewals to come."""
    telling.due(after=0)
    telling.renewals(after=0)


@app.task(name="billing.tell_due", retry=Patient())
def tell_due(after: int) -> None:
    """The next of the invoices."""
    telling.due(after)


@app.task(name="billing.tell_renewals", retry=Patient())
def tell_renewals(after: int) -> None:
    """The next of the renewals."""
    telling.renewals(after)


@app.task(name="billing.make_export", retry=Patient())
def make_export(organization_id: int, export_id: int) -> None:
    """Make a year of invoices one file."""
    exports.make(organization_id, export_id)


@app.task(name="billing.check_tax_id", retry=Patient())
def check_tax_id(organization_id: int) -> None:
    """Ask the register whether it knows an organization's tax id."""
    registering.check(organization_id)


@app.task(name="billing.tell_tax_id", retry=Patient())
def tell_tax_id(organization_id: int, event_id: int) -> None:
    """Say that it does not."""
    registering.tell(organization_id, event_id)
