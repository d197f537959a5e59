"""allauth's events, turned into audit rows: the one place where signals are listened to."""

import contextlib
import time
from typing import Any

from allauth.account import signals
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from forecourt.core import audit, mail, scope
from forecourt.core.jinja import stamp
from forecourt.core.jobs import later
from forecourt.core.refusals import Gone
from forecourt.people import actions, app_codes, devices, sessions
from forecourt.people.accounts import discard_unverified, wipe_credentials
from forecourt.people.actors import Person
from forecourt.people.events import Event
from forecourt.people.models import Session, User
from forecourt.people.proof import began_with, is_strong, note_added, weaken
from forecourt.people.sessions import BEGAN

#: allauth's names of the proofs that begin with a mailed code.
CODES = {"code", "password_reset"}
CODES_FROM_OUTSIDE = {"account_confirm_login_code", "account_confirm_password_reset_code"}


def _note(user: User, event: Event, **after: object) -> None:
    with transaction.atomic(), scope.organization(None, to_the_end=True):
        audit.record(Person(user), event, user, person_id=user.pk, after=after)


def _agent(request) -> str:
    """What the browser calls itself, as the database can keep it."""
    return request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:300]


def _from_where(request) -> dict[str, str]:
    """When, in which browser and from which address (IP) it is that a mail tells of."""
    return {
        "at": stamp(timezone.now()),
        "device": devices.device_name(_agent(request)),
        "address": audit.origin.get() or "",
    }


def _tell(user: User, kind: str, **values: Any) -> None:
    with transaction.atomic(), scope.organization(None):
        mail.queue(f"people.{kind}", user.email, email=user.email, **values)


@receiver(signals.user_signed_up)
def signed_up(request, user, **kw):
    """Somebody made an account."""
    _note(user, Event.SIGNED_UP)


@receiver(signals.user_logged_in)
def signed_in(request, user, **kw):
    """Somebody signed in; the session keeps where and how."""
    began = {
        "at": time.time(),
        "method": began_with(request),
        "address": audit.origin.get(),
        "agent": _agent(request),
    }
    request.session[BEGAN] = began
    _note(user, Event.SIGNED_IN, method=began["method"], agent=began["agent"])
    if not (request.first_sign_in or devices.is_known(request, user)):
        _tell(user, "new_device", **_from_where(request))
    if is_strong(request):
        _keep_factors(user)
    request.came_in = user


def _keep_factors(user: User) -> None:
    """Whoever signs in with a factor has not lost it, whatever somebody else says."""
    with contextlib.suppress(Gone):
        actions.cancel_factor_reset(Person(user), why="signed in with it")


@receiver(signals.authentication_step_completed)
def mailbox_proved(request, user, method: str, **kw):
    """A code from the mailbox was entered: for signing in, or for a new password."""
    if method in CODES:
        user.mailbox_proved_at = timezone.now()
        User.objects.filter(pk=user.pk).update(mailbox_proved_at=user.mailbox_proved_at)


@receiver(user_logged_out)
def signed_out(request, user, **kw):
    """Somebody signed out."""
    if user is not None and user.pk:  # nobody, where no session was open
        _note(user, Event.SIGNED_OUT)


@receiver(signals.email_confirmed)
def address_verified(request, email_address: EmailAddress, **kw):
    """Whoever verifies an address owns it: accounts that merely claimed it go (D13).

    Where the proof came from outside the account (a code for signing in or for a new password),
    the account itself may have been made by somebody else: what they set on it goes too.
    """
    with transaction.atomic():
        if request.resolver_match.url_name in CODES_FROM_OUTSIDE:
            wipe_credentials(email_address.user, but=email_address)
        discard_unverified(email_address.email, but=email_address.user)
        User.objects.filter(pk=email_address.user_id).update(mailbox_proved_at=timezone.now())
        _note(email_address.user, Event.ADDRESS_VERIFIED, email=email_address.email)
        # The floor above knows contacts: the person may be one by this address.
        later("orgs.meet_contacts", person_id=email_address.user_id)


@receiver(signals.password_changed)
def password_changed(request, user, **kw):
    """Every other session ends."""
    _end_other_sessions(request, user)
    _note(user, Event.PASSWORD_CHANGED)


@receiver(signals.password_reset)
def password_reset(request, user, **kw):
    """Every other session ends."""
    _end_other_sessions(request, user)
    _note(user, Event.PASSWORD_RESET)


@receiver(signals.password_set)
def password_set(request, user, **kw):
    """Every other session ends."""
    _end_other_sessions(request, user)
    _note(user, Event.PASSWORD_SET)


@receiver(authenticator_added)
def factor_added(request, user, authenticator: Authenticator, **kw):
    """Setting it up was a proof with it; recovery codes were only shown."""
    _note(user, Event.FACTOR_ADDED, kind=authenticator.type)
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        _tell(user, "key_added", name=authenticator.data["name"])
    if authenticator.type == Authenticator.Type.TOTP:
        app_codes.use(authenticator, request.POST.get("code", ""))  # It was its first.
    if request.user.is_authenticated and authenticator.type != Authenticator.Type.RECOVERY_CODES:
        note_added(request, authenticator)


@receiver(authenticator_reset)
def recovery_codes_made(request, user, **kw):
    """New recovery codes; the old are worth nothing."""
    _note(user, Event.RECOVERY_CODES_MADE)


@receiver(authenticator_used)
def factor_used(request, user, authenticator: Authenticator, **kw):
    """A recovery code is for when the factor is not at hand: its person reads of each that is used,
    to sign in or to confirm."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        left = len(authenticator.wrap().get_unused_codes())
        _note(user, Event.RECOVERY_CODE_USED, left=left, agent=_agent(request))
        _tell(user, "recovery_code_used", left=left, **_from_where(request))


@receiver(authentication_failed)
def factor_failed(request, user, authenticator: Authenticator, **kw):
    """A second factor was tried and did not fit."""
    _note(user, Event.FACTOR_FAILED, kind=authenticator.type, agent=_agent(request))


@receiver(signals.email_added)
def address_added(request, user, email_address: EmailAddress, **kw):
    """Another address; its code was entered. Its person reads of it at the primary one."""
    _note(user, Event.ADDRESS_ADDED, email=email_address.email)
    _tell(user, "address_added", address=email_address.email)


@receiver(authenticator_removed)
def factor_removed(request, user, authenticator: Authenticator, **kw):
    """What it proved counts no more: not here, and every other session ends."""
    _note(user, Event.FACTOR_REMOVED, kind=authenticator.type)
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        _tell(user, "key_removed", name=authenticator.data["name"])
    weaken(request)
    _end_other_sessions(request, user)


def _end_other_sessions(request, user) -> None:
    """A changed password already makes every other session unfit; their rows go as well."""
    here = request.session.session_key
    sessions.end(Session.objects.filter(user=user).exclude(session_key=here))
