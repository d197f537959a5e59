"""Linking an identity at another provider, and taking it off again."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.refusals import Gone, Refused
from forecourt.people.events import Event
from forecourt.people.models import User
from forecourt.people.permissions import OwnPermission
from forecourt.people.providers import name_of


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def link_identity(actor, *, provider: str, uid: str, extra: dict[str, str]) -> SocialAccount:
    """Let a person sign in by an identity at a provider; they are told by mail. It can belong to
    one account only."""
    found = SocialAccount.objects.filter(provider=provider, uid=uid).first()
    if found is not None and found.user_id != actor.user.pk:
        raise Refused(_("This identity is linked to another account already."))
    if found is not None:
        audit.unchanged()
        return found
    identity = SocialAccount.objects.create(
        user=actor.user, provider=provider, uid=uid, extra_data=extra
    )
    after = {"provider": provider, "identity": extra.get("email", "")}
    audit.record(actor, Event.IDENTITY_LINKED, actor.user, after=after, person_id=actor.user.pk)
    _tell(actor.user, "identity_linked", identity)
    return identity


@action(OwnPermission.MANAGE_OWN_ACCOUNT)
def unlink_identity(actor, *, identity_id: int) -> None:
    """Take an identity off the account, unless it is the last way in."""
    identity = SocialAccount.objects.filter(pk=identity_id, user=actor.user).first()
    if identity is None:
        raise Gone
    if ways_in(actor.user) < 2:
        raise Refused(_("This is your only way in. Set a password or add a passkey first."))
    identity.delete()
    after = {"provider": identity.provider, "identity": identity.extra_data.get("email", "")}
    audit.record(actor, Event.IDENTITY_UNLINKED, actor.user, before=after, person_id=actor.user.pk)
    _tell(actor.user, "identity_unlinked", identity)


def ways_in(user: User) -> int:
    """How many ways of their own a person has to sign in: password, identities, passkeys. A code
    by mail does not count: it is how one gets back in, and a mailbox can be lost."""
    passkeys = Authenticator.objects.filter(
        user=user, type=Authenticator.Type.WEBAUTHN, data__passkey=True
    )
    identities = SocialAccount.objects.filter(user=user)
    return int(user.has_usable_password()) + identities.count() + passkeys.count()


def _tell(user: User, kind: str, identity: SocialAccount) -> None:
    mail.queue(
        f"people.{kind}",
        user.email,
        provider=name_of(identity.provider),
        identity=identity.extra_data.get("email") or identity.extra_data.get("name") or "",
        at=timezone.now().isoformat(timespec="minutes"),
    )
