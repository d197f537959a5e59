"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.account import activity_exports, fates, renaming, telling
from forecourt.core.actors import System
from forecourt.core.jobs import Patient


@app.task(name="account.tell_rules_changed", retry=Patient())
def tell_rules_changed(organization_id: int, event_id: int) -> None:
    """Tell the Admins that the sign-in rules were changed, and those who must set something up."""
    telling.rules_changed(organization_id, event_id)


@app.task(name="account.make_export", retry=Patient())
def make_export(organization_id: int, export_id: int) -> None:
    """Make the activity a file."""
    activity_exports.make(organization_id, export_id)


@app.task(name="account.tell_renamed", retry=Patient())
def tell_renamed(organization_id: int, event_id: int) -> None:
    """Tell the Admins of the organization's new name."""
    renaming.tell(organization_id, event_id)


@app.task(name="account.note_refusal", retry=Patient())
def note_refusal(organization_id: int, mail_id: int) -> None:
    """A mail server took no mail for an address, which may be a contact's."""
    fates.note_refusal(System(organization_id), mail_id=mail_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="account.read_bounces", queueing_lock="account.read_bounces", lock="bounces")
def read_bounces(timestamp: int) -> None:
    """Look whether mails came back, where the vendor has a mailbox for that."""
    fates.read_mailbox()
