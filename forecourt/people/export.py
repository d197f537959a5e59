"""What this floor holds about a person, for the file that they can take with them."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from forecourt.core.actors import PEOPLE
from forecourt.core.models import AuditEvent, Mail
from forecourt.people.models import FactorReset, Session, User

MOST_EVENTS = 10_000


def about(user: User) -> dict[str, Any]:
    """Profile, addresses, identities, factors and sessions, as plain values. Nothing by which one
    could sign in: no password, key, code or token, nor a hash of one."""
    return {
        "profile": {
            "handle": str(user.handle),
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "time_zone": user.time_zone,
            "has_password": user.has_usable_password(),
            "created_at": user.created_at,
            "last_sign_in": user.last_login,
            "mailbox_proved_at": user.mailbox_proved_at,
        },
        "addresses": list(
            EmailAddress.objects.filter(user=user)
            .order_by("pk")
            .values("email", "verified", "primary")
        ),
        "identities": [_identity(row) for row in SocialAccount.objects.filter(user=user)],
        "factors": [_factor(row) for row in Authenticator.objects.filter(user=user).order_by("pk")],
        "factor_resets": list(
            FactorReset.objects.filter(user=user)
            .order_by("pk")
            .values("asked_at", "due_at", "canceled_at", "done_at")
        ),
        "sessions": [_session(row) for row in Session.objects.filter(user=user)],
    }


def _identity(row: SocialAccount) -> dict[str, Any]:
    issuer, _space, subject = row.uid.rpartition(" ")
    return {
        "provider": row.provider,
        "issuer": issuer,
        "subject": subject,
        "email": row.extra_data.get("email", ""),
        "name": row.extra_data.get("name", ""),
        "linked_at": row.date_joined,
        "last_used": row.last_login,
    }


def _factor(row: Authenticator) -> dict[str, Any]:
    kind = str(row.type)
    if row.type == Authenticator.Type.WEBAUTHN:
        kind = "passkey" if row.data.get("passkey") else "security_key"
    return {
        "kind": kind,
        "name": row.data.get("name", ""),
        "made_at": row.created_at,
        "last_used": row.last_used_at,
    }


def _session(row: Session) -> dict[str, Any]:
    return {
        "device": row.agent,
        "address": row.address,
        "method": row.method,
        "signed_in_at": row.signed_in_at,
        "last_seen": row.seen_at,
        "ends_at": row.expire_date,
    }


def event(row: AuditEvent, user: User, addresses: list[str]) -> dict[str, Any]:
    """An audit row as its person may have it: of others neither name nor address, and values only
    where the row is about the person."""
    mine = row.person_id == user.pk or row.object_label in addresses
    by_me = row.actor_kind in PEOPLE and row.actor_id == str(user.pk)
    found: dict[str, Any] = {
        "at": row.at,
        "event": row.event,
        "by_me": by_me,
        "about": row.object_label if mine and row.object_label in addresses else row.object_kind,
    }
    if by_me:
        found["address"] = row.address
    if mine:
        found["before"], found["after"] = _own(row.before, addresses), _own(row.after, addresses)
    return found


def _own(values: dict[str, Any], addresses: list[str]) -> dict[str, Any]:
    """Without values that name somebody else."""
    return {
        key: value
        for key, value in values.items()
        if not isinstance(value, str) or "@" not in value or value in addresses
    }


def mails(rows: Iterable[Mail]) -> list[dict[str, Any]]:
    """Mails to the person: what kind, when; not what they said, which was never kept."""
    return [
        {
            "kind": row.kind,
            "to": row.to,
            "status": row.status,
            "queued_at": row.created_at,
            "sent_at": row.sent_at,
        }
        for row in rows
    ]
