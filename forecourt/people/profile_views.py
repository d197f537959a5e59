"""The door to a person's own account."""

from allauth.account.forms import AddEmailForm
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.core.pages import render, see_other
from forecourt.people import actions
from forecourt.people.actors import Person
from forecourt.people.gate import SignedInRequest, signed_in
from forecourt.people.profile import page
from forecourt.people.profile_forms import ProfileForm


def show(
    request: SignedInRequest, form: Form | None = None, adding: Form | None = None
) -> HttpResponse:
    """The page; with one of its forms as it was sent, if it has errors."""
    user = request.user
    known = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
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
    return show(request)


@signed_in("POST")
def save_profile(request: SignedInRequest) -> HttpResponse:
    """Change name, language and time zone."""
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return show(request, form)
    actions.change_profile(Person(request.user), **form.cleaned_data)
    messages.success(request, _("Your profile is saved."))
    return see_other(request, "profile")


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
