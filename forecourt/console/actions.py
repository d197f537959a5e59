"""What only staff do, and no room of the customers knows."""

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.account.contact_rules import address, why, words
from forecourt.console.events import Event
from forecourt.console.models import Note, PrimaryMove
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.models import lock


@action("retry_job")
def retry_job(actor, *, job_id: int) -> None:
    """Have a job that was given up tried again at once; raises Gone where it was not."""
    job = ProcrastinateJob.objects.filter(pk=job_id, status="failed").first()
    if job is None:
        raise Gone
    with connection.cursor() as cursor:
        cursor.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [job_id])
    audit.record(actor, Event.JOB_RETRIED, job, after={"task": job.task_name})


@action("export_list")
def export_list(actor, *, name: str, asked: dict[str, str]) -> None:
    """Say in the log of the house that somebody took a list home."""
    audit.record(actor, Event.LIST_EXPORTED, actor.staff, after={"list": name, **asked})


@action("add_note")
def add_note(actor, *, text: str) -> Note:
    """Write something down about a customer, for other staff alone; the log says that, not what."""
    text = text.strip()
    if not 1 <= len(text) <= 4_000 or "\x00" in text:
        raise Refused(_("A note has 1 to 4,000 letters."), field="text")
    lock(actor.organization_id)
    note = Note.objects.create(organization_id=actor.organization_id, author=actor.label, text=text)
    audit.record(actor, Event.NOTED, note)
    return note


@action("ask_primary_move")
def ask_primary_move(actor, *, email: str, reason: str, name: str = "", phone: str = ""):
    """Want somebody else to be the primary billing contact, since who it is cannot hand it over any
    more (O12). Nothing happens until another of the staff has confirmed it."""
    organization = lock(actor.organization_id)
    values = {"email": address(email), **words(name=name, phone=phone), **why(actor, reason)}
    if organization.primary_contact.email == values["email"]:
        raise Refused(_("This is the primary billing contact already."), field="email")
    if PrimaryMove.objects.filter(organization=organization, closed_at=None).exists():
        raise Refused(_("There is one waiting already. Confirm it or turn it down first."))
    values |= {"asked_by": actor.actor_id, "asked_by_label": actor.label}
    move = PrimaryMove.objects.create(organization=organization, **values)
    said = {name: values[name] for name in ("email", "reason")}
    audit.record(actor, Event.MOVE_ASKED, move, after=said)
    return move


@action("close_primary_move")
def close_primary_move(actor, *, move_id: int, was_done: bool) -> None:
    """Note that it happened, or that it was turned down."""
    lock(actor.organization_id)
    moves = PrimaryMove.objects.filter(organization_id=actor.organization_id, closed_at=None)
    move = moves.filter(pk=move_id).first()
    if move is None:
        raise Gone
    move.closed_at = timezone.now()
    move.save(update_fields=["closed_at"])
    audit.record(
        actor, Event.MOVE_CLOSED, move, after={"state": "done" if was_done else "turned down"}
    )
