"""A small register of tax ids on loopback, which answers as VIES does, or as the test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def yes(path: str) -> dict[str, Any]:
    """What it says of a tax id that it knows."""
    return {"isValid": True, "userError": "VALID", "vatNumber": path.rpartition("/")[2]}


def no(path: str) -> dict[str, Any]:
    """... and of one that it does not."""
    return {"isValid": False, "userError": "INVALID", "vatNumber": path.rpartition("/")[2]}


class Register:
    """What it was asked, and what it answers: `answer(path)` is JSON, bytes, None for a closed
    connection, or bytes that come one after the other."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[str], Any] = yes
        self.status = 200
        self.headers: dict[str, str] = {}


@contextmanager
def running() -> Iterator[tuple[Register, str]]:
    """A register and its address."""
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            register.asked.append(self.path)
            answer = register.answer(self.path)
            if answer is None:
                return
            self.send_response(register.status)
            for name, value in register.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if isinstance(answer, Iterator):
                with suppress(OSError):  # Whoever asked has gone.
                    for part in answer:
                        self.wfile.write(part)
            else:
                text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.wfile.write(text)

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield register, f"http://127.0.0.1:{server.server_port}/rest-api"
    finally:
        server.shutdown()
        server.server_close()
