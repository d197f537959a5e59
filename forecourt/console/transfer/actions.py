"""What staff do with an import on the console's pages: upload, start, discard."""

from __future__ import annotations

from django.utils.translation import gettext as _

from forecourt.console.events import Event
from forecourt.console.models import Import
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Gone, Refused

Status = Import.Status


@action("start_import")
def upload_import(actor, *, content: bytes) -> Import:
    """Have a ZIP of the files looked through; nothing of a customer is written."""
    made = Import.objects.create(staff=actor.staff, label=actor.label, content=content)
    made.refresh_from_db(fields=["created_at"])
    audit.record(actor, Event.IMPORT_UPLOADED, made)
    later("console.check_import", import_id=made.pk)
    return made


@action("start_import")
def start_import(actor, *, import_id: int) -> Import:
    """Have what was looked through written, in the name of whoever says so."""
    found = _found(import_id)
    if found.status != Status.CHECKED:
        raise Refused(_("It is started already, or not looked through yet."))
    if Import.objects.filter(status=Status.RUNNING).exists():
        raise Refused(_("Another import is at work. Wait until it is done."))
    found.status, found.staff, found.done = Status.RUNNING, actor.staff, 0
    found.save(update_fields=["status", "staff", "done"])
    audit.record(actor, Event.IMPORT_STARTED, found, after={"lines": found.total})
    later("console.run_import", import_id=found.pk)
    return found


@action("start_import")
def discard_import(actor, *, import_id: int) -> None:
    """Forget files and report; what was written stays."""
    found = _found(import_id)
    if found.status == Status.RUNNING:
        raise Refused(_("It is at work. Wait until it is done."))
    audit.record(actor, Event.IMPORT_DISCARDED, found)
    found.delete()


def _found(import_id: int) -> Import:
    found = Import.objects.defer("content").select_for_update().filter(pk=import_id).first()
    if found is None:
        raise Gone
    return found
