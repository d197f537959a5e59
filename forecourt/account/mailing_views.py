"""The door for contacts: the links in their mails, which need no account. Looking changes nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from forecourt.account import actions
from forecourt.account.actors import Reader
from forecourt.core.pages import operation, render, see_other
from forecourt.core.refusals import Gone
from forecourt.orgs import contact_links
from forecourt.orgs.mail_kinds import LABELS, OPTIONAL, MailKind
from forecourt.orgs.models import Contact
from forecourt.orgs.recipients import gets

HOLDER = "whoever holds the link"


def _page(request: HttpRequest, name: str, contact: Contact, **more: Any) -> HttpResponse:
    context = {
        "contact": contact,
        "organization": contact.organization,
        "preferences": contact_links.token("preferences", contact),
        **more,
    }
    return render(request, f"account/{name}.html", context)


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "account/mailing_dead.html", status=404)


@operation("GET", "POST", who=HOLDER)
def confirm_contact(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a contact's address, by the button."""
    found = contact_links.read("confirm", token)
    if found is None:
        return _dead(request)
    contact, _kind = found
    if request.method == "POST":
        try:
            actions.confirm_address(Reader(contact))
        except Gone:
            return _dead(request)
        return _page(request, "confirm", contact, is_confirmed=True)
    labels = [LABELS[MailKind(kind)] for kind in contact.kinds]
    return _page(
        request, "confirm", contact, is_confirmed=contact.confirmed_at is not None, kinds=labels
    )


@operation("GET", "POST", who=HOLDER)
def mail_preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Choose which of the mails that the organization has meant for one come."""
    found = contact_links.read("preferences", token)
    if found is None:
        return _dead(request)
    contact, _kind = found
    if request.method == "POST":
        try:
            actions.choose_mail(Reader(contact), kinds=request.POST.getlist("kinds"))
        except Gone:
            return _dead(request)
        messages.success(request, _("Your choice is saved."))
        return see_other(request, "mail_preferences", token)
    return _page(request, "preferences", contact, **_choice(contact))


def _choice(contact: Contact) -> dict[str, Any]:
    """Boxes for what can be left, and a list of what cannot."""
    is_primary = contact.pk == contact.organization.primary_contact_id
    kept = [kind for kind in MailKind if kind not in OPTIONAL]
    return {
        "boxes": [
            (kind.value, LABELS[kind], kind not in contact.declined)
            for kind in MailKind
            if kind in OPTIONAL and kind in contact.kinds
        ],
        "always": [LABELS[kind] for kind in kept if gets(contact, kind, is_primary=is_primary)],
    }


@csrf_exempt  # A mail program sends it, which knows no token of the page (RFC 8058).
@operation("GET", "POST", who=HOLDER)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Leave one kind of mail: by the button, or by a mail program at one click."""
    found = contact_links.read("unsubscribe", token)
    if found is None:
        return _dead(request)
    contact, kind = found
    if request.method == "POST":
        try:
            actions.leave_kind(Reader(contact), kind=kind)
        except Gone:
            return _dead(request)
    is_done = request.method == "POST" or kind in contact.declined
    return _page(request, "unsubscribe", contact, kind=LABELS[MailKind(kind)], is_done=is_done)
