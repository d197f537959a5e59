"""What the mails of this room say when they are sent."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse

from forecourt.account import undoing
from forecourt.core.jinja import stamp
from forecourt.core.models import Mail
from forecourt.orgs import contact_links
from forecourt.orgs.mail_kinds import LABELS, MailKind
from forecourt.orgs.models import Contact, Organization
from forecourt.orgs.recipients import admins, still


def _values(mail: Mail, page: str) -> dict[str, Any]:
    day = mail.values["second_factor_from"]
    link = settings.PUBLIC_URL + reverse(page, args=[mail.values["slug"]])
    return {**mail.values, "day": dt.date.fromisoformat(day) if day else None, "link": link}


def sign_in_rules_changed(mail: Mail) -> dict[str, Any] | None:
    """As the rules were set then, whatever they are now; None for whoever gets such news no more."""
    besides = still(mail, MailKind.MEMBER_CHANGES)
    return None if besides is None else {**_values(mail, "account"), **besides}


def second_factor_needed(mail: Mail) -> dict[str, Any] | None:
    """None where the organization has taken it back, or chosen another day."""
    day = mail.values["second_factor_from"]
    there = Organization.objects.filter(pk=mail.organization_id or 0, second_factor_from=day)
    return _values(mail, "second_factor_required") if there.exists() else None


def confirm_contact(mail: Mail) -> dict[str, Any] | None:
    """The link is derived here; none where the contact was deleted, changed or has confirmed."""
    found = Contact.objects.filter(organization_id=mail.organization_id or 0, email=mail.to)
    contact = found.filter(confirmed_at=None).first()
    if contact is None:
        return None
    return {
        **mail.values,
        "kinds": [str(LABELS[MailKind(kind)]) for kind in contact.kinds],
        "link": contact_links.address("confirm", contact),
        "preferences": contact_links.address("preferences", contact),
    }


def primary_changed(mail: Mail) -> dict[str, Any] | None:
    """To the one before, who can undo it where a member did it; to the new one; to Admins."""
    values = _of_primary(mail)
    if values is None or values["to"] != "former":
        return values
    change = undoing.undoable(mail.organization_id or 0, mail.values["event"])
    if change is not None:
        until = stamp(change.at + undoing.LASTS)
        values |= {"link": undoing.address(change), "until": until}
    return values


def primary_restored(mail: Mail) -> dict[str, Any] | None:
    """To the one whose turn was ended, to the one who is it again, and to Admins."""
    return _of_primary(mail)


def _of_primary(mail: Mail) -> dict[str, Any] | None:
    """As it was then; None for who is neither of the two and no Admin any more."""
    parts = {mail.values["former"]: "former", mail.values["now"]: "now"}
    part = parts.get(mail.to, "admin")
    if part == "admin" and mail.to not in admins(mail.organization_id or 0):
        return None
    return {**mail.values, "to": part}
