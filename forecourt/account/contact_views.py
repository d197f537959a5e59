"""The door for people: the contacts of an organization, in dialogs of the Account page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.account import actions, contact_list
from forecourt.account.contact_forms import ContactForm, PrimaryForm
from forecourt.core.errors import when
from forecourt.core.pages import dialog, see_other
from forecourt.core.refusals import Forbidden, Gone, Refused, TooMany
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.models import Contact
from forecourt.orgs.permissions import Permission


def _blame(form: Form, refusal: Refused) -> None:
    if isinstance(refusal, TooMany):
        form.add_error(None, ValidationError(when(refusal), code="too_many"))
        form.retry_after = refusal.seconds  # type: ignore[attr-defined]
    else:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _done(request: MemberRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return see_other(request, "account", slug=request.member.organization.slug)


def _line_of(request: MemberRequest, contact_id: int) -> contact_list.Line:
    found = request.member.organization.contacts.filter(pk=contact_id).first()
    if found is None:
        raise Gone
    return contact_list.of(request.member.organization, found)


def _said(contact: Contact) -> dict[str, Any]:
    fields = ("name", "email", "phone", "language", "kinds")
    return {name: getattr(contact, name) for name in fields}


@page(Permission.EDIT_CONTACTS, "GET", "POST")
def add_contact(request: MemberRequest) -> HttpResponse:
    """Add a contact, with the kinds of mail that they get."""
    form = ContactForm()
    if request.method == "POST":
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                contact = actions.add_contact(request.member, **form.cleaned_data)
                return _done(request, _("%s is a contact now.") % contact.email)
            except Refused as refusal:
                _blame(form, refusal)
    return dialog(request, "account/contact.html", form=form, line=None)


@page(Permission.EDIT_CONTACTS, "GET", "POST")
def edit_contact(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Change an additional contact."""
    line = _line_of(request, contact_id)
    if line.is_primary:
        raise Forbidden(Permission.EDIT_PRIMARY)
    form = ContactForm(initial=_said(line.contact))
    if request.method == "POST":
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                actions.change_contact(request.member, contact_id=contact_id, **form.cleaned_data)
                return _done(request, _("The changes are saved."))
            except Refused as refusal:
                _blame(form, refusal)
    return dialog(request, "account/contact.html", form=form, line=line)


@page(Permission.EDIT_CONTACTS, "GET", "POST")
def remove_contact(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Delete an additional contact, after a question."""
    line, form = _line_of(request, contact_id), Form()
    if request.method == "POST":
        form = Form(request.POST)
        form.is_valid()
        try:
            actions.remove_contact(request.member, contact_id=contact_id)
            return _done(request, _("%s gets no more e-mails as a contact.") % line.label)
        except Refused as refusal:
            _blame(form, refusal)
    return dialog(request, "account/remove_contact.html", form=form, line=line)


@page(Permission.EDIT_PRIMARY, "GET", "POST")
def edit_primary(request: MemberRequest) -> HttpResponse:
    """Change the primary billing contact: their data, or who it is."""
    former = request.member.organization.primary_contact
    form = PrimaryForm(initial=_said(former))
    if request.method == "POST":
        form = PrimaryForm(request.POST)
        if form.is_valid():
            try:
                contact = actions.change_primary(request.member, **form.cleaned_data)
                said = _("The changes are saved.")
                if contact.pk != former.pk:
                    said = _("%s is the primary billing contact now.") % contact.email
                return _done(request, said)
            except Refused as refusal:
                _blame(form, refusal)
    return dialog(request, "account/primary.html", form=form, former=former)
