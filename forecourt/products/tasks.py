"""The room's jobs."""

from procrastinate.contrib.django import app

from forecourt.core.jobs import Patient
from forecourt.products import telling
from forecourt.products.launching import ending, token_keys
from forecourt.products.launching import telling as launch_telling


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


@app.task(name="products.check_launches", retry=Patient())
def check_launches(organization_id: int) -> None:
    """End the sign-ins of an organization whose people may not use the product any more."""
    ending.without_standing(organization_id)


@app.task(name="products.end_orphans", retry=Patient())
def end_orphans() -> None:
    """End the sign-ins of browsers that were signed out of the portal."""
    ending.without_session()


@app.task(name="products.end_launch", retry=Patient())
def end_launch(organization_id: int, handle: str, why: str) -> None:
    """End one sign-in."""
    ending.one(organization_id, handle, why)


@app.task(name="products.end_launches_of_client", retry=Patient())
def end_launches_of_client(client_id: int) -> None:
    """End all sign-ins by a program."""
    ending.of_client(client_id)


@app.task(name="products.end_launches_of_person", retry=Patient())
def end_launches_of_person(user_id: int, client_id: str) -> None:
    """End what a person has with one product."""
    ending.of_person(user_id, client_id)


@app.task(name="products.send_logout", retry=Patient())
def send_logout(organization_id: int, launch_id: int) -> None:
    """Tell a product that somebody is signed out."""
    launch_telling.logout(organization_id, launch_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="products.sweep_launches", queueing_lock="products.sweep_launches")
def sweep_launches(timestamp: int) -> None:
    """End what time alone has ended, and forget what is of no use any more."""
    ending.without_session()
    ending.everywhere()
    ending.forget_old()


@app.periodic(cron="41 3 * * *")
@app.task(name="products.keep_token_key_fresh", queueing_lock="products.keep_token_key_fresh")
def keep_token_key_fresh(timestamp: int) -> None:
    """Make the next key for tokens in time."""
    token_keys.keep_fresh()
