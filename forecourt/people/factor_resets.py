"""Taking a lost second factor off an account, for the floors above, which say who may ask: plain
functions, each in its caller's transaction.

The person gets 72 hours' notice at every address that they have proved, and can stop it from there
without signing in. A sign-in with the factor stops it as well: it is not lost.
"""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit, mail, scope
from forecourt.core.models import Mail
from forecourt.core.refusals import Refused
from forecourt.people import sessions
from forecourt.people.accounts import verified_addresses
from forecourt.people.events import Event
from forecourt.people.factors import DEMANDING
from forecourt.people.models import FactorReset, Session, User

NOTICE = dt.timedelta(hours=72)
#: What signs the link in the notice, by which its person stops it.
SALT = "people.factor_resets"
#: What sign-in asks for, and the codes that stand in for it. Passkeys are ways in, and stay.
_LOST = DEMANDING | Q(type=Authenticator.Type.RECOVERY_CODES)


def all_waiting() -> QuerySet[FactorReset]:
    """Those that were neither stopped nor done."""
    return FactorReset.objects.filter(canceled_at=None, done_at=None)


def waiting(user_id: int) -> FactorReset | None:
    """The one that waits for this person to object, if there is one."""
    return all_waiting().filter(user_id=user_id).first()


def all_due() -> list[FactorReset]:
    """Those whose notice could be over by now."""
    return list(all_waiting().filter(due_at__lte=timezone.now()).order_by("due_at"))


def ask(actor, user: User, *, reason: str) -> FactorReset:
    """Give notice that the second factors of an account shall be taken off. Raises Refused where
    there is none, or notice was given already."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not Authenticator.objects.filter(DEMANDING, user=user).exists():
        raise Refused(_("This account has no second factor."))
    if waiting(user.pk) is not None:
        raise Refused(_("Somebody has asked for this already."))
    reset = FactorReset.objects.create(
        user=user,
        asked_by=actor.label,
        asked_in=actor.organization_id,
        reason=reason,
        due_at=timezone.now() + NOTICE,
    )
    after = {"reason": reason, "due": reset.due_at.isoformat(timespec="minutes")}
    audit.record(actor, Event.FACTOR_RESET_ASKED, user, after=after, person_id=user.pk)
    _tell(reset, "people.factor_reset_asked")
    return reset


def stop(actor, reset: FactorReset, why: str = "") -> None:
    """Have the factors stay on."""
    reset.canceled_at = timezone.now()
    reset.save(update_fields=["canceled_at"])
    after = {"why": why} if why else {}
    user = reset.user
    audit.record(actor, Event.FACTOR_RESET_CANCELED, user, after=after, person_id=user.pk)


def noticed_at(reset: FactorReset) -> dt.datetime | None:
    """When the first notice was handed to the person's mail server; None: not yet."""
    with scope.organization(None):
        sent = _notices(reset).filter(status=Mail.Status.SENT).order_by("sent_at").first()
    return sent.sent_at if sent else None


def is_undeliverable(reset: FactorReset) -> bool:
    """Whether no notice got through, nor will."""
    with scope.organization(None):
        return not _notices(reset).filter(status__in=["queued", "sent"]).exists()


def take_off(actor, reset: FactorReset) -> None:
    """Take the factors off, end every session, and tell the person."""
    user = reset.user
    lost = Authenticator.objects.filter(_LOST, user=user)
    before = {"factors": sorted(lost.values_list("type", flat=True))}
    lost.delete()
    sessions.end(Session.objects.filter(user=user))
    reset.done_at = timezone.now()
    reset.save(update_fields=["done_at"])
    audit.record(actor, Event.FACTOR_RESET_DONE, user, before=before, person_id=user.pk)
    _tell(reset, "people.factor_reset_done")


def token_of(reset: FactorReset) -> str:
    """What the link in the notice holds. Derived when the mail is sent, kept nowhere."""
    return signing.dumps(reset.pk, salt=SALT)


def by_token(token: str) -> FactorReset | None:
    """What a notice's link is about, while it waits."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return all_waiting().select_related("user").filter(pk=pk).first()


def _notices(reset: FactorReset) -> QuerySet[Mail]:
    return Mail.objects.filter(
        organization_id=None, about=_about(reset), kind="people.factor_reset_asked"
    )


def _about(reset: FactorReset) -> str:
    return f"factor-reset:{reset.pk}"


def _tell(reset: FactorReset, kind: str) -> None:
    to = verified_addresses(reset.user)
    with scope.organization(None):
        mail.queue_all(kind, to, about=_about(reset), reset_id=reset.pk, email=reset.user.email)
