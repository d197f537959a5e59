"""The gate's other half: how a visit opens an organization's pages to one of the staff, to be looked at
alone. Two walls: what is asked (GET, of the pages in LOOKED_AT), and the database, which writes nothing
meanwhile."""

from collections.abc import Callable

from django.contrib import messages
from django.db import InternalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from psycopg.errors import ReadOnlySqlTransaction

from forecourt.core import scope
from forecourt.core.pages import is_fragment, render
from forecourt.core.refusals import Forbidden
from forecourt.orgs import staff_networks
from forecourt.orgs.models import Staff
from forecourt.orgs.permissions import Permission
from forecourt.orgs.staff_permissions import may
from forecourt.orgs.visits import OnlyLooking, Visit, Visitor
from forecourt.people.proof import is_strong

#: Where a session keeps which visit it is on.
KEY = "orgs_visit"

#: What a visit opens, by the names of the addresses. A page that is in neither set stays shut.
LOOKED_AT = frozenset(
    """
    organization second_factor_required
    products versions release seats rotate_key
    members invite invite_several revoke_invitation edit_member remove_member reset_factor
    billing invoice billing_details correct_invoice invoice_exports invoice_export
    cancel_subscription change_seats
    account edit_primary add_contact edit_contact remove_contact rename_organization
    organization_mail activity activity_exports activity_export
    """.split()
)
#: What one can GET and a visit does not: it hands out files, opens products or other people's pages
#: in the customer's name, or is about a place that a visitor does not have.
KEPT_BACK = frozenset(
    """
    download_file download_link checksums license_file open_product leave
    invoice_pdf invoice_xml export_file activity_export_file
    pay_invoice method_set_up
    """.split()
)


def find(request: HttpRequest, slug: str) -> Visitor | None:
    """Whoever of the staff visits this organization, in this browser and now, with its scope opened;
    None for everybody else. A visit that may not go on is over for good."""
    pk = request.session.get(KEY)
    if pk is None:
        return None
    with scope.across_organizations("whether a visit goes on"):
        rows = Visit.going_on().select_related("organization")
        mine = rows.filter(pk=pk, by=request.user.pk or 0, session=request.session.session_key)
        visit = mine.first()
    if visit is None or not _may_go_on(request):
        del request.session[KEY]
        return None
    if visit.organization.slug != slug:
        return None
    scope.enter(visit.organization_id)
    return Visitor(visit, request.user)


def _may_go_on(request: HttpRequest) -> bool:
    """Whether the person is still one of the staff who may, at their place of work, in a session with
    a second factor."""
    if not staff_networks.reaches():
        return False
    duty = Staff.objects.filter(user_id=request.user.pk or 0).values_list("duty", flat=True).first()
    return duty is not None and may(duty, "start_visit") and is_strong(request)


def look(
    request: HttpRequest, visitor: Visitor, permission: Permission, view: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page as a member with the visitor's role sees it, or the one that says that a visit does
    not do this."""
    request.member, request.visit = visitor, visitor.visit  # type: ignore[attr-defined]
    name = request.resolver_match.view_name if request.resolver_match else ""
    if request.method not in ("GET", "HEAD") or name not in LOOKED_AT:
        return _only_looking(request)
    if not visitor.may(permission):
        raise Forbidden(permission)
    try:
        with scope.nothing_written():
            return view()
    except OnlyLooking:
        return _only_looking(request)
    except InternalError as problem:
        if not isinstance(problem.__cause__, ReadOnlySqlTransaction):
            raise
        return _only_looking(request)


def _only_looking(request: HttpRequest) -> HttpResponse:
    """Nothing was done. htmx shows no page that it is refused with: the page that one is on comes
    again (`page.js`), and says it."""
    if is_fragment(request):
        messages.error(request, _("You only look here: nothing was done."))
        return HttpResponse(status=403)
    return render(request, "orgs/only_looking.html", status=403)
