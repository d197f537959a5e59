"""The floor: a bare Django project on the same interpreter, server and database.

`/bare` is B, `/hash` checks a password as the portal keeps them, `/list` is a signed-in page of 25
rows; these two keep the measure of memory honest. `/file` is a large file.
"""

# ruff: noqa: E402 - what needs Django set up is imported after it
from __future__ import annotations

import os
from pathlib import Path
from wsgiref.util import FileWrapper

import django
from django.conf import settings

from forecourt.config.environment import database

TEMPLATES = Path(__file__).parent / "templates"
PASSWORD = "correct horse battery staple"

settings.configure(
    DEBUG=False,
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {
            **database(os.environ["BARE_DATABASE_URL"], "BARE_DATABASE_URL"),
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": None,
        }
    },
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [TEMPLATES]},
    ],
    PASSWORD_HASHERS=["forecourt.people.passwords.Argon2"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

HASHED = make_password(PASSWORD)


def bare(request: HttpRequest) -> HttpResponse:
    """Nothing but Django."""
    return HttpResponse("hello")


@csrf_exempt
def hashed(request: HttpRequest) -> HttpResponse:
    """One password checked."""
    return HttpResponse(str(check_password(PASSWORD, HASHED)))


def listing(request: HttpRequest) -> HttpResponse:
    """Session, person, and 25 rows in Jinja2."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    rows = list(User.objects.order_by("pk")[:25])
    return render(request, "list.html", {"rows": rows})


urlpatterns = [path("bare", bare), path("hash", hashed), path("list", listing)]


def prepare() -> str:
    """Make the tables, a person and a session; answers the session's key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    users = [User(username=f"u{n}", email=f"u{n}@example.com", password="!") for n in range(25)]
    User.objects.bulk_create(users)
    session = SessionStore()
    session[SESSION_KEY] = str(users[0].pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = users[0].get_session_auth_hash()
    session.save()
    return session.session_key


if __name__ == "__main__":
    print(prepare())
else:
    from django.core.wsgi import get_wsgi_application

    _django = get_wsgi_application()

    def application(environ, start_response):  # type: ignore[no-untyped-def]
        """Django; and beside it a file, sent with nothing but WSGI's own wrapper."""
        if environ["PATH_INFO"] != "/file":
            return _django(environ, start_response)
        path = os.environ["BARE_FILE"]
        start_response("200 OK", [("Content-Length", str(os.path.getsize(path)))])
        wrapper = environ.get("wsgi.file_wrapper", FileWrapper)
        return wrapper(open(path, "rb", buffering=0), int(environ["QUERY_STRING"]))
