"""The door to what a person can do with their account as a whole: take its data, delete it."""

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from forecourt.core.pages import dialog, see_other
from forecourt.core.refusals import Refused
from forecourt.members import actions
from forecourt.members.departing import Departing, ties_of
from forecourt.members.forms import DeleteAccountForm
from forecourt.members.views import blame
from forecourt.people.actors import Person
from forecourt.people.gate import SignedInRequest, signed_in


@signed_in("GET", "POST", fresh=True)
def delete_account(request: SignedInRequest) -> HttpResponse:
    """Delete one's account, after a question that wants an answer."""
    form = DeleteAccountForm()
    if request.method == "POST":
        form = DeleteAccountForm(request.POST)
        if form.is_valid():
            try:
                actions.delete_account(Departing(request.user), typed=form.cleaned_data["email"])
                return _goodbye(request)
            except Refused as refusal:
                blame(form, refusal)
    ties = ties_of(request.user.pk)
    return dialog(request, "members/delete_account.html", form=form, ties=ties)


def _goodbye(request: SignedInRequest) -> HttpResponse:
    """To the sign-in page. Not by signing out, which would be noted in the name of nobody."""
    request.session.flush()
    request.user = AnonymousUser()  # type: ignore[assignment]
    messages.success(request, _("Your account is deleted."))
    return see_other(request, "account_login")


@signed_in("GET", fresh=True)
def export_account(request: SignedInRequest) -> HttpResponse:
    """All that the portal holds about a person, as a file for them."""
    document = actions.export_account(Person(request.user))
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="account-{localdate()}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
