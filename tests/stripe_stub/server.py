"""Over HTTP on the loopback: keys, faults, and what was asked."""

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.stripe_stub import routes
from tests.stripe_stub.forms import decode
from tests.stripe_stub.world import Effect, Problem, World

#: How long a key is remembered, in seconds of the world's clock.
REMEMBERED = 24 * 3_600
DROPPED = 0  # In place of a status: the connection ends without an answer.
Reply = tuple[int, dict[str, Any]]
#: What a fault can be. `before` and `after`: the effect; "hang" answers later than anybody waits.
FAULTS = (
    "refuse", "429", "500 before", "500 after", "drop before", "drop after", "hang before",
    "hang after",
)  # fmt: skip


@dataclass
class Fault:
    """A call that goes wrong, so many times."""

    call: str
    how: str
    left: int


@dataclass
class Kept:
    """An answer under an idempotency key; None while it is being made."""

    asked: tuple[str, str, str]
    at: int
    reply: Reply | None = None


@dataclass
class Server:
    """The account and its HTTP server. `calls`: every request, as "POST /v1/customers 200"."""

    world: World = field(default_factory=World)
    secret_key: str = "sk_test_0123456789abcdef"
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    keys: dict[str, Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        self.released = threading.Event()
        handler = type("Bound", (Handler,), {"stripe": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.base = self.world.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        self.http.shutdown()
        self.http.server_close()

    def fault(self, call: str, how: str, *, times: int = 1) -> None:
        """The next calls whose "POST /v1/…" this pattern is found in go wrong."""
        assert how in FAULTS, how
        self.faults.append(Fault(call, how, times))

    def heal(self) -> None:
        """No more faults; what hangs is let go."""
        self.faults.clear()
        self.released.set()
        self.released = threading.Event()

    def reply(self, method: str, path: str, text: str, key: str) -> Reply:
        """A status and a body, through the keys and the faults."""
        with self.lock:
            how, released = self._fault(f"{method} {path}"), self.released
            if how == "429":
                return 429, Problem(429, "Too many requests.", kind="rate_limit_error").body
            if how == "drop before":
                return DROPPED, {}
            kept = self._kept(method, path, text, key) if key else None
            if isinstance(kept, tuple):
                return kept
        if how == "hang before":
            released.wait(60)
        with self.lock:
            reply = self._run(method, path, text, key, how)
        if how == "hang after":
            released.wait(60)
        with self.lock:  # Until here the key was in use.
            self._keep(key, kept, *reply)
        return (DROPPED, {}) if how == "drop after" else reply

    def _kept(self, method: str, path: str, text: str, key: str) -> Kept | Reply:
        asked, known = (method, path, text), self.keys.get(key)
        if known is None or self.world.now - known.at >= REMEMBERED:
            self.keys[key] = Kept(asked, self.world.now)
            return self.keys[key]
        if known.asked != asked:
            message = "Keys for idempotent requests can only be used with the same parameters."
            return 400, Problem(400, message, kind="idempotency_error").body
        if known.reply is None:
            message = "There is currently another in-progress request using this Idempotent Key."
            return 409, Problem(409, message, code="idempotency_key_in_use").body
        return known.reply

    def _keep(self, key: str, kept: Kept | None, status: int, body: dict[str, Any]) -> None:
        """What was not begun is not kept: a request that was wrong."""
        if kept is not None and status in (400, 404):
            self.keys.pop(key, None)
        elif kept is not None:
            kept.reply = status, body

    def _run(self, method: str, path: str, text: str, key: str, how: str) -> Reply:
        broken = 500, Problem(500, "An unknown error occurred.", kind="api_error").body
        if how == "500 before":
            return broken
        if how == "refuse":
            return 402, Problem(402, "Your card was declined.", kind="card_error").body
        params = decode(text)
        try:
            body = routes.answer(self.world, method, path, params)
        except Problem as problem:
            return problem.status, problem.body
        if method != "GET" and not path.endswith("/create_preview"):
            made = Effect(f"{method} {path}", key, params, body.get("id", ""))
            self.world.effects.append(made)
        return broken if how == "500 after" else (200, body)

    def _fault(self, call: str) -> str:
        for fault in self.faults:
            if fault.left and re.search(fault.call, call):
                fault.left -= 1
                return fault.how
        return ""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    stripe: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # An answer in one piece: else each would wait for an acknowledgment.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/pages/"):
            self._page(parts.path)
        else:
            self._answer("GET", parts.path, parts.query)

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._answer("POST", self.path, text)

    def do_DELETE(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._answer("DELETE", urlsplit(self.path).path, text)

    def _answer(self, method: str, path: str, text: str) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.stripe.secret_key}":
            status, body = 401, Problem(401, "Invalid API Key provided.").body
        else:
            key = self.headers.get("Idempotency-Key", "") if method != "GET" else ""
            status, body = self.stripe.reply(method, path, text, key)
        self.stripe.calls.append(f"{method} {path} {status}")
        if status == DROPPED:
            self.close_connection = True
            return
        self._send(status, json.dumps(body).encode(), "application/json")

    def _page(self, path: str) -> None:
        """The hosted pages and the PDF; nobody signs in there."""
        kind = "application/pdf" if path.endswith("/pdf") else "text/html"
        text = f"%PDF-1.7\n% {path}\n" if path.endswith("/pdf") else f"<p>Stripe: {path}</p>"
        self._send(200, text.encode(), kind)

    def _send(self, status: int, body: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Request-Id", "req_0001")
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # They did not wait for it.
            self.close_connection = True

    def log_message(self, *_words: object) -> None:
        """Nothing."""
