"""Browsers: what people call them, and which have signed in to an account before. That is a signed
cookie in the browser; a sign-in from another one is told to the account's person by mail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from forecourt.people.models import User

COOKIE = "__Host-device" if settings.SECURE else "device"
SALT = "people.devices"
KEPT = 365 * 24 * 60 * 60  # seconds
MOST = 10  # people who use one browser
DIGITS = 20


def _known(request: HttpRequest) -> list[str]:
    """Whom this browser has signed in, newest first, as marks that name nobody."""
    said = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=KEPT) or ""
    return [mark for mark in said.split(".") if mark]


def _mark(user: User) -> str:
    return salted_hmac(SALT, str(user.handle)).hexdigest()[:DIGITS]


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether this browser has signed in to this account within a year."""
    return _mark(user) in _known(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser carry that it has signed in to this account."""
    mark = _mark(user)
    marks = [mark, *(other for other in _known(request) if other != mark)][:MOST]
    response.set_signed_cookie(
        COOKIE,
        ".".join(marks),
        salt=SALT,
        max_age=KEPT,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_name(agent: str) -> str:
    """A name to begin with, from the browser's User-Agent: "Chrome on Linux"."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("My device")


def is_phone(agent: str) -> bool:
    """Whether it is a telephone or a tablet."""
    return any(sign in agent for sign in ("iPhone", "iPad", "Android", "Mobile"))
