"""How each kind of setting is read from its text; every reader raises BadSetting with one line."""

from __future__ import annotations

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from forecourt.billing import seller
from forecourt.config.bad_setting import BadSetting
from forecourt.config.mail_kinds import email, imap, webhook_secrets
from forecourt.people import providers
from forecourt.people.providers import IdentityProvider


def _text(text: str, name: str) -> str:
    return text


def _list(text: str, name: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _networks(text: str, name: str) -> list[Network]:
    try:
        return [ipaddress.ip_network(part) for part in _list(text, name)]
    except ValueError as problem:
        raise BadSetting(f"{name} is no list of networks: {problem}.") from None


def switch(text: str, name: str) -> bool:
    """On or off."""
    if text.lower() in ("on", "1", "true", "yes"):
        return True
    if text.lower() in ("off", "0", "false", "no"):
        return False
    raise BadSetting(f"{name} must be on or off.")


def _number(text: str, name: str, least: int = 0, most: int = 1_000_000) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BadSetting(f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _count(text: str, name: str) -> int:
    return _number(text, name, least=1)


def _days(text: str, name: str) -> int:
    return _number(text, name, most=90)


def _seller(text: str, name: str) -> dict[str, str]:
    try:
        return seller.parse(text)
    except ValueError as problem:
        raise BadSetting(f"{name}: {problem}") from None


def _rates(text: str, name: str) -> dict[str, Decimal]:
    try:
        return seller.rates(text)
    except ValueError as problem:
        raise BadSetting(f"{name}: {problem}") from None


def _prefix(text: str, name: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{1,10}", text):
        raise BadSetting(f"{name} must be 1 to 10 capital letters and digits.")
    return text


def _port(text: str, name: str) -> int:
    return _number(text, name, least=1, most=65535)


def _level(text: str, name: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise BadSetting(f"{name} must be DEBUG, INFO, WARNING or ERROR.")
    return text.upper()


def _zone(text: str, name: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise BadSetting(f"{name} is not a time zone: write it like Europe/Berlin.") from None
    return text


def _mailbox(text: str, name: str) -> str:
    address = parseaddr(text)[1]
    if (
        address.count("@") != 1
        or address.startswith("@")
        or address.endswith("@")
        or " " in address
    ):
        raise BadSetting(f"{name} is not an e-mail address: write it like help@example.com.")
    return text


def _bare_mailbox(text: str, name: str) -> str:
    """An address alone, to whose name a mail's token can be added."""
    address = _mailbox(text, name)
    if address != parseaddr(address)[1] or "+" in address or len(address.partition("@")[0]) > 30:
        raise BadSetting(
            f"{name} must be a plain address like bounces@example.com, with no + in it."
        )
    return address.lower()


def _web(text: str, name: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 -- raises when it is no number
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or " " in text:
        raise BadSetting(f"{name} is not a web address: write it like https://portal.example.com.")
    return parts


def _link(text: str, name: str) -> str:
    return _web(text, name).geturl()


def _service(text: str, name: str) -> str:
    """The address of somebody else's service; off: ""."""
    return "" if text.lower() == "off" else _web(text, name).geturl().rstrip("/")


def _origin(text: str, name: str) -> str:
    parts = _web(text, name)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting(
            f"{name} must end after the host: the portal needs a host name of its own."
        )
    # As browsers write it, in which the usual port is left out.
    usual = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}".lower()


def database(text: str, name: str) -> dict[str, Any]:
    """Django's description of the database; the message never shows what may be a password."""
    import psycopg.conninfo  # Here, for `forecourt --help` needs no driver.

    shape = f"{name} is not a PostgreSQL address: write it like postgresql://user:password@host:5432/name."
    if not text.startswith(("postgresql://", "postgres://")):
        raise BadSetting(shape)
    try:
        options: dict[str, Any] = dict(psycopg.conninfo.conninfo_to_dict(text))
    except psycopg.ProgrammingError:
        raise BadSetting(shape) from None
    if any(not port.isdigit() for port in str(options.get("port", "5432")).split(",")):
        raise BadSetting(shape)
    if not options.get("dbname"):
        raise BadSetting(
            f"{name} names no database: write it like postgresql://user:password@host:5432/name."
        )
    return {
        "ENGINE": "forecourt.core.db",
        "NAME": options.pop("dbname"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": str(options.pop("port", "")),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


def _providers(text: str, name: str) -> list[IdentityProvider]:
    try:
        return providers.parse(text)
    except ValueError as problem:
        raise BadSetting(f"{name}: {problem}") from None


def _store(text: str, name: str) -> str:
    """An absolute folder, or a bucket of S3 with the region or the endpoint it is at."""
    shape = f"{name} must be an absolute folder, or s3://bucket/prefix?region=… (or endpoint=…)."
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise BadSetting(shape) from None
    if not text.startswith("s3://"):
        if not Path(text).is_absolute():
            raise BadSetting(shape)
        return text
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]+", parts.netloc) or parts.fragment:
        raise BadSetting(shape)
    if {*options} - {"endpoint", "region"} or not all(options.values()):
        raise BadSetting(shape)
    if "endpoint" in options:
        _link(options["endpoint"], f"{name}: endpoint")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise BadSetting(f"{name} is in S3: install Forecourt with its extra s3.")
    return text


def _location(text: str, name: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9_-]+)+/", text):
        raise BadSetting(f"{name} is no location of a proxy: write it like /files/.")
    return text


def _stripe_key(text: str, name: str) -> str:
    if not re.fullmatch(r"[sr]k_(test|live)_\w+", text, re.ASCII):
        raise BadSetting(f"{name} is no key of Stripe: it begins with sk_ or rk_, test_ or live_.")
    return text


def _folder(text: str, name: str) -> Path:
    return Path(text).expanduser().absolute()


EMPTY: dict[str, Any] = {
    "list": [],
    "networks": [],
    "database": None,
    "imap": None,
    "webhook_secrets": [],
}
KINDS: dict[str, Callable[[str, str], Any]] = {
    "secret": _text,
    "text": _text,
    "list": _list,
    "networks": _networks,
    "switch": switch,
    "number": _number,
    "count": _count,
    "grace": _days,
    "days": _days,
    "seller": _seller,
    "rates": _rates,
    "prefix": _prefix,
    "port": _port,
    "level": _level,
    "zone": _zone,
    "mailbox": _mailbox,
    "bare_mailbox": _bare_mailbox,
    "link": _link,
    "service": _service,
    "origin": _origin,
    "database": database,
    "email": email,
    "imap": imap,
    "webhook_secrets": webhook_secrets,
    "folder": _folder,
    "store": _store,
    "location": _location,
    "stripe_key": _stripe_key,
    "providers": _providers,
}
