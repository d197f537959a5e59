"""The mailbox that bounces come to, read over IMAP."""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from forecourt.core.bounces import LONGEST

TIMEOUT = 20
#: Mails that are read at one time; the others wait for the next.
AT_ONCE = 200


def empty(at: dict[str, Any], use: Callable[[bytes], object]) -> int:
    """Hand each unread mail of the mailbox `at` to `use`, then delete it; returns how many. What `use`
    raises leaves that mail and the following unread. Raises OSError or imaplib's error where the
    mailbox cannot be read."""
    with _opened(at) as box:
        ids = (_done(box.uid("search", "UNSEEN"))[0] or b"").split()[:AT_ONCE]
        for each in ids:
            number = each.decode()
            use(_begin_of(box, number))
            _done(box.uid("store", number, "+FLAGS.SILENT", r"(\Seen \Deleted)"))
        if ids:
            box.expunge()
        return len(ids)


def _begin_of(box: imaplib.IMAP4, number: str) -> bytes:
    """A mail, as far as it is looked at; it stays unread."""
    answer = _done(box.uid("fetch", number, f"(BODY.PEEK[]<0.{LONGEST}>)"))
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the server answered to what it has done."""
    status, lines = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the mailbox said {status}")
    return lines


@contextmanager
def _opened(at: dict[str, Any]) -> Iterator[imaplib.IMAP4]:
    box: imaplib.IMAP4
    if at["is_encrypted"]:
        context = ssl.create_default_context()
        box = imaplib.IMAP4_SSL(at["host"], at["port"], ssl_context=context, timeout=TIMEOUT)
    else:
        box = imaplib.IMAP4(at["host"], at["port"], timeout=TIMEOUT)
    with box:
        box.login(at["user"], at["password"])
        _done(box.select(_quoted(at["folder"])))
        yield box


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
