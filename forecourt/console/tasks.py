"""The console's jobs."""

from procrastinate.contrib.django import app

from forecourt.console import figures
from forecourt.console.transfer import runs, sending
from forecourt.core.brand import brand
from forecourt.core.jobs import Patient


@app.task(name=sending.JOB, retry=Patient(), lock=sending.JOB)
def send_invitations(upto: int, per_minute: int, staff_id: int | None) -> None:
    """Send the next of the prepared invitations."""
    sending.some(upto, per_minute, staff_id, brand().name)


@app.task(name="console.check_import", retry=Patient())
def check_import(import_id: int) -> None:
    """Look through the files of an import."""
    runs.check(import_id)


@app.task(name="console.run_import", retry=Patient())
def run_import(import_id: int) -> None:
    """Write what the files of an import say."""
    runs.run(import_id)


@app.periodic(cron="17 4 * * *")
@app.task(name="console.sweep_imports", queueing_lock="console.sweep_imports")
def sweep_imports(timestamp: int) -> None:
    """Forget old imports."""
    runs.sweep()


@app.periodic(cron="21 * * * *")
@app.task(name="console.count_figures", queueing_lock="console.count_figures")
def count_figures(timestamp: int) -> None:
    """Count what is over; every hour, so that a worker that was away at midnight catches up."""
    figures.catch_up()
