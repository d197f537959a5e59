"""The door to a person's own account."""

from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows import manage_email
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, render, see_other
from forecourt.core.refusals import Gone
from forecourt.people import actions
from forecourt.people.actors import Person
from forecourt.people.gate import SignedInRequest, signed_in
from forecourt.people.profile import page
from forecourt.people.profile_forms import ProfileForm


def _page(request: SignedInRequest, form: Form | None = None, adding: Form | None = None):
    user = request.user
    known = {"name": user.name, "time_zone": user.time_zone}
    context = {
        **page(request, user),
        "form": form or ProfileForm(initial=known),
        "adding": adding or AddEmailForm(user=user),
    }
    status = 422 if form or adding else 200
    return render(request, "people/profile.html", context, status=status)


@signed_in("GET")
def profile(request: SignedInRequest) -> HttpResponse:
    """Everything about one's own account."""
    return _page(request)


@signed_in("POST")
def save_profile(request: SignedInRequest) -> HttpResponse:
    """Change name and time zone."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    actions.change_profile(Person(request.user), **form.cleaned_data)
    messages.success(request, _("Your profile is saved."))
    return see_other(request, "profile")


@signed_in("POST", fresh=True)
def add_address(request: SignedInRequest) -> HttpResponse:
    """Add an e-mail address; it counts once its code was entered."""
    form = AddEmailForm(user=request.user, data=request.POST)
    if not form.is_valid():
        return _page(request, adding=form)
    manage_email.add_email(request, form)
    return see_other(request, "account_email_verification_sent")


def _mine(request: SignedInRequest, address_id: int) -> EmailAddress:
    found = EmailAddress.objects.filter(user=request.user, pk=address_id).first()
    if found is None:
        raise Gone
    return found


@signed_in("POST", fresh=True)
def make_primary(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Make a confirmed address the one that mail goes to; the one before is told."""
    manage_email.mark_as_primary(request, _mine(request, address_id))
    return see_other(request, "profile")


@signed_in("GET", "POST", fresh=True)
def remove_address(request: SignedInRequest, address_id: int) -> HttpResponse:
    """Ask, then take an address off the account."""
    address = _mine(request, address_id)
    if request.method == "POST":
        manage_email.delete_email(request, address)
        return see_other(request, "profile")
    return dialog(request, "people/remove_address.html", address=address)


@signed_in("POST")
def end_session(request: SignedInRequest, mark: str) -> HttpResponse:
    """End one of one's sessions."""
    actions.end_session(Person(request.user), mark=mark)
    messages.success(request, _("The session is ended."))
    return see_other(request, "profile")


@signed_in("POST")
def end_other_sessions(request: SignedInRequest) -> HttpResponse:
    """End every session but this one."""
    key = request.session.session_key or ""
    actions.end_sessions_but(Person(request.user), key=key)
    messages.success(request, _("Every other session is ended."))
    return see_other(request, "profile")
