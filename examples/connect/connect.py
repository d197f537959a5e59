"""Connect, an example of a product that signs people in through the portal (OpenID Connect).
Copy it: all that a product has to do is here, and docs/launching.md says more of each part."""

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, redirect, render_template, request, session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

#: The portal's address (the issuer), ours, and the two values that `forecourt client add` printed.
PORTAL, HERE = os.environ["PORTAL_URL"], os.environ["CONNECT_URL"]
CLIENT_ID, META = os.environ["CONNECT_CLIENT_ID"], f"{PORTAL}/.well-known/openid-configuration"
CLIENT = {"client_id": CLIENT_ID, "client_secret": os.environ["CONNECT_CLIENT_SECRET"]}
FRESH = timedelta(minutes=5)  # Then we ask the portal whether the person may still be here.
ASKED = {"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": 10}
OURS: Any = {"iss": {"value": PORTAL}, "aud": {"value": CLIENT_ID}}  # What every token has to say.
SIGNED_OUT = "http://schemas.openid.net/event/backchannel-logout"
HEADERS = {  # No script, no frame, nothing kept, and no address with a code in it told to others.
    "Content-Security-Policy": f"default-src 'none'; style-src 'self'; form-action 'self' {PORTAL}",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)  # Signs the cookie. Sessions do not outlive it either.
# A name of its own, since ports share cookies; "Strict" is not sent when the portal sends people back.
app.config.update(SESSION_COOKIE_NAME="connect", SESSION_COOKIE_SECURE=HERE.startswith("https:"))
app.config.update(SESSION_COOKIE_SAMESITE="Lax", MAX_CONTENT_LENGTH=64 * 1024)
app.after_request(lambda answer: answer.headers.update(HEADERS) or answer)
portal: Any = OAuth(app).register("portal", **CLIENT, client_kwargs=ASKED, server_metadata_url=META)


@dataclass
class Session:
    """That a person is signed in here, for one organization."""

    claims: dict[str, Any]
    tokens: dict[str, Any]
    looked_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    lock: Any = field(default_factory=Lock)


SESSIONS: dict[str, Session] = {}  # By the random key in a person's cookie; else in a database.
USED: set[str] = set()  # The logout tokens that we had.


@app.get("/")
def home():
    """Who is signed in, or the way to sign in."""
    return render_template("connect.html", mine=present())


@app.get("/sign-in")
def sign_in():
    """Where it begins: at our button, or in the portal (`iss`) for an organization (`login_hint`)."""
    if request.args.get("iss", PORTAL) != PORTAL:
        raise OAuthError("another_portal")
    more = {name: request.args[name] for name in ("login_hint", "prompt") if name in request.args}
    return portal.authorize_redirect(f"{HERE}/callback", **more)


@app.get("/callback")
def callback():
    """Where the portal sends people back, with a code or an error."""
    if request.args.get("iss") != PORTAL:  # RFC 9207: whoever answers has to be whom we asked.
        raise OAuthError("another_portal")
    # Authlib compares the state, redeems the code with PKCE's verifier, and checks the ID token.
    tokens = portal.authorize_access_token(claims_options=OURS, leeway=30)
    SESSIONS.pop(session.get("key", ""), None)
    session.clear()
    session["key"] = secrets.token_urlsafe(32)  # A new one, which nobody can have planted.
    SESSIONS[session["key"]] = Session(dict(tokens["userinfo"]), dict(tokens))
    return redirect(f"{HERE}/")


def present() -> Session | None:
    """This browser's session, as long as the portal says that it goes on."""
    key = session.get("key", "")
    if found := SESSIONS.get(key):
        with found.lock:  # A refresh token is good once: of two requests, one renews.
            if datetime.now(UTC) - found.looked_at > FRESH:
                try:
                    renew(found)
                except OAuthError:  # No seat any more, no member any more, signed out: it is over.
                    SESSIONS.pop(key, None)
    return SESSIONS.get(key)  # It can have been ended meanwhile.


def renew(found: Session) -> None:
    """Get new tokens, and what is true of the person now: their role can have changed."""
    asked = {"grant_type": "refresh_token", "refresh_token": found.tokens["refresh_token"]}
    found.tokens |= portal.fetch_access_token(**asked)
    claims = portal.userinfo(token=found.tokens)
    if claims["sub"] != found.claims["sub"]:
        raise OAuthError("another_person")
    found.claims, found.looked_at = {**found.claims, **claims}, datetime.now(UTC)


@app.post("/sign-out")
def sign_out():
    """Sign out here, then of the portal, which sends the person back to our first page."""
    mine = SESSIONS.pop(session.get("key", ""), None)
    session.clear()
    hint = {"id_token_hint": mine.tokens["id_token"]} if mine else {}
    return redirect(portal.create_logout_url(f"{HERE}/", client_id=CLIENT_ID, **hint)["url"])


@app.post("/back-channel-logout")
def back_channel_logout():
    """End at once what the portal says is signed out (Back-Channel Logout 1.0, 2.6)."""
    try:
        keys = KeySet.import_key_set(portal.fetch_jwk_set(force=True))
        token = jwt.decode(request.form["logout_token"], keys, algorithms=["RS256"])
        said, kind = token.claims, token.header.get("typ")
        jwt.JWTClaimsRegistry(leeway=30, **OURS).validate(said)
        name = "sid" if "sid" in said else "sub"
        is_whole = {"iss", "aud", "iat", "exp", "jti", "events", name} <= said.keys()
        if not is_whole or kind != "logout+jwt" or SIGNED_OUT not in said["events"]:
            raise ValueError("not a logout token")
        if "nonce" in said or said["jti"] in USED:
            raise ValueError("an ID token, or one that we had")
    except (JoseError, ValueError, TypeError):
        return "", 400
    USED.add(said["jti"])
    for key in [key for key, each in SESSIONS.copy().items() if each.claims[name] == said[name]]:
        SESSIONS.pop(key, None)
    return "", 200


@app.errorhandler(OAuthError)
@app.errorhandler(JoseError)
@app.errorhandler(RequestException)
def trouble(problem):
    """The portal says no, or what came is no answer to what this browser asked, or it is away."""
    is_away = isinstance(problem, RequestException)
    page = render_template("connect.html", problem=problem, is_away=is_away)
    return page, 503 if is_away else 400
