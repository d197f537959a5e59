"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.core.jobs import Patient
from forecourt.members import telling


@app.task(name="members.tell_joined", retry=Patient())
def tell_joined(organization_id: int, member_id: int, invitation_id: int) -> None:
    """Tell a new member, the Admins and whoever invited."""
    telling.joined(organization_id, member_id, invitation_id)
