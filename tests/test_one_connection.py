"""A connection that serves one person after the other keeps nothing of the one before.

Django's test client never gives its connection back to the pool, so these requests go through the
WSGI handler, on a pool of one.
"""

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.urls import path

from forecourt.config import urls as roof
from forecourt.core import scope
from forecourt.core.db import base
from forecourt.orgs.gate import page
from forecourt.orgs.permissions import Permission
from tests.test_walls import count, rows, tables


def count_everything(request) -> JsonResponse:
    """What an anonymous page would see, and on which connection."""
    (pid, setting, person) = rows(
        "select pg_backend_pid(), current_setting('forecourt.organization', true),"
        " current_setting('forecourt.user', true)"
    )[0]
    seen = sum(count(table) for table in tables())
    return JsonResponse({"pid": pid, "scope": f"{setting}{person}", "rows": seen})


@page(Permission.VIEW_MEMBERS)
def broken_python(request) -> HttpResponse:
    raise ZeroDivisionError


@page(Permission.VIEW_MEMBERS)
def broken_sql(request) -> HttpResponse:
    with transaction.atomic(), scope.organization(request.member.organization_id):
        rows("select 1 / 0")
    raise AssertionError


@page(Permission.VIEW_MEMBERS)
def open_transaction(request) -> HttpResponse:
    connection.set_autocommit(False)
    return HttpResponse(str(request.member.organization.memberships.count()))


urlpatterns = [
    path("o/<slug:slug>/python/", broken_python),
    path("o/<slug:slug>/sql/", broken_sql),
    path("o/<slug:slug>/transaction/", open_transaction),
    path("count/", count_everything),
    *roof.urlpatterns,
]
handler400, handler403, handler404 = roof.handler400, roof.handler403, roof.handler404
handler500 = roof.handler500


def through_wsgi(method: str, address: str, cookie: str = "", **form) -> tuple[int, bytes]:
    """A request as the web server makes it, the answer closed at its end."""
    made = getattr(RequestFactory(), method)(address, form)
    made.environ["HTTP_COOKIE"] = cookie
    status = []
    response = WSGIHandler()(made.environ, lambda line, _headers: status.append(line))
    body = b"".join(response)
    response.close()
    return int(status[0].split()[0]), body


@pytest.fixture(autouse=True)
def a_request_leaves_no_scope():
    """Not here: the pool alone is looked at."""


@pytest.fixture
def alone(committed_world, browser, settings):
    """A pool of one connection, and the cookie of Acme's Member."""
    settings.ROOT_URLCONF = __name__
    member = browser("member@acme.example")
    connection.close()
    connection.close_pool()
    options = connection.settings_dict["OPTIONS"]
    before, options["pool"] = options["pool"], {**options["pool"], "max_size": 1}
    yield f"session={member.cookies['session'].value}"
    connection.close()
    connection.close_pool()
    options["pool"] = before


WAYS = [
    ("get", "/o/acme/members/", 200),
    ("get", "/o/globex/members/", 404),
    ("get", "/o/acme/members/1/role/", 403),
    ("get", "/o/acme/python/", 500),
    ("get", "/o/acme/sql/", 500),
    ("get", "/o/acme/transaction/", 200),
]


@pytest.mark.parametrize(("method", "address", "status"), WAYS)
def test_the_next_request_finds_no_scope(alone, method, address, status):
    assert through_wsgi(method, address, alone)[0] == status
    first = through_wsgi("get", "/count/")
    assert first[0] == 200
    assert b'"scope": ""' in first[1] and b'"rows": 0' in first[1], first
    assert through_wsgi(method, address, alone)[0] == status
    assert through_wsgi("get", "/count/") == first  # on the same connection


def test_it_finds_none_after_an_action_or_a_refusal_either(alone):
    token, here = "x" * 32, "/o/acme/members/invitations/"
    for email, status in (("new@acme.example", 303), ("not an address", 422)):
        form = {"email": email, "csrfmiddlewaretoken": token}
        assert through_wsgi("post", here, f"{alone}; csrf={token}", **form)[0] == status
        assert b'"rows": 0' in through_wsgi("get", "/count/")[1]


def test_without_the_pools_check_this_would_leak(alone, monkeypatch):
    def only_ask(asked: psycopg.Connection) -> None:
        asked.execute("")

    monkeypatch.setattr(base, "check", only_ask)
    assert through_wsgi("get", "/o/acme/members/", alone)[0] == 200
    assert b'"rows": 0' not in through_wsgi("get", "/count/")[1]
