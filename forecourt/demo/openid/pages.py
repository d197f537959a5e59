"""The stand-ins' doors, as a WSGI application: the sign-in page for people, the rest for the
portal."""

from __future__ import annotations

import base64
import binascii
import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from forecourt.demo.openid.provider import Asked, Denied, Provider, Unwelcome

MOST = 100_000  # Bytes of a form.
STYLES = "/styles.css"
#: People to choose from besides those of the sample world: new to the portal.
NEWCOMERS = {
    "ada.new@example.com": "Ada Newell",
    "new.hire@acme.example": "Nia Hire",
    "kit.new@example.com": "Kit Harrow",
}
KNOWN = ("admin@acme.example", "member@acme.example", "both@example.com", "nobody@example.com")


@dataclass
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What came, read once."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    authorization: str


class Application:
    """Every provider of one server, each below the path of its issuer."""

    def __init__(self, providers: list[Provider]) -> None:
        self.providers = providers

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        try:
            answer = self._answer(_read(environ))
        except Unwelcome as problem:
            answer = _page("demo/openid/problem.html", 400, problem=str(problem))
        headers = {
            "Content-Type": answer.kind,
            "Content-Length": str(len(answer.body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": _policy(),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            **answer.headers,
        }
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", [*headers.items()])
        return [answer.body]

    def _answer(self, request: Request) -> Answer:
        if request.path == STYLES:
            return Answer(body=_styles(), kind="text/css; charset=utf-8")
        for provider in self.providers:
            address = urlsplit(provider.issuer)
            rest = request.path.removeprefix(address.path)
            # Another name for this machine would be somebody else's page that points at us.
            if rest != request.path and request.host == address.netloc:
                return self._serve(provider, rest, request)
        return _page("demo/openid/problem.html", 404, problem="There is no page at this address.")

    def _serve(self, provider: Provider, path: str, request: Request) -> Answer:
        match request.method, path:
            case "GET", "/.well-known/openid-configuration":
                return _json(provider.discovery())
            case "GET", "/keys":
                return _json(provider.keys())
            case "GET" | "POST", "/authorize":
                return _authorize(provider, request)
            case "POST", "/token":
                return _token(provider, request)
            case "GET" | "POST", "/userinfo":
                return _userinfo(provider, request)
        raise Unwelcome("There is no page at this address.")


def _authorize(provider: Provider, request: Request) -> Answer:
    """The page that asks who one is; its form comes back here, with the same query."""
    try:
        asked = provider.read(request.query)
    except Denied as problem:
        state = request.query.get("state", "")
        return _back(provider, state, error=problem.code, error_description=str(problem))
    if request.method == "GET":
        return _choice(provider, asked)
    if "cancel" in request.form:
        return _back(provider, asked.state, error="access_denied")
    email, name = request.form.get("email", "").strip(), request.form.get("name", "").strip()
    if chosen := request.form.get("person"):
        email, name = chosen, _people().get(chosen, "")
    before, at, after = email.partition("@")
    if not (before and at and after) or not email.isprintable() or len(email) > 254 or " " in email:
        return _choice(provider, asked, email=email, name=name, wrong=True)
    return _back(provider, asked.state, code=provider.grant(asked, email, name))


def _choice(
    provider: Provider, asked: Asked, email: str = "", name: str = "", wrong: bool = False
) -> Answer:
    page = _page(
        "demo/openid/sign_in.html",
        422 if wrong else 200,
        provider=provider,
        newcomers=NEWCOMERS,
        known={each: _people()[each] for each in KNOWN},
        portal=urlsplit(asked.redirect_uri).netloc,
        email=email or asked.hint,
        name=name,
        wrong=wrong,
    )
    # Browsers hold the whole way of a form against the policy, redirects too.
    parts = urlsplit(asked.redirect_uri)
    page.headers["Content-Security-Policy"] = _policy(f"{parts.scheme}://{parts.netloc}")
    return page


def _back(provider: Provider, state: str, **told: str) -> Answer:
    """To the client, at the only address that it has."""
    query = urlencode(provider.answer(state, told))
    return Answer(303, headers={"Location": f"{provider.redirect_uri}?{query}"})


def _token(provider: Provider, request: Request) -> Answer:
    client = request.form.get("client_id", ""), request.form.get("client_secret", "")
    try:
        return _json(provider.redeem(request.form, _basic(request.authorization) or client))
    except Denied as problem:
        return _denial(problem, 401 if problem.code == "invalid_client" else 400)


def _userinfo(provider: Provider, request: Request) -> Answer:
    scheme, _space, token = request.authorization.partition(" ")
    try:
        return _json(provider.userinfo(token if scheme.lower() == "bearer" else ""))
    except Denied as problem:
        answer = _denial(problem, 401)
        answer.headers["WWW-Authenticate"] = f'Bearer error="{problem.code}"'
        return answer


def _basic(header: str) -> tuple[str, str] | None:
    """Id and secret of HTTP's basic authentication; None without it (RFC 6749, 2.3.1)."""
    scheme, _space, packed = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _colon, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(name), unquote_plus(secret)


def _denial(problem: Denied, status: int) -> Answer:
    return _json({"error": problem.code, "error_description": str(problem)}, status)


def _json(content: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(content).encode(), "application/json")


def _page(template: str, status: int, **values: Any) -> Answer:
    html = _templates().get_template(template).render(styles=STYLES, **values)
    return Answer(status, html.encode())


def _policy(leads_to: str = "") -> str:
    return (
        f"default-src 'none'; style-src 'self'; form-action 'self' {leads_to}".strip()
        + "; frame-ancestors 'none'; base-uri 'none'"
    )


def _read(environ: dict[str, Any]) -> Request:
    if environ.get("CONTENT_LENGTH"):
        length = int(environ["CONTENT_LENGTH"]) if environ["CONTENT_LENGTH"].isdigit() else MOST + 1
        if length > MOST:
            raise Unwelcome("The form is too long.")
        body = environ["wsgi.input"].read(length)
    else:
        body = b""
    return Request(
        method=environ["REQUEST_METHOD"],
        host=environ.get("HTTP_HOST", ""),
        path=environ.get("PATH_INFO", ""),
        query=_pairs(environ.get("QUERY_STRING", "")),
        form=_pairs(body.decode(errors="replace")),
        authorization=environ.get("HTTP_AUTHORIZATION", ""),
    )


def _pairs(text: str) -> dict[str, str]:
    """Names and values; a name that comes twice is refused (RFC 6749, 3.1)."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise Unwelcome("The request cannot be understood.") from None
    if len(dict(pairs)) < len(pairs):
        raise Unwelcome("The request says something twice.")
    return dict(pairs)


def _people() -> dict[str, str]:
    """Everybody who can be chosen, by address."""
    from forecourt.demo.world import PEOPLE  # Here: it needs Django, and the server does not.

    return {**PEOPLE, **NEWCOMERS}


@functools.cache
def _templates() -> Any:
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=jinja2.StrictUndefined,
    )
    found.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return found


@functools.cache
def _styles() -> bytes:
    """The portal's own pieces, and what makes a stand-in look like one."""
    from forecourt.core import assets

    own = Path(__file__).parent.parent / "static/openid.css"
    return f"{assets.styles(left_out=set())}\n{own.read_text()}".encode()
