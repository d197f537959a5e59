"""Accounts with everything by which their people sign in, so that nobody is invited anew in the copy of
a portal. On the server alone; an account that is here already is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, is_password_usable
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecourt.console.events import Event
from forecourt.console.transfer import cells, more_cells, numbers
from forecourt.console.transfer.lines import Line
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.orgs.events import Event as OrgEvent
from forecourt.orgs.models import Staff
from forecourt.people.accounts import discard_unverified, one_at_a_time
from forecourt.people.actions.factor_seals import SEALED
from forecourt.people.models import User
from forecourt.people.zones import is_zone

#: Accounts that are read at once.
AT_ONCE = 1_000
Row = dict[str, Any]
_moment = cells.moment()


def rows() -> Iterator[list[Row]]:
    """Every account, in the order in which they came."""
    last = 0
    while some := list(User.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        theirs = ("emailaddress_set", "authenticator_set", "socialaccount_set", "staff")
        prefetch_related_objects(some, *theirs)
        yield [_account(user) for user in some]
        last = some[-1].pk


def _account(user: User) -> Row:
    addresses = _in_order(user, "emailaddress_set")
    staff = getattr(user, "staff", None)
    return {
        "account": user.handle,
        "number": user.pk,
        "email": user.email,
        "addresses": [each.email for each in addresses if each.verified],
        "unproved": [each.email for each in addresses if not each.verified],
        "name": user.name,
        "language": user.language,
        "time_zone": user.time_zone,
        "active": user.is_active,
        "created": user.created_at,
        "last_sign_in": user.last_login,
        "mailbox_proved": user.mailbox_proved_at,
        "password": user.password,
        "factors": more_cells.as_json(
            [_factor(each) for each in _in_order(user, "authenticator_set")]
        ),
        "identities": more_cells.as_json(
            [_identity(each) for each in _in_order(user, "socialaccount_set")]
        ),
        "duty": staff.duty if staff else "",
        "staff_since": staff.created_at if staff else None,
    }


def _in_order(user: User, theirs: str) -> list[Any]:
    return sorted(getattr(user, theirs).all(), key=lambda each: each.pk)


def _factor(row: Authenticator) -> Row:
    """Opened: another portal seals by another SECRET_KEY."""
    data = dict(row.data)
    if (name := SEALED.get(Authenticator.Type(row.type))) is not None:
        data[name] = get_adapter().decrypt(data[name])
    times = {"created": cells.written(row.created_at), "last_used": cells.written(row.last_used_at)}
    return {"type": str(row.type), "data": data, **times}


def _identity(row: SocialAccount) -> Row:
    times = {"linked": cells.written(row.date_joined), "last_used": cells.written(row.last_login)}
    return {"provider": row.provider, "uid": row.uid, "extra": row.extra_data, **times}


def check(lines: list[Line]) -> None:
    """Say what would become of some accounts: who is here already is left alone."""
    right = [line for line in lines if not line.problem]
    handles = [line.values["account"] for line in right]
    there = set(User.objects.filter(handle__in=handles).values_list("handle", flat=True))
    claimed = set(_claims([each for line in right for each in _all_addresses(line.values)]))
    wanted = {line.values.get("number") for line in right if _passkeys(line.values)}
    lost = numbers.of_others({number for number in wanted if number})
    for line in right:
        new = _("New, of the staff") if line.values.get("duty") else _("New")
        line.outcome = _("Unchanged") if line.values["account"] in there else new
        if line.values["account"] not in there and claimed & {*_all_addresses(line.values)}:
            line.problem = _taken()
        if line.values["account"] not in there and line.values.get("number") in {*lost, None}:
            line.warning = _without_passkeys(line.values)


def _passkeys(said: dict[str, Any]) -> int:
    """How many it has."""
    kept = [each.get("data") for each in said.get("factors", [])]
    return sum(bool(data.get("passkey")) for data in kept if isinstance(data, dict))


def _without_passkeys(said: dict[str, Any]) -> str:
    """What becomes of an account with another number; "" for one that has no passkey."""
    number = _passkeys(said)
    sentence = ngettext(
        "It cannot keep its number here: %(number)d passkey is left out.",
        "It cannot keep its number here: %(number)d passkeys are left out.",
        number,
    )
    return sentence % {"number": number} if number else ""


def _taken() -> str:
    return _(
        "Somebody has an account here by this address: it is left alone, and nobody else gets it."
    )


def _all_addresses(said: dict[str, Any]) -> list[str]:
    """Every address of a line, always in the same order."""
    return sorted({said["email"], *said.get("addresses", []), *said.get("unproved", [])})


def _claims(addresses: list[str]) -> QuerySet[EmailAddress, str]:
    """Those of the addresses that are of accounts which have proved one."""
    proved = EmailAddress.objects.filter(verified=True).values("user_id")
    theirs = Q(email__in=addresses) & Q(user_id__in=proved)
    return EmailAddress.objects.filter(theirs).values_list("email", flat=True)


def write(actor: Any, line: Line) -> None:
    """Make the account of a line, and say in it what did not come with it."""
    user = import_account(actor, said=line.values)
    is_another = user is not None and user.pk != line.values.get("number")
    line.warning = _without_passkeys(line.values) if is_another else ""


@action("import_account")
def import_account(actor, *, said: dict[str, Any]) -> User | None:
    """Make the account that somebody had elsewhere, with its ways in and its duty; None where it is
    here already, as it then stays. Raises Refused, and IntegrityError for a key or identity that is
    somebody else's here."""
    if User.objects.filter(handle=said["account"]).exists():
        audit.unchanged()
        return None
    _make_way(said)
    user = _user(said)
    user.save(force_insert=True)
    _give_addresses(user, said)
    _give_factors(user, said)
    _give_identities(user, said.get("identities", []))
    audit.record(actor, Event.ACCOUNT_IMPORTED, user, person_id=user.pk)
    if said.get("duty"):
        since = {"created_at": said["staff_since"]} if said.get("staff_since") else {}
        staff = Staff.objects.create(user=user, duty=said["duty"], **since)
        audit.record(actor, OrgEvent.STAFF_ADDED, staff, after={"duty": staff.duty})
    return user


def _make_way(said: dict[str, Any]) -> None:
    """Accounts on these addresses that nobody ever proved do not count, here as elsewhere
    (docs/decisions/0006). Raises Refused for one that does."""
    addresses, proved = _all_addresses(said), {*said.get("addresses", [])}
    if said.get("duty") and not proved:
        raise Refused(_("Who is staff has proved an address."), field="duty")
    for email in addresses:
        one_at_a_time(email)
    if _claims(addresses).exists():
        raise Refused(_taken())
    for email in addresses:
        if email in proved:
            discard_unverified(email)


def _user(said: dict[str, Any]) -> User:
    password = said.get("password", "")
    if password and is_password_usable(password):
        try:
            identify_hasher(password).decode(password)
        except ValueError:
            sentence = _("It is no hash of a password that this portal could check.")
            raise Refused(sentence, field="password") from None
    user = User(
        pk=numbers.of_account(said.get("number")),
        handle=said["account"],
        email=said["email"],
        name=said.get("name", ""),
        password=password,
        is_active=said.get("active", True),
        last_login=said.get("last_sign_in"),
        mailbox_proved_at=said.get("mailbox_proved"),
        **({"created_at": said["created"]} if said.get("created") else {}),
    )
    if said.get("language") in dict(settings.LANGUAGES):
        user.language = said["language"]
    if is_zone(said.get("time_zone", "")):
        user.time_zone = said["time_zone"]
    return user


def _give_addresses(user: User, said: dict[str, Any]) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=email, verified=verified, primary=email == user.email)
        for emails, verified in (
            (said.get("addresses", []), True),
            (said.get("unproved", []), False),
        )
        for email in dict.fromkeys(emails)
    )


def _give_factors(user: User, said: dict[str, Any]) -> None:
    """Sealed anew. A passkey names its account by number, so it is worth nothing with another."""
    for each in said.get("factors", []):
        kind, data = str(each.get("type")), each.get("data")
        if kind not in Authenticator.Type.values or not isinstance(data, dict):
            raise Refused(_("There is a factor that nobody knows here."), field="factors")
        if data.get("passkey") and user.pk != said.get("number"):
            continue
        if (name := SEALED.get(Authenticator.Type(kind))) is not None:
            if not (isinstance(data.get(name), str) and data[name]):
                raise Refused(_("A factor without its secret is none."), field="factors")
            data = {**data, name: get_adapter().encrypt(data[name])}
        made = Authenticator(user=user, type=kind, data=data)
        made.created_at = _time(each, "created") or made.created_at
        made.last_used_at = _time(each, "last_used")
        made.save(force_insert=True)


def _give_identities(user: User, identities: list[Row]) -> None:
    for each in identities:
        names = (each.get("provider"), each.get("uid"), each.get("extra", {}))
        if not (isinstance(names[0], str) and isinstance(names[1], str) and names[1]):
            raise Refused(_("There is an identity without a name."), field="identities")
        made = SocialAccount(user=user, provider=names[0], uid=names[1], extra_data=names[2])
        made.save(force_insert=True)
        times = {"date_joined": _time(each, "linked"), "last_login": _time(each, "last_used")}
        for name, at in times.items():  # allauth says: now
            setattr(made, name, at or getattr(made, name))
        SocialAccount.objects.bulk_update([made], [*times])


def _time(of: Row, name: str) -> Any:
    try:
        return _moment(str(of.get(name) or ""))
    except cells.BadCell as problem:
        raise Refused(str(problem), field=name) from problem
