"""Mails that came back, read: reports of delivery (RFC 3464) and complaints (RFC 5965). What names no
mail of ours by its token, or is anything else, says nothing."""

import email
import email.policy
import logging
import re
from collections.abc import Iterator
from email.message import Message

from forecourt.core import fates
from forecourt.core.fates import Told
from forecourt.core.models import Mail

log = logging.getLogger(__name__)
#: Bytes of a mail that whoever takes it in hands over, and parts of it that are looked at.
LONGEST, MOST_PARTS = 1_000_000, 50
#: What of the mail that came back names it by a return address: where it was delivered to.
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
MESSAGE_ID = re.compile(rf"<({fates.TOKEN.pattern})@")
STATUS = re.compile(r"\s*([245])\.\d{1,3}\.\d{1,3}")


def read(raw: bytes) -> Told | None:
    """What this mail tells of one of ours; None where it tells nothing. Raises nothing, whatever
    somebody has sent."""
    try:
        # The older policy: the newer one parses every header, and stumbles over what is malformed.
        return _read(email.message_from_bytes(raw, policy=email.policy.compat32))
    except Exception as problem:
        log.warning("a mail that came back could not be read: %s", type(problem).__name__)
        return None


def _read(message: Message) -> Told | None:
    parts = list(_parts(message))
    token = _token(message, parts)
    if token is None or message.get_content_type() != "multipart/report":
        return None
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return _complaint(token, part)
        if part.get_content_type() == "message/delivery-status":
            return _bounce(token, part)
    return None


def _parts(message: Message) -> Iterator[Message]:
    """Its own parts, not what is inside of them."""
    inside = message.get_payload()
    if isinstance(inside, list):
        yield from (part for part in inside[:MOST_PARTS] if isinstance(part, Message))


def _groups(part: Message) -> list[Message]:
    """The groups of fields of a report."""
    return list(_parts(part))


def _bounce(token: str, part: Message) -> Told | None:
    for group in _groups(part):
        if _field(group, "Action").strip().lower() != "failed":
            continue
        status = STATUS.match(_field(group, "Status"))
        said = _field(group, "Diagnostic-Code").partition(";")[2] or _field(group, "Status")
        return Told(token, Mail.Status.BOUNCED, said, is_for_good=bool(status and status[1] == "5"))
    return None


def _complaint(token: str, part: Message) -> Told | None:
    for group in _groups(part):
        if _field(group, "Feedback-Type").strip().lower() == "abuse":
            return Told(token, Mail.Status.COMPLAINED)
    return None


def _token(message: Message, parts: list[Message]) -> str | None:
    """Whose token it carries: in the address it came to, or in what is left of our mail in it."""
    for name in ADDRESSED:
        for value in message.get_all(name, []):
            if found := fates.token_in(str(value)):
                return found
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            named = MESSAGE_ID.search(_message_id(part))
            if named:
                return named[1]
    return None


def _message_id(part: Message) -> str:
    if part.is_multipart():
        return "".join(_field(inside, "Message-ID") for inside in _parts(part))
    text = part.get_payload(decode=True)
    headers = text.decode(errors="replace") if isinstance(text, bytes) else ""
    return _field(email.message_from_string(headers), "Message-ID")


def _field(message: Message, name: str) -> str:
    return str(message.get(name) or "")
