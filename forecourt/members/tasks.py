"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.core import forgetting
from forecourt.core.jobs import Patient
from forecourt.members import telling
from forecourt.members.departing import in_use


@app.task(name="members.tell_joined", retry=Patient())
def tell_joined(organization_id: int, member_id: int, invitation_id: int) -> None:
    """Tell a new member, the Admins and whoever invited."""
    telling.joined(organization_id, member_id, invitation_id)


@app.task(name="members.forget_person", retry=Patient())
def forget_person(person_id: int, event_id: int) -> None:
    """Put a pseudonym in the place of somebody who has deleted their account."""
    forgetting.forget_person(person_id, event_id, in_use=in_use)
