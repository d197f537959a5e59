"""The door for people: another name for the organization."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.account.naming_forms import NameForm
from forecourt.account.renaming import rename_organization
from forecourt.core.pages import dialog, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


@page(Permission.EDIT_SETTINGS, "GET", "POST")
def rename(request: MemberRequest) -> HttpResponse:
    """Change the name, and what the organization is called in addresses."""
    organization = request.member.organization
    form = NameForm(
        request.POST or None, initial={"name": organization.name, "slug": organization.slug}
    )
    if request.method == "POST" and form.is_valid():
        try:
            named = rename_organization(request.member, **form.cleaned_data)
            messages.success(request, _("The organization is called %s.") % named.name)
            return see_other(request, "account", slug=named.slug)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
    return dialog(request, "account/rename.html", form=form)
