"""Asking for a year of invoices in one file."""

from django.utils.translation import gettext as _

from forecourt.billing import exports
from forecourt.billing.events import Event
from forecourt.billing.models import InvoiceExport
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.orgs.permissions import Permission


@action(Permission.VIEW_BILLING)
def request_export(actor, *, year: int, form: str) -> InvoiceExport:
    """Have a year's invoices made one file, "zip" or "csv"; one that is being made already is it."""
    if year not in exports.years(actor.organization_id):
        raise Refused(_("There is no invoice of that year."), field="year")
    wanted = {"organization_id": actor.organization_id, "year": year, "form": form}
    waiting = InvoiceExport.objects.filter(**wanted, status=InvoiceExport.Status.WAITING).first()
    if waiting is not None:
        audit.unchanged()
        return waiting
    export = InvoiceExport.objects.create(**wanted)
    audit.record(actor, Event.EXPORT_REQUESTED, export)
    later("billing.make_export", organization_id=actor.organization_id, export_id=export.pk)
    return export
