"""What the ground floor does by itself."""

from procrastinate.contrib.django import app

from forecourt.core import jobs
from forecourt.core.actors import System
from forecourt.orgs import contacts
from forecourt.orgs.factor_resets import finish_factor_reset
from forecourt.people.factor_resets import all_due


@app.periodic(cron="*/5 * * * *")
@app.task(name="orgs.finish_factor_resets", queueing_lock="orgs.finish_factor_resets")
def finish_factor_resets(timestamp: int) -> None:
    """Take lost second factors off where the notice is over, one account at a time."""
    for reset in all_due():
        finish_factor_reset(System(reset.asked_in), reset_id=reset.pk)


@app.task(name="orgs.follow_address", retry=jobs.Patient())
def follow_address(person_id: int, event_id: int) -> None:
    """Have a person's contact entries follow their new address, an organization at a time."""
    contacts.follow(person_id, event_id)


@app.task(name="orgs.meet_contacts", retry=jobs.Patient())
def meet_contacts(person_id: int) -> None:
    """Link a person who has proved an address to the contacts that they are by it."""
    contacts.meet(person_id)
