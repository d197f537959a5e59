"""One request, with its answer as it went over the wire."""

from __future__ import annotations

import http.client
from dataclasses import dataclass


@dataclass
class Answer:
    """Status, headers by lower-case name, and the body as it was sent (maybe compressed)."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def coding(self) -> str:
        """How the body is compressed; empty: not."""
        return self.headers.get("content-encoding", "")


def fetch(
    port: int,
    path: str,
    headers: dict[str, str] | None = None,
    *,
    method: str = "GET",
    body: str | None = None,
) -> Answer:
    """Ask once, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())
    finally:
        connection.close()
