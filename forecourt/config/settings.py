"""Django's settings: what the environment says, and how the rooms are plugged together."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from forecourt.config.environment import read
from forecourt.config.provider_settings import *  # noqa: F403
from forecourt.core import logs
from forecourt.people import providers

ENVIRONMENT = read(os.environ)
DEMO = ENVIRONMENT.demo

SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_key_fallbacks
DEBUG = False
PUBLIC_URL = ENVIRONMENT.public_url
_public = urlsplit(PUBLIC_URL)
_host = _public.hostname or "localhost"
ALLOWED_HOSTS = [f"[{_host}]" if ":" in _host else _host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE = _public.scheme == "https"

INSTALLED_APPS = [
    "forecourt.core",
    "forecourt.people",
    "forecourt.orgs",
    "forecourt.products",
    "forecourt.members",
    "forecourt.account",
    "forecourt.billing",
    "forecourt.console",
    *(["forecourt.demo"] if DEMO else []),
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.idp.oidc",
    "procrastinate.contrib.django",
    "csp",
]

MIDDLEWARE = [
    *(["forecourt.demo.middleware.one_address"] if DEMO else []),
    # Its length varies at random, so that a secret on a page cannot be guessed from the size.
    "forecourt.core.compression.Compression",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "forecourt.core.middleware.friendly_errors",
    "forecourt.core.middleware.client_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "forecourt.people.middleware.signed_in_person",
]

ROOT_URLCONF = "forecourt.config.urls"
WSGI_APPLICATION = "forecourt.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            Path(__file__).parent.parent / room / "templates"
            for room in "core people orgs products members account billing console demo".split()
        ],
        "OPTIONS": {
            "environment": "forecourt.core.jinja.environment",
            "context_processors": ["django.contrib.messages.context_processors.messages"],
        },
    },
    # allauth's own checks want Django's engine with the request; no page of ours uses it.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# The gate sets the organization's scope on the connection itself, so there is no transaction
# around a request; every action opens its own.
DATABASES = {
    "default": {
        **ENVIRONMENT.database,
        "ENGINE": "forecourt.core.db",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # A list of a few rows is not worth three statements: allauth reads accounts that way.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 1,
    "max_size": max(4, ENVIRONMENT.web_threads, ENVIRONMENT.worker_concurrency + 4),
    "timeout": 10,
}
# Nothing waits for ever: neither for an answer, nor for a lock, nor does a dead request keep one.
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "forecourt.core.cache.PostgresCache"}}

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["forecourt.people.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "forecourt.people.passwords.MaximumLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "forecourt.people.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "forecourt.people.sign_up.SignUp"
ACCOUNT_FORMS = {
    "login": "forecourt.people.forms.LoginForm",
    "signup": "forecourt.people.forms.SignUpForm",
    "confirm_email_verification_code": "forecourt.people.forms.ConfirmAddressForm",
    "reset_password": "forecourt.people.forms.ForgotPasswordForm",
    "request_login_code": "forecourt.people.forms.LoginCodeForm",
    "change_password": "forecourt.people.forms.ChangePasswordForm",
    "set_password": "forecourt.people.forms.SetPasswordForm",
    "reset_password_from_key": "forecourt.people.forms.ResetPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_TEMPLATE_EXTENSION = "html"
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "signup": "30/m/ip",
    "reset_password": "30/m/ip,5/m/key",
    "request_login_code": "30/m/ip,3/m/key",
    "dead_invitation": "60/m/ip",
}

# Whom the vendor lets vouch for people, in the order of the sign-in page
IDENTITY_PROVIDERS = providers.configured(ENVIRONMENT)
SOCIALACCOUNT_ADAPTER = "forecourt.people.social.Adapter"
# An address never finds an account: identity is issuer and subject alone.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10

# Second factors and passkeys
MFA_ADAPTER = "forecourt.people.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_FORMS = {
    "activate_totp": "forecourt.people.factor_forms.ActivateAppForm",
    "authenticate": "forecourt.people.factor_forms.SecondStepCodeForm",
    "reauthenticate": "forecourt.people.factor_forms.ConfirmCodeForm",
    "login_webauthn": "forecourt.people.passkeys.SignInForm",
    "authenticate_webauthn": "forecourt.people.passkeys.SecondStepForm",
    "reauthenticate_webauthn": "forecourt.people.passkeys.ConfirmForm",
}
# Half a minute either way. What was used is remembered with the app (`people.app_codes`).
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/profile/"
MFA_RECOVERY_CODES_SHOW_ONCE = True
GEOIP_DATABASE = ENVIRONMENT.geoip_database
# Where artifacts' files are; "": nowhere, so none can be added.
FILES_STORE = ENVIRONMENT.files_store or (str(ENVIRONMENT.data / "files") if DEMO else "")
RELEASE_FILE_MEGABYTES = ENVIRONMENT.release_file_megabytes
FILES_ACCEL, WEB_DOWNLOADS = ENVIRONMENT.files_accel, ENVIRONMENT.web_downloads

# Sessions live in the database with their person beside them: one query reads both.
SESSION_ENGINE = "forecourt.people.sessions"
SESSION_COOKIE_AGE = ENVIRONMENT.session_days * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "forecourt.core.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# What every answer says about itself
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
if SECURE and ENVIRONMENT.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        # Chromium holds the whole chain of redirects to it, so the providers' pages are in it.
        "form-action": [
            SELF,
            *sorted({provider.origin for provider in IDENTITY_PROVIDERS}),
            *ENVIRONMENT.stripe_pages,
        ],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        **({"frame-src": [SELF]} if DEMO else {}),
    }
}
FILE_UPLOAD_HANDLERS = ["forecourt.core.uploads.InMemory"]
DATA_UPLOAD_MAX_MEMORY_SIZE, DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000_000, 1_000

# Jobs and mail
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 5, "stalled_worker_timeout": 30}
EMAIL_BACKEND = ENVIRONMENT.email["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = (ENVIRONMENT.email.get(f"EMAIL_{name}") for name in ("HOST", "PORT"))
EMAIL_HOST_USER = ENVIRONMENT.email.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = ENVIRONMENT.email.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = (ENVIRONMENT.email.get(f"EMAIL_USE_{x}") for x in ("TLS", "SSL"))
EMAIL_TIMEOUT = ENVIRONMENT.email["EMAIL_TIMEOUT"] or 20
MAIL_PROVIDER, ANYMAIL = ENVIRONMENT.email.get("PROVIDER", ""), ENVIRONMENT.anymail
BOUNCE_ADDRESS, BOUNCE_MAILBOX = ENVIRONMENT.bounce_address, ENVIRONMENT.bounce_mailbox
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail_from
SERVER_EMAIL = ENVIRONMENT.mail_from

# Words and times
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English"))]
#: Answers in which language a queued mail is written.
LANGUAGE_OF_MAIL = "forecourt.orgs.recipients.language_of"
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone

# The rail: URL name, label, icon, and the permission without which a room is not shown
ROOMS = [
    ("products", _("Products"), "package", "view_products"),
    ("members", _("Members"), "users", "view_members"),
    ("billing", _("Billing"), "credit-card", "view_billing"),
    ("account", _("Account"), "building-2", "view_account"),
]

# Rules that the vendor may set
VENDOR = {
    "name": ENVIRONMENT.vendor_name,
    "support_email": ENVIRONMENT.support_email,
    "help_url": ENVIRONMENT.help_url,
    "community_url": ENVIRONMENT.community_url,
}
SIGN_UP = ENVIRONMENT.sign_up
INVITATIONS_PER_HOUR_PERSON = ENVIRONMENT.invitations_per_hour_person
INVITATIONS_PER_HOUR_ORGANIZATION = ENVIRONMENT.invitations_per_hour_organization
STRIPE_SECRET_KEY = ENVIRONMENT.stripe_secret_key
STRIPE_WEBHOOK_SECRET = ENVIRONMENT.stripe_webhook_secret
STRIPE_TAX, STRIPE_API_BASE = ENVIRONMENT.stripe_tax, ENVIRONMENT.stripe_api_base
LICENSE_GRACE_DAYS = ENVIRONMENT.license_grace_days
SELLER, TAX_RATES = ENVIRONMENT.seller, ENVIRONMENT.tax_rates
INVOICE_PREFIX, INVOICE_NET_DAYS = ENVIRONMENT.invoice_prefix, ENVIRONMENT.invoice_net_days
TAX_ID_CHECK = ENVIRONMENT.tax_id_check
TRUSTED_PROXIES, STAFF_NETWORKS = ENVIRONMENT.trusted_proxies, ENVIRONMENT.staff_networks

LOGGING = logs.configuration(ENVIRONMENT.log_level)
SILENCED_SYSTEM_CHECKS: list[str] = []
