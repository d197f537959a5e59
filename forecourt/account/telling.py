"""Who is told of changed sign-in rules, after it, so that nobody waits while thousands are written
to; and, with it, of another primary billing contact."""

from typing import Any

from django.db import transaction

from forecourt.core import mail, scope
from forecourt.core.models import AuditEvent, Mail
from forecourt.orgs.events import Event
from forecourt.orgs.models import lock
from forecourt.orgs.recipients import MailKind, admins, recipients
from forecourt.orgs.sign_in_policy import without_second_factor

AT_ONCE = 1_000


def rules_changed(organization_id: int, event_id: int) -> None:
    """Queue the news for the Admins, and for every member without a second factor what they have to
    do until when, if there is a new day. Run again it finds what it has queued."""
    about = f"rules:{event_id}"
    with transaction.atomic(), scope.organization(organization_id, to_the_end=True):
        organization = lock(organization_id)
        event = AuditEvent.objects.filter(pk=event_id).first()
        if event is None or Mail.objects.filter(about=about).exists():
            return
        values: dict[str, Any] = {
            "organization_id": organization_id,
            "about": about,
            "organization_name": organization.name,
            "slug": organization.slug,
            **event.after,
        }
        admins = recipients(organization, MailKind.MEMBER_CHANGES)
        mail.queue_all("account.sign_in_rules_changed", admins, by=event.actor_label, **values)
        day = event.after["second_factor_from"]
        if day and day != event.before["second_factor_from"]:
            _remind(organization_id, values)


def _remind(organization_id: int, values: dict[str, Any]) -> None:
    """Everybody who has set up nothing yet, a thousand at a time."""
    rows = without_second_factor(organization_id).values_list("pk", "user__email")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        mail.queue_all("account.second_factor_needed", [email for _pk, email in some], **values)
        last = some[-1][0]


def tell_of_primary(event: AuditEvent) -> None:
    """Both addresses and every Admin of a change or its undoing, each once and alone (O13, A099,
    A201), in the same transaction."""
    organization_id, changed = event.organization_id or 0, event.event == Event.PRIMARY_CHANGED
    former, now = event.before["email"], event.after["email"]
    mail.queue_all(
        "account.primary_changed" if changed else "account.primary_restored",
        list(dict.fromkeys([former, now, *admins(organization_id)])),
        organization_id=organization_id,
        organization_name=event.object_label,
        former=former,
        now=now,
        by=event.actor_label,
        event=event.pk,
    )
