"""The door to the e-mail addresses of one's account."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows import manage_email
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, operation, render, see_other
from forecourt.core.refusals import Forbidden, Gone, Refused, TooMany
from forecourt.people import actions
from forecourt.people.accounts import verified_account
from forecourt.people.actions.addresses import SALT
from forecourt.people.actors import Person
from forecourt.people.gate import SignedInRequest, signed_in
from forecourt.people.models import User
from forecourt.people.profile_views import show

#: How long a former primary address can take the account back.
OBJECTION = dt.timedelta(hours=72)


@signed_in("POST", fresh=True)
def add_address(request: SignedInRequest) -> HttpResponse:
    """Add an e-mail address; it counts once its code was entered."""
    form = AddEmailForm(user=request.user, data=request.POST)
    if not form.is_valid():
        return show(request, adding=form)
    if not ratelimit.consume(request, action="manage_email", user=request.user):
        again = timezone.now() + dt.timedelta(minutes=1)
        raise TooMany(_("Too many codes were mailed for you just now."), again_at=again)
    if verified_account(form.cleaned_data["email"]) is None:
        manage_email.add_email(request, form)
    else:
        _pretend(request, form.cleaned_data["email"])
    return see_other(request, "account_email_verification_sent")


def _pretend(request: SignedInRequest, email: str) -> None:
    """Somebody else has the address: only its owner learns that, by a mail without a code."""
    state = EmailVerificationProcess.initial_state(request.user, email)
    process = EmailVerificationProcess(request=request, user=request.user, state=state)
    process.state["account_already_exists"] = True
    process.generate_code()
    process.send()
    process.persist()


@signed_in("GET", "POST", fresh=True)
def make_primary(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Ask, then have mail go to another proved address; the one before is told."""
    said = _("Mail goes to %s from now on.")
    do = partial(actions.make_primary, follow="follow" in request.POST)
    return _ask(request, address_id, "people/make_primary.html", do, said)


@signed_in("GET", "POST", fresh=True)
def remove_address(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Ask, then take an address off the account."""
    said = _("%s is removed.")
    return _ask(request, address_id, "people/remove_address.html", actions.remove_address, said)


def _ask(
    request: SignedInRequest, address_id: int, page: str, do: Callable[..., None], said: str
) -> HttpResponse:
    """The dialog, and what its button does to the address."""
    address = EmailAddress.objects.filter(user=request.user, pk=address_id).first()
    if address is None:
        raise Gone
    if request.method != "POST":
        return dialog(request, page, address=address)
    try:
        do(Person(request.user), address_id=address_id)
    except Refused as refusal:
        shown = {"address": address, "refusal": str(refusal)}
        return render(request, page, shown, block="dialog", status=422)
    messages.success(request, said % address.email)
    return see_other(request, "profile")


@operation("GET", "POST", who="whoever holds the link")
def revert_address(request: HttpRequest, token: str) -> HttpResponse:
    """ "This was not me", from the mail to a former primary address: looking changes nothing."""
    try:
        person_id, email, address_id = signing.loads(token, salt=SALT, max_age=OBJECTION)
    except signing.BadSignature:
        return _dead(request)
    user = User.objects.filter(pk=person_id).first()
    if user is None or user.email == email:
        return _dead(request)
    if request.method == "POST":
        try:
            actions.restore_address(Person(user), email=email, address_id=address_id)
        except (Forbidden, Gone):
            return _dead(request)
        return render(request, "people/address_restored.html", {"email": email})
    return render(request, "people/revert_address.html", {"email": email, "now": user.email})


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "people/revert_dead.html", status=404)
