"""The nightly work on accounts."""

from procrastinate.contrib.django import app

from forecourt.people import accounts


@app.periodic(cron="37 3 * * *")
@app.task(name="people.sweep", queueing_lock="people.sweep")
def sweep(timestamp: int) -> None:
    """Remove sessions that have run out, and accounts that never proved an address in a week."""
    accounts.forget_expired_sessions()
    accounts.forget_unproved()
