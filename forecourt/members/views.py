"""The door for people: the Members page and its dialogs."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecourt.core.errors import when
from forecourt.core.pages import dialog, render, see_other
from forecourt.core.refusals import Forbidden, Gone, Refused, TooMany
from forecourt.members import actions, listing, several
from forecourt.members.actions.invitations import manages
from forecourt.members.forms import InviteForm, RemoveForm, RoleForm, SeveralForm
from forecourt.members.models import Invitation
from forecourt.orgs.contacts import additional_contact
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission, Role
from forecourt.people.proof import require_fresh


@page(Permission.VIEW_MEMBERS)
def members(request: MemberRequest) -> HttpResponse:
    """Who is here, and who is invited."""
    context = {
        "page": listing.read(request.member, listing.Asked.from_query(request.GET)),
        "may_invite": request.member.may(Permission.INVITE_MEMBERS),
        "roles_table": listing.roles_table(),
    }
    return render(request, "members/members.html", context, block="list")


def blame(form: Form, refusal: Refused) -> None:
    """Show what an action refused at the field it belongs to, or above the form."""
    if isinstance(refusal, TooMany):
        form.add_error(None, ValidationError(when(refusal), code="too_many"))
        form.retry_after = refusal.seconds  # type: ignore[attr-defined]
    else:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


def _done(request: MemberRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return see_other(request, "members", slug=request.member.organization.slug)


def _confirm_admin(request: MemberRequest, roles: list[str]) -> None:
    """To invite somebody as Admin is as dangerous as to make somebody one (O26)."""
    if Role.ADMIN in roles and request.member.may(Permission.EDIT_MEMBERS):
        require_fresh(request)


@page(Permission.INVITE_MEMBERS, "GET", "POST")
def invite(request: MemberRequest) -> HttpResponse:
    """Invite one person."""
    may_choose = request.member.may(Permission.EDIT_MEMBERS)
    form = InviteForm(may_choose_role=may_choose)
    if request.method == "POST":
        form = InviteForm(request.POST, may_choose_role=may_choose)
        # Not the form's: whoever may not choose has no such field, and the action refuses them.
        role = request.POST.get("role") or Role.MEMBER
        if form.is_valid():
            _confirm_admin(request, [role])
            try:
                invited = actions.invite_member(
                    request.member, email=form.cleaned_data["email"], role=role
                )
                return _done(request, _("An invitation is on its way to %s.") % invited.email)
            except Refused as refusal:
                blame(form, refusal)
    return dialog(request, "members/invite.html", form=form, may_choose_role=may_choose)


@page(Permission.INVITE_MEMBERS, "GET", "POST")
def invite_several(request: MemberRequest) -> HttpResponse:
    """Show, line by line, what inviting several people would do. Writes nothing."""
    form, lines = _several(request)
    context = {
        "form": form,
        "lines": lines,
        "sendable": "\n".join(f"{x.email},{x.role}" for x in lines if x.will_invite),
        "count": sum(line.will_invite for line in lines),
        "may_choose_role": request.member.may(Permission.EDIT_MEMBERS),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "members/invite_several.html", context, status=status)


def _several(request: MemberRequest) -> tuple[SeveralForm, list[several.Line]]:
    may_choose = request.member.may(Permission.EDIT_MEMBERS)
    if request.method != "POST":
        return SeveralForm(may_choose_role=may_choose), []
    form = SeveralForm(request.POST, request.FILES, may_choose_role=may_choose)
    if form.is_valid():
        try:
            found = several.read(
                form.cleaned_data["text"],
                default_role=form.cleaned_data.get("role") or Role.MEMBER,
                may_choose_role=may_choose,
            )
            return form, several.preview(request.member.organization_id, found)
        except Refused as refusal:
            blame(form, refusal)
    return form, []


@page(Permission.INVITE_MEMBERS, "POST")
def send_several(request: MemberRequest) -> HttpResponse:
    """Send what the preview showed, with an outcome for every line."""
    form, lines = _several(request)
    if not form.is_valid():
        return render(
            request,
            "members/invite_several.html",
            {"form": form, "lines": [], "count": 0, "sendable": ""},
            status=422,
        )
    people = [(line.email, line.role) for line in lines if line.email]
    _confirm_admin(request, [role for _email, role in people])
    outcomes = actions.invite_several(request.member, people=people)
    sent = sum(outcome.sent for outcome in outcomes)
    context = {
        "lines": [
            {
                "number": number,
                "email": outcome.email,
                "verdict": outcome.sentence,
                "tone": "good" if outcome.sent else "warning",
            }
            for number, outcome in enumerate(outcomes, start=1)
        ],
        "summary": ngettext(
            "%(number)d invitation is on its way.", "%(number)d invitations are on their way.", sent
        )
        % {"number": sent},
    }
    return render(request, "members/invite_several_done.html", context)


@page(Permission.INVITE_MEMBERS, "POST")
def resend_invitation(request: MemberRequest, invitation_id: int) -> HttpResponse:
    """A new link; the one before is dead."""
    invitation = actions.resend_invitation(request.member, invitation_id=invitation_id)
    return _done(
        request, _("A new link is on its way to %s. The one before is dead.") % invitation.email
    )


@page(Permission.VIEW_MEMBERS, "GET", "POST")
def revoke_invitation(request: MemberRequest, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    if request.method == "POST":
        invitation = actions.revoke_invitation(request.member, invitation_id=invitation_id)
        return _done(request, _("The invitation of %s is revoked.") % invitation.email)
    found = request.member.organization.invitations.filter(
        pk=invitation_id, status=Invitation.Status.PENDING
    ).first()
    if found is None:
        raise Gone
    if not manages(request.member, found):
        raise Forbidden(Permission.MANAGE_INVITATIONS)
    return dialog(request, "members/revoke.html", invitation=found)


def person_of(request: MemberRequest, member_id: int) -> listing.Row:
    """A member of the organization, as the viewer sees them; raises Gone."""
    found = (
        request.member.organization.memberships.select_related("user", "organization")
        .filter(pk=member_id)
        .first()
    )
    if found is None:
        raise Gone
    return listing.Row(found, request.member)


@page(Permission.EDIT_MEMBERS, "GET", "POST")
def edit_member(request: MemberRequest, member_id: int) -> HttpResponse:
    """Change a member's role."""
    person = person_of(request, member_id)
    form = RoleForm(initial={"role": person.role, "was": person.role})
    if request.method == "POST":
        form = RoleForm(request.POST)
        if form.is_valid():
            try:
                actions.change_role(
                    request.member,
                    member_id=member_id,
                    role=form.cleaned_data["role"],
                    was=form.cleaned_data["was"] or None,
                )
                return _done(request, _("The role of %s is saved.") % person.label)
            except Refused as refusal:
                person = person_of(request, member_id)
                form = RoleForm({"role": form.cleaned_data["role"], "was": person.role})
                blame(form, refusal)
    return dialog(request, "members/edit.html", person=person, form=form)


@page(Permission.REMOVE_MEMBERS, "GET", "POST")
def remove_member(request: MemberRequest, member_id: int) -> HttpResponse:
    """Remove a member, after a question."""
    person = person_of(request, member_id)
    form = RemoveForm()
    if request.method == "POST":
        form = RemoveForm(request.POST)
        if form.is_valid():
            try:
                actions.remove_member(
                    request.member,
                    member_id=member_id,
                    remove_contact=form.cleaned_data["remove_contact"],
                )
                return _done(request, _("%s has no access any more.") % person.label)
            except Refused as refusal:
                blame(form, refusal)
    has_contact = additional_contact(person.member) is not None
    return dialog(request, "members/remove.html", person=person, form=form, has_contact=has_contact)


@page(Permission.LEAVE, "GET", "POST")
def leave(request: MemberRequest) -> HttpResponse:
    """Leave the organization, after a question."""
    form = Form()
    if request.method == "POST":
        form = Form(request.POST)
        form.is_valid()
        try:
            actions.leave(request.member)
            messages.success(request, _("You have left %s.") % request.member.organization.name)
            return see_other(request, "organizations")
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return dialog(request, "members/leave.html", form=form)
