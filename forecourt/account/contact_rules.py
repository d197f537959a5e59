"""What holds for every change of contacts: how they are written, how many, how often, and that a
stranger is asked first. Each in its action's transaction."""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import mail
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Gone, Refused, TooMany
from forecourt.orgs.events import Event
from forecourt.orgs.mail_kinds import MailKind, in_order
from forecourt.orgs.models import Contact, Organization
from forecourt.people.addresses import BadAddress, normalize

#: Contacts of an organization: each mail goes to each of them.
MOST = 50
#: Changes within an hour: each can send a mail to an address that nobody has confirmed.
MOST_AN_HOUR = 20
COUNTED = [Event.CONTACT_ADDED, Event.CONTACT_CHANGED, Event.PRIMARY_CHANGED]
LONGEST = {"name": 120, "phone": 40}


def address(text: str) -> str:
    """An address in its one form; Refused at its field."""
    try:
        return normalize(text)
    except BadAddress as problem:
        raise Refused(str(problem), field="email") from problem


def words(**given: str) -> dict[str, str]:
    """Name and phone in one line each; Refused where one is too long or holds what nobody sees."""
    tidy = {field: " ".join(text.split()) for field, text in given.items()}
    for field, text in tidy.items():
        if len(text) > LONGEST[field]:
            raise Refused(
                _("At most %(most)d letters; these are %(many)d.")
                % {"most": LONGEST[field], "many": len(text)},
                field=field,
            )
        if not text.isprintable():
            raise Refused(
                _("There is a letter in it that cannot be seen. Type it anew."), field=field
            )
    return tidy


def chosen(kinds: list[str]) -> list[str]:
    """Kinds of mail in their order; Refused where there is no such kind."""
    if not set(kinds) <= set(MailKind):
        raise Refused(_("There is no such kind of mail."), field="kinds")
    return in_order(kinds)


def person(*, name: str, phone: str, language: str) -> dict[str, str]:
    """Name, phone, and the language to write in: "" is the portal's. Refused where the portal does
    not speak it."""
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("The portal does not speak this language."), field="language")
    return {**words(name=name, phone=phone), "language": language}


def why(actor, reason: str) -> dict[str, str]:
    """The reason that whoever is no member gives, as the log keeps it; Refused without one."""
    reason = reason.strip()
    if actor.kind == "member":
        return {}
    if not 1 <= len(reason) <= 500 or not reason.isprintable():
        raise Refused(_("Say why, in 500 letters at most."), field="reason")
    return {"reason": reason}


def contact_of(organization: Organization, contact_id: int) -> Contact:
    """A contact of the organization; raises Gone."""
    found = Contact.objects.filter(organization=organization, pk=contact_id).first()
    if found is None:
        raise Gone
    return found


def refuse_twice(organization: Organization, email: str) -> None:
    """An address is one contact."""
    if Contact.objects.filter(organization=organization, email=email).exists():
        raise Refused(_("This address is a contact already."), field="email")


def refuse_too_many(organization: Organization) -> None:
    """Not more contacts than an organization can have."""
    if Contact.objects.filter(organization=organization).count() >= MOST:
        raise Refused(_("An organization has %(most)d contacts at most.") % {"most": MOST})


def refuse_too_often(actor) -> None:
    """Not more changes than a person makes by hand; the vendor's own count for nobody."""
    if actor.kind != "member":
        return
    hour = dt.timedelta(hours=1)
    rows = AuditEvent.objects.filter(
        organization_id=actor.organization_id, event__in=COUNTED, at__gt=timezone.now() - hour
    )
    times = list(rows.order_by("-at").values_list("at", flat=True)[:MOST_AN_HOUR])
    if len(times) == MOST_AN_HOUR:
        raise TooMany(
            _("Contacts were changed %(number)d times within an hour.") % {"number": MOST_AN_HOUR},
            again_at=times[-1] + hour,
        )


def ask_stranger(actor, organization: Organization, contact: Contact) -> None:
    """One mail by which whoever reads it confirms the address, where nobody has."""
    if Contact.objects.filter(pk=contact.pk, confirmed_at=None).exists():
        mail.queue(
            "account.confirm_contact",
            contact.email,
            organization_id=organization.pk,
            organization_name=organization.name,
            by=actor.label,
        )
