"""What the ground floor does by itself."""

from procrastinate.contrib.django import app

from forecourt.core.actors import System
from forecourt.orgs.factor_resets import finish_factor_reset
from forecourt.people.factor_resets import all_due


@app.periodic(cron="*/5 * * * *")
@app.task(name="orgs.finish_factor_resets", queueing_lock="orgs.finish_factor_resets")
def finish_factor_resets(timestamp: int) -> None:
    """Take lost second factors off where the notice is over, one account at a time."""
    for reset in all_due():
        finish_factor_reset(System(reset.asked_in), reset_id=reset.pk)
