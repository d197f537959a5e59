"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.account import activity_exports, renaming, telling
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
