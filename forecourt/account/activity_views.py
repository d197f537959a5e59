"""The door for people: who did what, and that as a file."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from forecourt.account import activity, activity_exports
from forecourt.account.activity import Asked
from forecourt.account.activity_forms import ExportForm
from forecourt.core import exports
from forecourt.core.jinja import zone_of
from forecourt.core.models import Export
from forecourt.core.pages import dialog, progress, render, see_other
from forecourt.core.refusals import Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission


@page(Permission.VIEW_ACTIVITY)
def activity_page(request: MemberRequest) -> HttpResponse:
    """The audit log of the organization, as it is asked for."""
    found = activity.read(
        request.member.organization_id,
        _asked(request),
        before=request.GET.get("before"),
        after=request.GET.get("after"),
    )
    return render(request, "account/activity.html", {"page": found})


@page(Permission.VIEW_ACTIVITY, "GET", "POST")
def activity_exports_page(request: MemberRequest) -> HttpResponse:
    """Choose the form, and have what is filtered made a file."""
    asked, form = _asked(request), ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wanted = form.cleaned_data["file_type"]
            export = activity_exports.export_activity(request.member, asked=asked, form=wanted)
            slug = request.member.organization.slug
            return see_other(request, "activity_export", slug=slug, export_id=export.pk)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
    return dialog(request, "account/activity_export.html", form=form, asked=asked)


@page(Permission.VIEW_ACTIVITY)
def activity_export(request: MemberRequest, export_id: int) -> HttpResponse:
    """How far it is, and where it can be had."""
    export, slug = _export(request, export_id), request.member.organization.slug
    return progress(
        request,
        export,
        title=_("Activity"),
        counted=_("%(done)s of %(total)s events") % vars(export),
        here=reverse("activity_export", args=[slug, export_id]),
        back=(_("Activity"), reverse("activity", args=[slug])),
    )


@page(Permission.VIEW_ACTIVITY)
def activity_export_file(request: MemberRequest, export_id: int) -> HttpResponse:
    """The file."""
    export = _export(request, export_id)
    name = f"{_('Activity')} {export.created_at:%Y-%m-%d}.{export.form}"
    return exports.answer(export, name)


def _asked(request: MemberRequest) -> Asked:
    return Asked.from_query(request.GET, zone_of(request))


def _export(request: MemberRequest, export_id: int) -> Export:
    return exports.find(request.member.organization_id, activity_exports.KIND, export_id)
