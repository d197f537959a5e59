"""The gate before every page of the console."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from forecourt.console.actors import AtWork
from forecourt.core.pages import View, operation, see_other
from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Forbidden, Gone
from forecourt.orgs import staff_networks
from forecourt.orgs.models import Staff
from forecourt.orgs.staff_permissions import StaffPermission
from forecourt.people.gate import SignedInRequest, to_sign_in
from forecourt.people.proof import is_strong, require_fresh


class StaffRequest(SignedInRequest):
    """A request of the vendor's staff, as a view behind `page` gets it."""

    at_work: AtWork


def _look_up(user_id: int):
    return Staff.objects.select_related("user").filter(user_id=user_id)


find = Prepared(_look_up, user_id=-1)


def page(
    permission: StaffPermission, *methods: str, fresh: bool = False, any_session: bool = False
) -> Callable[[View], View]:
    """A view of the console. From elsewhere than the staff's networks: 404; not signed in: to
    sign-in; not staff: 404, as if there were no console; a session without a second factor: to where
    that can be mended (unless `any_session`); without the permission: 403; `fresh`: they proved
    within the last minutes who they are (O26)."""

    def decorate(view: View) -> View:
        @operation(*(methods or ("GET",)), who=permission)
        @wraps(view)
        def run(request: HttpRequest, **keywords: Any) -> HttpResponse:
            if not staff_networks.reaches():
                raise Gone
            if not request.user.is_authenticated:
                return to_sign_in(request)
            found = find(user_id=request.user.pk)
            if not found:
                raise Gone
            staff = found[0]
            if not any_session and not is_strong(request):
                return see_other(request, "console_second_factor")
            actor = AtWork(staff)
            if not actor.may(permission):
                raise Forbidden(permission)
            if fresh:
                require_fresh(request)
            request.at_work = actor  # type: ignore[attr-defined]
            return view(request, **keywords)

        return run

    return decorate
