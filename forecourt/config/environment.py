"""Every setting of an installation, declared once and read from the environment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from forecourt.config.bad_setting import BadSetting
from forecourt.config.kinds import EMPTY, KINDS, Network, database, switch
from forecourt.people.providers import IdentityProvider

__all__ = ["SETTINGS", "BadSetting", "Environment", "Setting", "database", "read"]

VIES = "https://ec.europa.eu/taxation_customs/vies/rest-api"
REQUIRED = None  # The default of a setting that has none.


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
    Setting("MAIL_WEBHOOK_SECRET", "", "webhook_secrets", "user:password by which a mail provider tells of bounces."),
    Setting("BOUNCE_ADDRESS", "", "bare_mailbox", "Where undeliverable mails come back to; empty: MAIL_FROM."),
    Setting("BOUNCE_MAILBOX", "", "imap", "That mailbox, to be read: imaps://user:password@host/INBOX; empty: not."),
    Setting("MAIL_FROM", "", "mailbox", "The sender of every mail; empty: no-reply at the host of PUBLIC_URL."),
    Setting("PUBLIC_URL", REQUIRED, "origin", "The portal's address as people type it: https://portal.example.com."),
    Setting("VENDOR_NAME", "Forecourt", "text", "The vendor's name, on every page and in every mail."),
    Setting("SUPPORT_EMAIL", "", "mailbox", "Where people reach the vendor's people; empty: the address of MAIL_FROM."),
    Setting("HELP_URL", "", "link", "The vendor's help pages; empty: not shown."),
    Setting("COMMUNITY_URL", "", "link", "The vendor's community pages; empty: not shown."),
    Setting("TRUSTED_PROXIES", "0", "number", "How many proxies stand in front; their X-Forwarded-* is believed."),
    Setting("STAFF_NETWORKS", "", "networks", "Whence the console is reached, as 203.0.113.0/24; empty: anywhere."),
    Setting("SIGN_UP", "on", "switch", "Whether people may make an account without an invitation: on or off."),
    Setting("SESSION_DAYS", "10", "count", "Days after which a person has to sign in again."),
    Setting("GOOGLE_CLIENT_ID", "", "text", "Sign-in with Google: the client's id; empty: not offered."),
    Setting("GOOGLE_CLIENT_SECRET", "", "secret", "The secret that belongs to GOOGLE_CLIENT_ID."),
    Setting("MICROSOFT_CLIENT_ID", "", "text", "Sign-in with Microsoft: the application's id; empty: not offered."),
    Setting("MICROSOFT_CLIENT_SECRET", "", "secret", "The secret that belongs to MICROSOFT_CLIENT_ID."),
    Setting("MICROSOFT_TENANT", "common", "text", "Whose accounts: common, organizations, or one tenant's id."),
    Setting("OPENID_PROVIDERS", "[]", "providers", "Further OpenID Connect providers, as a JSON list; see Sign-in."),
    Setting("GEOIP_DATABASE", "", "text", "A MaxMind DB file that tells places of sessions by address; empty: none."),
    Setting("FILES_STORE", "", "store", "Releases' files: an absolute folder or s3://bucket/prefix?region=…; or none."),
    Setting("FILES_ACCEL", "", "location", "The proxy's internal location of that folder; empty: we send files."),
    Setting("RELEASE_FILE_MEGABYTES", "10000", "count", "The most megabytes of a release's file that is uploaded."),
    Setting("INVITATIONS_PER_HOUR_PERSON", "100", "count", "The most invitations that one person may send in an hour."),
    Setting("INVITATIONS_PER_HOUR_ORGANIZATION", "300", "count", "The most invitations of an organization in an hour."),
    Setting("LICENSE_GRACE_DAYS", "14", "grace", "Days that a license file works on after its end: 0 to 90."),
    Setting("SELLER", "{}", "seller", "Who issues invoices: name, address, tax ids, bank, as JSON; see Billing."),
    Setting("TAX_RATES", "{}", "rates", 'Percent by country that invoices bear: {"DE": "19"}; see Billing.'),
    Setting("INVOICE_PREFIX", "INV", "prefix", "What invoice numbers begin with: INV-2027-00001."),
    Setting("INVOICE_NET_DAYS", "14", "days", "Days that a new customer has to pay an invoice: 0 to 90."),
    Setting("TAX_ID_CHECK", VIES, "service", "The EU's register of tax ids (VIES); off: nobody is asked."),
    Setting("STRIPE_SECRET_KEY", "", "stripe_key", "Payments by Stripe: its secret or restricted key; empty: none."),
    Setting("STRIPE_WEBHOOK_SECRET", "", "list", "What signs Stripe's events; two, with a comma, in a rotation."),
    Setting("STRIPE_TAX", "off", "switch", "Whether Stripe Tax works out what tax Stripe's invoices bear: on or off."),
    Setting("STRIPE_API_BASE", "", "origin", "The demo's and the tests' Stripe; empty: Stripe's own address."),
    Setting("TIME_ZONE", "UTC", "zone", "The time zone of dates on pages and in mails: Europe/Berlin."),
    Setting("LOG_LEVEL", "INFO", "level", "The least severe line that is logged: DEBUG, INFO, WARNING or ERROR."),
    Setting("HOST", "127.0.0.1", "text", "The network address that the web server listens on."),
    Setting("PORT", "8000", "port", "The port that the web server listens on."),
    Setting("WEB_WORKERS", "1", "count", "Processes of the web server; about one for each core."),
    Setting("WEB_THREADS", "4", "count", "Threads in each process of the web server."),
    Setting("WEB_DOWNLOADS", "16", "count", "Downloads that each of them sends at the same time, beside its pages."),
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
    mail_webhook_secret: list[str]
    bounce_address: str
    bounce_mailbox: dict[str, Any] | None
    mail_from: str
    public_url: str
    vendor_name: str
    support_email: str
    help_url: str
    community_url: str
    trusted_proxies: int
    staff_networks: list[Network]
    sign_up: bool
    session_days: int
    google_client_id: str
    google_client_secret: str
    microsoft_client_id: str
    microsoft_client_secret: str
    microsoft_tenant: str
    openid_providers: list[IdentityProvider]
    geoip_database: str
    files_store: str
    files_accel: str
    release_file_megabytes: int
    invitations_per_hour_person: int
    invitations_per_hour_organization: int
    license_grace_days: int
    seller: dict[str, str]
    tax_rates: dict[str, Decimal]
    invoice_prefix: str
    invoice_net_days: int
    tax_id_check: str
    stripe_secret_key: str
    stripe_webhook_secret: list[str]
    stripe_tax: bool
    stripe_api_base: str
    time_zone: str
    log_level: str
    host: str
    port: int
    web_workers: int
    web_threads: int
    web_downloads: int
    worker_concurrency: int
    data: Path
    demo: bool

    @property
    def stripe_pages(self) -> list[str]:
        """Where the pages of Stripe's are that a form leads to."""
        if not self.stripe_secret_key:
            return []
        return [self.stripe_api_base or "https://checkout.stripe.com"]

    @property
    def anymail(self) -> dict[str, Any]:
        """django-anymail's settings."""
        return {
            **self.email.get("ANYMAIL", {}),
            "WEBHOOK_SECRET": self.mail_webhook_secret,
            "REQUESTS_TIMEOUT": self.email["EMAIL_TIMEOUT"] or 20,
        }


def read(environ: Mapping[str, str]) -> Environment:
    """Read all settings; raises BadSetting with one clear line at the first that is wrong."""
    given = {setting.name: environ.get(setting.name, "").strip() for setting in SETTINGS}
    demo = switch(given["FORECOURT_DEMO"] or "off", "FORECOURT_DEMO")
    if demo:  # The demo passes a key that it keeps; a test or a rule check may do with any.
        given["SECRET_KEY"] = given["SECRET_KEY"] or secrets.token_urlsafe(48)
    elif given["SECRET_KEY"] and len(given["SECRET_KEY"]) < 32:
        raise BadSetting("SECRET_KEY is too short: it needs 32 characters or more.")
    values = {setting.attribute: _parse(setting, given[setting.name]) for setting in SETTINGS}
    if not values["mail_from"]:
        values["mail_from"] = f"no-reply@{urlsplit(values['public_url']).hostname}"
    if not values["support_email"]:
        values["support_email"] = parseaddr(values["mail_from"])[1]
    environment = Environment(**values)
    _check_providers(environment)
    if environment.files_accel and not environment.files_store.startswith("/"):
        raise BadSetting("FILES_ACCEL needs a folder in FILES_STORE, which the proxy can read.")
    _check_stripe(environment)
    _check_mail(environment)
    return environment


def _check_mail(environment: Environment) -> None:
    by_api = "PROVIDER" in environment.email
    if environment.mail_webhook_secret and not by_api:
        raise BadSetting("MAIL_WEBHOOK_SECRET is for a provider's API in EMAIL_URL.")
    if environment.bounce_address and by_api:
        raise BadSetting("BOUNCE_ADDRESS is for a mail server in EMAIL_URL; an API has webhooks.")
    if environment.bounce_mailbox and not environment.bounce_address:
        raise BadSetting("BOUNCE_MAILBOX needs BOUNCE_ADDRESS, by which mails come there.")


def _check_providers(environment: Environment) -> None:
    for name in ("google", "microsoft"):
        client_id = getattr(environment, f"{name}_client_id")
        if bool(client_id) != bool(getattr(environment, f"{name}_client_secret")):
            raise BadSetting(
                f"{name.upper()}_CLIENT_ID and {name.upper()}_CLIENT_SECRET belong together."
            )
        if client_id and any(further.id == name for further in environment.openid_providers):
            raise BadSetting(f'OPENID_PROVIDERS has a "{name}" of its own: choose another id.')


def _check_stripe(environment: Environment) -> None:
    if environment.stripe_secret_key and not environment.stripe_webhook_secret:
        raise BadSetting(
            "STRIPE_WEBHOOK_SECRET is missing: without it nobody knows who sends events."
        )
    base = urlsplit(environment.stripe_api_base)
    if base.scheme == "http" and base.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise BadSetting("STRIPE_API_BASE must begin with https:// where it is not this machine.")


def _parse(setting: Setting, text: str) -> Any:
    if not text and setting.default is REQUIRED:
        raise BadSetting(f"{setting.name} is missing. {setting.help}")
    text = text or setting.default or ""
    if any(ord(character) < 32 for character in text):
        raise BadSetting(f"{setting.name} has a control character in it.")
    if not text:
        return EMPTY.get(setting.kind, "")
    return KINDS[setting.kind](text, setting.name)
