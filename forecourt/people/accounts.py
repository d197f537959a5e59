"""Plain functions about accounts, for the floors above; each runs in its caller's transaction."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from forecourt.core.prepared import Prepared
from forecourt.people import sessions
from forecourt.people.models import Session, User

#: How long an account may take to prove an address.
UNPROVED = dt.timedelta(days=7)


def verified_account(email: str) -> User | None:
    """The account whose verified address this is; None counts as "no account" (D13)."""
    found = EmailAddress.objects.select_related("user").filter(email=email, verified=True).first()
    return found.user if found else None


def proved_by(user_id: int) -> QuerySet[EmailAddress]:
    """The addresses that a person has proved, as part of another query."""
    return EmailAddress.objects.filter(user_id=user_id, verified=True)


def has_verified(user: User, email: str) -> bool:
    """Whether the person has proved that they read this address."""
    return bool(_proved(user_id=user.pk, email=email))


def _look_up(user_id: int, email: str) -> QuerySet[EmailAddress]:
    return proved_by(user_id).filter(email=email).only("pk")[:1]


_proved = Prepared(_look_up, user_id=-1, email="an address")


def verified_addresses(user: User) -> list[str]:
    """Every address that the person has proved."""
    return list(
        EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    )


def may_have_password(user: User) -> bool:
    """Whether "Forgot password" may give this person one: not where they sign in by a linked
    identity alone (D10)."""
    return user.has_usable_password() or not SocialAccount.objects.filter(user=user).exists()


def create_account(*, email: str, password: str | None, name: str = "") -> User:
    """A new account with a verified address. Accounts on this address that nobody ever verified
    go, with whatever somebody set on them: they may be a stranger's (D13)."""
    discard_unverified(email)
    user = User(email=email, name=name)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def one_at_a_time(email: str) -> None:
    """Until the end of the transaction nobody else proves this address (A058)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [email])


def discard_unverified(email: str, *, but: User | None = None) -> None:
    """Remove accounts that claim this address and have never verified any."""
    one_at_a_time(email)
    claims = User.objects.filter(emailaddress__email=email).exclude(
        emailaddress__verified=True
    ) | User.objects.filter(email=email).exclude(emailaddress__verified=True)
    for claim in claims.distinct():
        if but is None or claim.pk != but.pk:
            claim.delete()
    # An unverified claim on the address by an account that lives by another address.
    others = EmailAddress.objects.filter(email=email, verified=False)
    (others.exclude(user=but) if but else others).delete()


def wipe_credentials(user: User, *, but: EmailAddress) -> None:
    """Remove every way into the account that was set before its address was proved: password,
    other addresses, linked identities, passkeys and second factors, sessions."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    SocialAccount.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(pk=but.pk).delete()
    sessions.end(Session.objects.filter(user=user))


def forget_expired_sessions() -> None:
    """Remove the sessions that have run out."""
    sessions.end(Session.objects.filter(expire_date__lte=timezone.now()))


def forget_unproved() -> None:
    """Remove accounts that never proved an address within a week, at most 1,000 at a time."""
    proved = EmailAddress.objects.filter(verified=True).values("user_id")
    old = User.objects.filter(created_at__lt=timezone.now() - UNPROVED, last_login=None)
    for user in old.exclude(pk__in=proved)[:1_000]:
        user.delete()
