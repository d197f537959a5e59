"""Asking for a year of invoices in one file."""

from django.utils.translation import gettext as _

from forecourt.billing import exports
from forecourt.billing.events import Event
from forecourt.core import audit
from forecourt.core import exports as files
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.models import Export
from forecourt.core.refusals import Refused
from forecourt.orgs.permissions import Permission


@action(Permission.VIEW_BILLING)
def request_export(actor, *, year: int, form: str) -> Export:
    """Have a year's invoices made one file, "zip" or "csv"; one that is being made already is it."""
    if year not in exports.years(actor.organization_id):
        raise Refused(_("There is no invoice of that year."), field="year")
    export, is_new = files.ask(actor.organization_id, exports.KIND, form, {"year": year})
    if not is_new:
        audit.unchanged()
        return export
    audit.record(actor, Event.EXPORT_REQUESTED, export, after={"year": year})
    later("billing.make_export", organization_id=actor.organization_id, export_id=export.pk)
    return export
