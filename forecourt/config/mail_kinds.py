"""How the settings of mail are read from their text: by which way it leaves, and by which one it comes
back. No message shows what may be a password."""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from forecourt.config.bad_setting import BadSetting

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
#: Providers whose API we send by, and what each needs, under django-anymail's names for it: those that
#: give back our own name of a mail when they tell of its fate.
APIS = {
    "brevo": ("api_key",),
    "mailgun": ("api_key", "sender_domain", "webhook_signing_key"),
    "mailjet": ("api_key", "secret_key"),
    "postmark": ("server_token",),
    "sparkpost": ("api_key",),
}
FURTHER = {"api_url", "message_stream", "subaccount"}
SHORTEST = 16


def email(text: str, name: str) -> dict[str, Any]:
    """Django's settings for outgoing mail: by a mail server, or by a provider's API."""
    shape = f"{name} is not a mail server: write it like smtp+starttls://user:password@host:587."
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query))
        timeout = int(options.pop("timeout", "10"))
        if parts.scheme in APIS:
            return _api(parts, options, name) | {"EMAIL_TIMEOUT": timeout}
        port = parts.port or PORTS[parts.scheme]
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


def _api(parts: SplitResult, options: dict[str, str], name: str) -> dict[str, Any]:
    provider, needed = parts.scheme, APIS[parts.scheme]
    shape = f"{provider}:?" + "&".join(f"{each}=…" for each in needed)
    if parts.netloc or parts.path or {*needed} - {*options} or {*options} - {*needed, *FURTHER}:
        raise BadSetting(f"{name} by {provider} is written like {shape}.")
    return {
        "EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend",
        "PROVIDER": provider,
        "ANYMAIL": {f"{provider}_{each}".upper(): value for each, value in options.items()},
    }


def imap(text: str, name: str) -> dict[str, Any]:
    """A mailbox that is read."""
    shape = f"{name} is not a mailbox: write it like imaps://user:password@host/INBOX."
    try:
        parts = urlsplit(text)
        port = parts.port or {"imap": 143, "imaps": 993}[parts.scheme]
    except (ValueError, KeyError):
        raise BadSetting(shape) from None
    if not parts.hostname or not parts.username or not parts.password or " " in text:
        raise BadSetting(shape)
    return {
        "host": parts.hostname,
        "port": port,
        "is_encrypted": parts.scheme == "imaps",
        "user": unquote(parts.username),
        "password": unquote(parts.password),
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }


def webhook_secrets(text: str, name: str) -> list[str]:
    """What a provider names itself by when it tells something; two while one is being replaced."""
    found = [part.strip() for part in text.split(",") if part.strip()]
    for each in found:
        user, _colon, password = each.partition(":")
        if not user or len(password) < SHORTEST or not each.isascii():
            raise BadSetting(f"{name} must be user:password, the latter of 16 letters or more.")
    return found
