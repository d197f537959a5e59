"""The door for staff to imports: files, what would become of them, and the invitations after it."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecourt.console import imports
from forecourt.console.gate import StaffRequest, page
from forecourt.console.import_forms import MOST_BYTES, SendForm, UploadForm
from forecourt.console.receiving import receiving
from forecourt.console.shell import render
from forecourt.console.transfer import actions, sending
from forecourt.core.pages import see_other
from forecourt.core.refusals import Refused
from forecourt.core.uploads import InMemory
from forecourt.orgs.staff_permissions import StaffPermission

IMPORT = StaffPermission.IMPORT_CUSTOMERS


class OfAnImport(InMemory):
    """Its files, as far as they are few enough."""

    most = MOST_BYTES


@receiving(IMPORT, "GET", "POST", into=OfAnImport)
def overview(request: StaffRequest) -> HttpResponse:
    """Upload files; the imports of the last days; who waits to be invited."""
    upload = UploadForm()
    if request.method == "POST":
        upload = UploadForm(request.POST, request.FILES)
        if upload.is_valid():
            made = actions.upload_import(request.at_work, content=upload.cleaned_data["customers"])
            return see_other(request, "console_import", import_id=made.pk)
    return _overview(request, upload, SendForm())


def _overview(request: StaffRequest, upload: UploadForm, send: SendForm) -> HttpResponse:
    context = {
        "upload": upload,
        "send": send,
        "imports": imports.recent(),
        "waiting": sending.waiting(),
    }
    status = 422 if upload.errors or send.errors else 200
    return render(request, "console/imports.html", context, status=status)


@page(IMPORT)
def one(request: StaffRequest, import_id: int) -> HttpResponse:
    """How far it is; then what would become of each line, or has."""
    found = imports.found(import_id)
    context = {"import": found, "page": imports.report(found, request.GET)}
    return render(request, "console/import.html", context, block="progress")


@page(IMPORT, "POST", fresh=True)
def start(request: StaffRequest, import_id: int) -> HttpResponse:
    """Write what was looked through."""
    try:
        actions.start_import(request.at_work, import_id=import_id)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    return see_other(request, "console_import", import_id=import_id)


@page(IMPORT, "POST")
def discard(request: StaffRequest, import_id: int) -> HttpResponse:
    """Forget the files."""
    try:
        actions.discard_import(request.at_work, import_id=import_id)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
        return see_other(request, "console_import", import_id=import_id)
    messages.success(request, _("It is discarded. What was written stays."))
    return see_other(request, "console_imports")


@page(IMPORT, "POST", fresh=True)
def send(request: StaffRequest) -> HttpResponse:
    """Send the invitations that are prepared now."""
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            number = sending.begin(
                per_minute=form.cleaned_data["per_minute"], staff_id=request.at_work.staff.pk
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            said = ngettext("%d invitation goes out.", "%d invitations go out.", number)
            messages.success(request, said % number)
            return see_other(request, "console_imports")
    return _overview(request, UploadForm(), form)
