"""For which organization somebody signs in to a product, and whether they are asked first."""

from allauth.core.internal.httpkit import add_query_params
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from forecourt.core import scope
from forecourt.orgs.models import Membership
from forecourt.products.launching import handles
from forecourt.products.launching.asking import Asking
from forecourt.products.launching.standing import Standing
from forecourt.products.models import Launch, ProductClient


def launch_address(member: Membership, client: ProductClient) -> str:
    """Where the product begins signing this member in for this organization."""
    told = {"iss": settings.PUBLIC_URL, "login_hint": handles.make(member, client)}
    return add_query_params(client.launch_url, told)


def pick(
    request: HttpRequest, asked: Asking, places: list[Standing], chosen: str
) -> Standing | None:
    """The place that was chosen; where none was, the one that was opened from the portal, the one
    of this browser where nothing may be asked, or the only one there is. None: it is to be asked."""
    by_id = {each.member.organization_id: each for each in places}
    if chosen:
        return by_id.get(int(chosen)) if chosen.isascii() and chosen.isdigit() else None
    user_id = request.user.pk or 0
    if opened := handles.read(asked.login_hint, user_id, asked.client):
        return by_id.get(opened)
    if asked.is_silent and (last := _last_here(request, asked)):
        return by_id.get(last)
    usable = [each for each in places if each.is_good]
    return usable[0] if len(usable) == 1 and "select_account" not in asked.prompts else None


def _last_here(request: HttpRequest, asked: Asking) -> int | None:
    """The organization of this browser's present sign-in to the product."""
    return (
        _of_person(request, asked.client)
        .filter(session=request.session.session_key)
        .order_by("-pk")
        .values_list("organization_id", flat=True)
        .first()
    )


def wants_consent(request: HttpRequest, asked: Asking) -> bool:
    """Whether the person is asked before the product learns who they are: it is not the vendor's
    own, and they have not agreed to as much already; or it wants to be asked."""
    if asked.client.is_own:
        return False
    if "consent" in asked.prompts:
        return True
    agreed = _of_person(request, asked.client).values_list("scopes", flat=True)
    return not any({*asked.scopes} <= {*scopes.split()} for scopes in agreed)


def _of_person(request: HttpRequest, client: ProductClient):
    """The person's sign-ins to a product that go on, in all organizations (their own rows, which
    the session's query has opened)."""
    return Launch.objects.filter(user_id=request.user.pk or 0, client=client, ended_at=None)


def of_person(user_id: int) -> list[Launch]:
    """Where a person is signed in, newest first."""
    with transaction.atomic(), scope.person(user_id):
        rows = Launch.objects.select_related("client__client", "client__product", "organization")
        return list(rows.filter(user_id=user_id, ended_at=None).order_by("-pk")[:200])
