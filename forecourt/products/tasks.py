"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.core.jobs import Patient
from forecourt.products import telling


@app.task(name="products.tell_granted", retry=Patient())
def tell_granted(organization_id: int, license_id: int) -> None:
    """Tell an organization what it can use."""
    telling.granted(organization_id, license_id)


@app.task(name="products.tell_key_rotated", retry=Patient())
def tell_key_rotated(organization_id: int, license_id: int) -> None:
    """Tell an organization that a license has a new key."""
    telling.key_rotated(organization_id, license_id)


@app.task(name="products.tell_release", retry=Patient())
def tell_release(release_id: int, after: int = 0) -> None:
    """Have the organizations told that may have a new release."""
    telling.release(release_id, after)


@app.task(name="products.tell_release_to", retry=Patient())
def tell_release_to(organization_id: int, release_id: int) -> None:
    """Tell one of them."""
    telling.release_to(organization_id, release_id)


@app.periodic(cron="7 * * * *")
@app.task(name="products.find_endings", queueing_lock="products.find_endings")
def find_endings(timestamp: int) -> None:
    """Tell whose license ends in 60, 30 or 7 days, or has ended."""
    telling.endings(after=0)


@app.task(name="products.tell_endings", retry=Patient())
def tell_endings(after: int) -> None:
    """The next ones of them."""
    telling.endings(after)
