"""The demo's mailbox: a real SMTP server whose mails are files in a folder."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

SHOWN = 200  # The newest mails are listed, the others stay in the folder.
ID = re.compile(r"[0-9]{19}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Mail:
    """A mail as the pages show it; `at` is when the server took it."""

    id: str
    to: str
    from_: str
    subject: str
    at: datetime
    text: str
    html: str
    links: list[str]

    @property
    def has_html(self) -> bool:
        """Whether there is a version with design."""
        return bool(self.html)


def store(folder: Path, content: bytes) -> str:
    """Keep a mail; returns its id. It is in the folder wholly or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mail_id = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
    unfinished = folder / f".{mail_id}"
    unfinished.write_bytes(content)
    unfinished.rename(folder / f"{mail_id}.eml")
    return mail_id


def newest(folder: Path) -> list[Mail]:
    """The newest mails, the newest first."""
    try:
        names = sorted((n for n in os.listdir(folder) if n.endswith(".eml")), reverse=True)
    except FileNotFoundError:
        return []
    found = (read(folder, name.removesuffix(".eml")) for name in names[:SHOWN])
    return [mail for mail in found if mail]


def read(folder: Path, mail_id: str) -> Mail | None:
    """One mail, or None where there is none of this id."""
    if not ID.fullmatch(mail_id):
        return None
    try:
        content = (folder / f"{mail_id}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, html = _body(message, "plain"), _body(message, "html")
    return Mail(
        id=mail_id,
        to=str(message["to"] or ""),
        from_=str(message["from"] or ""),
        subject=str(message["subject"] or ""),
        at=datetime.fromtimestamp(int(mail_id[:19]) / 1e9, UTC),
        text=text,
        html=html,
        links=links(text, html),
    )


def links(text: str, html: str) -> list[str]:
    """The web addresses in a mail, each once, in the order of reading."""
    collector = _Links()
    collector.feed(html)
    # A sentence may end right after an address; a full stop is no part of it.
    written = [found.rstrip(".,;:!?") for found in re.findall(r"https?://[^\s<>\"')\]]+", text)]
    return list(dict.fromkeys([*written, *collector.found]))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href") or ""
        if tag == "a" and target.startswith(("http://", "https://")):
            self.found.append(target)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    try:
        return str(part.get_content()) if part else ""
    except (LookupError, ValueError):  # A charset that nobody knows.
        return part.get_payload(decode=True).decode(errors="replace") if part else ""  # type: ignore[union-attr]


class Mailbox:
    """An SMTP server on a free port of this machine, in a thread; `url` is its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="mailbox", daemon=True)

    def start(self) -> None:
        """Take mails from now on; the port is open already."""
        self._thread.start()

    def stop(self) -> None:
        """End the server; the mails stay."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the mail, then say so; aiosmtpd calls this."""
        await asyncio.to_thread(store, self.folder, envelope.original_content)
        return "250 Stored"

    def _serve(self) -> None:
        from aiosmtpd.smtp import SMTP  # Here: the pages read mails without a server.

        asyncio.set_event_loop(self._loop)
        create = self._loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True, hostname="localhost"), sock=self._socket
        )
        server = self._loop.run_until_complete(create)
        self._loop.run_forever()
        server.close()
