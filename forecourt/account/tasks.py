"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.account import telling
from forecourt.core.jobs import Patient


@app.task(name="account.tell_rules_changed", retry=Patient())
def tell_rules_changed(organization_id: int, event_id: int) -> None:
    """Tell the Admins that the sign-in rules were changed, and those who must set something up."""
    telling.rules_changed(organization_id, event_id)
