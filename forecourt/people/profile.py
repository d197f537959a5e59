"""What the page "Profile & security" shows."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core.models import AuditEvent
from forecourt.people import devices, factor_resets, linking
from forecourt.people.actions.profile import mark_of
from forecourt.people.events import Event
from forecourt.people.models import Session, User
from forecourt.people.places import place_of
from forecourt.people.proof import began_with
from forecourt.people.providers import icon_of, name_of

SHOWN = 20
SIGN_INS = (Event.SIGNED_IN, Event.FACTOR_FAILED)
Type = Authenticator.Type


def page(request: HttpRequest, user: User) -> dict[str, Any]:
    """Everything about one account that its person sees, in a fixed number of queries."""
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    identities = linking.identities(user.pk)
    linked = {identity.provider for identity in identities}
    codes = next((f for f in factors if f.type == Type.RECOVERY_CODES), None)
    return {
        "addresses": list(EmailAddress.objects.filter(user=user).order_by("-primary", "email")),
        "identities": [_identity(identity) for identity in identities],
        "unlinked": [each for each in settings.IDENTITY_PROVIDERS if each.id not in linked],
        "keys": [_key(factor) for factor in factors if factor.type == Type.WEBAUTHN],
        "app": next((factor for factor in factors if factor.type == Type.TOTP), None),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "password": password_choice(request, user),
        "sessions": _sessions(request, user),
        "sign_ins": _sign_ins(user),
        "reset": factor_resets.waiting(user.pk),
    }


def password_choice(request: HttpRequest, user: User) -> str:
    """ "change" where the session began with e-mail or a passkey (S50), "provider" where an identity
    provider began it (S51), "set" for an account without a password."""
    if user.is_authenticated and not user.has_usable_password():
        return "set"
    return "provider" if began_with(request) == "socialaccount" else "change"


def _identity(identity: Any) -> dict[str, Any]:
    extra = identity.extra_data
    return {
        "id": identity.pk,
        "provider": name_of(identity.provider),
        "icon": icon_of(identity.provider),
        "label": extra.get("email") or extra.get("name") or "",
        "since": identity.date_joined,
    }


def _key(factor: Authenticator) -> dict[str, Any]:
    return {
        "id": factor.pk,
        "name": factor.data["name"],
        "passkey": factor.data.get("passkey", False),
        "since": factor.created_at,
        "used": factor.last_used_at,
    }


def _sessions(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    live = Session.objects.filter(user=user, expire_date__gt=timezone.now())
    rows = [_session(request, row) for row in live.order_by("-seen_at")[:100]]
    return sorted(rows, key=lambda row: not row["here"])


def _session(request: HttpRequest, row: Session) -> dict[str, Any]:
    return {
        "mark": mark_of(row.session_key),
        "device": _device(row.agent),
        "icon": _icon(row.agent),
        "address": row.address,
        "place": place_of(row.address),
        "seen": row.seen_at,
        "here": row.session_key == request.session.session_key,
    }


def _sign_ins(user: User) -> list[dict[str, Any]]:
    # No scope is needed: the database shows everybody what concerns their own account.
    mine = AuditEvent.objects.filter(person_id=user.pk, event__in=SIGN_INS)
    return [
        {
            "at": row.at,
            "failed": row.event == Event.FACTOR_FAILED,
            "method": row.after.get("method", ""),
            "device": _device(row.after.get("agent", "")),
            "icon": _icon(row.after.get("agent", "")),
            "address": row.address,
            "place": place_of(row.address),
        }
        for row in mine.order_by("-pk")[:SHOWN]
    ]


def _device(agent: str) -> str:
    return devices.device_name(agent) if agent else _("Unknown device")


def _icon(agent: str) -> str:
    return "smartphone" if devices.is_phone(agent) else "monitor"
