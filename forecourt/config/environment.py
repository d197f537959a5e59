"""Every setting of an installation, declared once and read from the environment."""

from __future__ import annotations

import secrets
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

REQUIRED = None  # The default of a setting that has none.


class BadSetting(Exception):
    """A setting is missing or cannot be understood; the message is one line for the operator."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, default as text (None: required), kind, and help."""

    name: str
    default: str | None
    kind: str
    help: str

    @property
    def attribute(self) -> str:
        """Its name in `Environment`."""
        return _ATTRIBUTES.get(self.name, self.name.lower())


_ATTRIBUTES = {
    "DATABASE_URL": "database",
    "DATABASE_OWNER_URL": "owner_database",
    "EMAIL_URL": "email",
    "FORECOURT_DATA": "data",
    "FORECOURT_DEMO": "demo",
}

# fmt: off
SETTINGS = (
    Setting("SECRET_KEY", REQUIRED, "secret", "Signs sessions and links; 32 characters or more, kept secret."),
    Setting("SECRET_KEY_FALLBACKS", "", "list", "Former values of SECRET_KEY that still hold, separated by commas."),
    Setting("DATABASE_URL", REQUIRED, "database", "PostgreSQL 16 or later: postgresql://user:password@host:5432/name."),
    Setting("DATABASE_OWNER_URL", "", "database", "The tables' owner, used by migrate only; empty: DATABASE_URL."),
    Setting("EMAIL_URL", REQUIRED, "email", "Outgoing mail: smtp+starttls://user:password@host:587, or smtps:// or smtp://."),
    Setting("MAIL_FROM", "", "mailbox", "The sender of every mail; empty: no-reply at the host of PUBLIC_URL."),
    Setting("PUBLIC_URL", REQUIRED, "origin", "The portal's address as people type it: https://portal.example.com."),
    Setting("VENDOR_NAME", "Forecourt", "text", "The vendor's name, on every page and in every mail."),
    Setting("SUPPORT_EMAIL", "", "mailbox", "Where people reach the vendor's people; empty: the address of MAIL_FROM."),
    Setting("HELP_URL", "", "link", "The vendor's help pages; empty: not shown."),
    Setting("COMMUNITY_URL", "", "link", "The vendor's community pages; empty: not shown."),
    Setting("TRUSTED_PROXIES", "0", "number", "How many proxies stand in front; their X-Forwarded-* is believed."),
    Setting("SIGN_UP", "on", "switch", "Whether people may make an account without an invitation: on or off."),
    Setting("SESSION_DAYS", "10", "count", "Days after which a person has to sign in again."),
    Setting("INVITATIONS_PER_HOUR_PERSON", "100", "count", "The most invitations that one person may send in an hour."),
    Setting("INVITATIONS_PER_HOUR_ORGANIZATION", "300", "count", "The most invitations of an organization in an hour."),
    Setting("TIME_ZONE", "UTC", "zone", "The time zone of dates on pages and in mails: Europe/Berlin."),
    Setting("LOG_LEVEL", "INFO", "level", "The least severe line that is logged: DEBUG, INFO, WARNING or ERROR."),
    Setting("HOST", "127.0.0.1", "text", "The network address that the web server listens on."),
    Setting("PORT", "8000", "port", "The port that the web server listens on."),
    Setting("WEB_WORKERS", "1", "count", "Processes of the web server; about one for each core."),
    Setting("WEB_THREADS", "4", "count", "Threads in each process of the web server."),
    Setting("WORKER_CONCURRENCY", "4", "count", "Jobs that one worker runs at the same time."),
    Setting("FORECOURT_DATA", "var", "folder", "The folder of the demo's database, key and mails."),
    Setting("FORECOURT_DEMO", "off", "switch", "Set by the demo and the tests alone: the sample world is allowed."),
)
# fmt: on


@dataclass(frozen=True)
class Environment:
    """The settings as values that Python can use; see `Setting.attribute`."""

    secret_key: str
    secret_key_fallbacks: list[str]
    database: dict[str, Any]
    owner_database: dict[str, Any] | None
    email: dict[str, Any]
    mail_from: str
    public_url: str
    vendor_name: str
    support_email: str
    help_url: str
    community_url: str
    trusted_proxies: int
    sign_up: bool
    session_days: int
    invitations_per_hour_person: int
    invitations_per_hour_organization: int
    time_zone: str
    log_level: str
    host: str
    port: int
    web_workers: int
    web_threads: int
    worker_concurrency: int
    data: Path
    demo: bool


def read(environ: Mapping[str, str]) -> Environment:
    """Read all settings; raises BadSetting with one clear line at the first that is wrong."""
    given = {setting.name: environ.get(setting.name, "").strip() for setting in SETTINGS}
    demo = _switch(given["FORECOURT_DEMO"] or "off", "FORECOURT_DEMO")
    if demo:  # The demo passes a key that it keeps; a test or a rule check may do with any.
        given["SECRET_KEY"] = given["SECRET_KEY"] or secrets.token_urlsafe(48)
    elif given["SECRET_KEY"] and len(given["SECRET_KEY"]) < 32:
        raise BadSetting("SECRET_KEY is too short: it needs 32 characters or more.")
    values = {setting.attribute: _parse(setting, given[setting.name]) for setting in SETTINGS}
    if not values["mail_from"]:
        values["mail_from"] = f"no-reply@{urlsplit(values['public_url']).hostname}"
    if not values["support_email"]:
        values["support_email"] = parseaddr(values["mail_from"])[1]
    return Environment(**values)


def _parse(setting: Setting, text: str) -> Any:
    if not text and setting.default is REQUIRED:
        raise BadSetting(f"{setting.name} is missing. {setting.help}")
    text = text or setting.default or ""
    if any(ord(character) < 32 for character in text):
        raise BadSetting(f"{setting.name} has a control character in it.")
    if not text:
        return _EMPTY.get(setting.kind, "")
    return _KINDS[setting.kind](text, setting.name)


def _text(text: str, name: str) -> str:
    return text


def _list(text: str, name: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _switch(text: str, name: str) -> bool:
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


def _origin(text: str, name: str) -> str:
    parts = _web(text, name)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting(
            f"{name} must end after the host: the portal needs a host name of its own."
        )
    return f"{parts.scheme}://{parts.netloc}".lower()


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


def _email(text: str, name: str) -> dict[str, Any]:
    """Django's settings for outgoing mail; the message never shows what may be a password."""
    shape = f"{name} is not a mail server: write it like smtp+starttls://user:password@host:587."
    ports = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
    try:
        parts = urlsplit(text)
        port = parts.port or ports[parts.scheme]
        timeout = int(dict(parse_qsl(parts.query)).get("timeout", "10"))
    except (ValueError, KeyError):
        raise BadSetting(shape) from None
    if not parts.hostname or parts.path.strip("/") or " " in text:
        raise BadSetting(shape)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_TIMEOUT": timeout,
    }


def _folder(text: str, name: str) -> Path:
    return Path(text).expanduser().absolute()


_EMPTY: dict[str, Any] = {"list": [], "database": None}
_KINDS: dict[str, Callable[[str, str], Any]] = {
    "secret": _text,
    "text": _text,
    "list": _list,
    "switch": _switch,
    "number": _number,
    "count": _count,
    "port": _port,
    "level": _level,
    "zone": _zone,
    "mailbox": _mailbox,
    "link": _link,
    "origin": _origin,
    "database": database,
    "email": _email,
    "folder": _folder,
}
