"""One's own name and time zone, and one's own sessions."""

from forecourt.core import audit, sealing
from forecourt.core.actions import action
from forecourt.core.refusals import Gone
from forecourt.people import sessions
from forecourt.people.events import Event
from forecourt.people.models import Session
from forecourt.people.permissions import OwnPermission

MARK = 16  # hexadecimal digits


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def change_profile(actor, *, name: str, time_zone: str, language: str = "") -> None:
    """Change one's name, the zone in which pages show times ("": the browser's), and the language
    ("": the portal's)."""
    user = actor.user
    before = {"name": user.name, "time_zone": user.time_zone, "language": user.language}
    after = {"name": name, "time_zone": time_zone, "language": language}
    if before == after:
        audit.unchanged()
        return
    user.name, user.time_zone, user.language = name, time_zone, language
    user.save(update_fields=[*after])
    audit.record(actor, Event.PROFILE_CHANGED, user, before=before, after=after, person_id=user.pk)


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def end_session(actor, *, mark: str) -> None:
    """End one of one's sessions; it is refused at its next request."""
    mine = Session.objects.filter(user=actor.user)
    found = next((row for row in mine if mark_of(row.session_key) == mark), None)
    if found is None:
        raise Gone
    sessions.end(mine.filter(pk=found.pk))
    audit.record(actor, Event.SESSION_ENDED, actor.user, person_id=actor.user.pk)


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def end_sessions_but(actor, *, key: str) -> None:
    """End all of one's sessions but the one with this key."""
    ended = sessions.end(Session.objects.filter(user=actor.user).exclude(session_key=key))
    if not ended:
        audit.unchanged()
        return
    after = {"sessions": ended}
    audit.record(
        actor, Event.OTHER_SESSIONS_ENDED, actor.user, after=after, person_id=actor.user.pk
    )


def mark_of(key: str) -> str:
    """What names a session on a page: never its key."""
    return sealing.fingerprint(key)[:MARK]
