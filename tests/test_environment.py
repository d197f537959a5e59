"""Settings: what is right is understood, what is wrong is said in one line."""

import pytest
from django.utils.module_loading import import_string

from forecourt.config.environment import SETTINGS, BadSetting, read

GOOD = {
    "SECRET_KEY": "k" * 40,
    "DATABASE_URL": "postgresql://portal:s3cret@db.example.com:5433/forecourt?sslmode=require",
    "EMAIL_URL": "smtp+starttls://mailer:p%40ss@mail.example.com:2587",
    "PUBLIC_URL": "https://Portal.example.com/",
}


def test_four_settings_are_enough_for_a_portal():
    environment = read(GOOD)
    assert environment.public_url == "https://portal.example.com"
    assert environment.mail_from == "no-reply@portal.example.com"
    assert environment.trusted_proxies == 0
    assert not environment.demo


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://portal.example.com:443", "https://portal.example.com"),
        ("http://localhost:80", "http://localhost"),
        ("https://portal.example.com:8443", "https://portal.example.com:8443"),
    ],
)
def test_the_portals_address_is_kept_as_browsers_write_it(typed, origin):
    """A passkey's answer names it, and is compared."""
    assert read({**GOOD, "PUBLIC_URL": typed}).public_url == origin


def test_the_database_is_described_for_django():
    database = read(GOOD).database
    assert database["HOST"] == "db.example.com"
    assert (database["NAME"], database["PORT"]) == ("forecourt", "5433")
    assert database["OPTIONS"]["sslmode"] == "require"
    by_socket = read({**GOOD, "DATABASE_URL": "postgresql://me@/portal?host=/run/pg"}).database
    assert by_socket["HOST"] == "/run/pg"


@pytest.mark.parametrize(
    ("url", "ssl", "starttls", "port"),
    [
        ("smtp://127.0.0.1:1025", False, False, 1025),
        ("smtps://mail.example.com", True, False, 465),
        ("smtp+starttls://mail.example.com", False, True, 587),
    ],
)
def test_the_scheme_of_the_mail_server_says_how_it_is_encrypted(url, ssl, starttls, port):
    email = read({**GOOD, "EMAIL_URL": url}).email
    assert (email["EMAIL_USE_SSL"], email["EMAIL_USE_TLS"]) == (ssl, starttls)
    assert email["EMAIL_PORT"] == port


def test_signs_in_a_mail_servers_password_are_decoded():
    assert read(GOOD).email["EMAIL_HOST_PASSWORD"] == "p@ss"


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("postmark:?server_token=a%26b", {"POSTMARK_SERVER_TOKEN": "a&b"}),
        ("brevo:?api_key=k&timeout=5", {"BREVO_API_KEY": "k"}),
        (
            "mailgun:?api_key=k&sender_domain=d&webhook_signing_key=s&api_url=https://a.example/v3",
            {
                "MAILGUN_API_KEY": "k",
                "MAILGUN_SENDER_DOMAIN": "d",
                "MAILGUN_WEBHOOK_SIGNING_KEY": "s",
                "MAILGUN_API_URL": "https://a.example/v3",
            },
        ),
    ],
)
def test_mail_may_go_by_a_providers_api(url, given):
    secret = "hooks:0123456789abcdef"
    environment = read({**GOOD, "EMAIL_URL": url, "MAIL_WEBHOOK_SECRET": secret})
    provider = url.partition(":")[0]
    backend = import_string(environment.email["EMAIL_BACKEND"])
    assert backend.__module__ == f"anymail.backends.{provider}"
    timeout = 5 if "timeout" in url else 10
    assert environment.anymail == given | {"WEBHOOK_SECRET": [secret], "REQUESTS_TIMEOUT": timeout}
    with pytest.raises(BadSetting, match=r"^BOUNCE_ADDRESS "):
        read({**GOOD, "EMAIL_URL": url, "BOUNCE_ADDRESS": "bounces@example.com"})


def test_a_mailbox_for_bounces_is_read_where_it_is_known():
    mailbox = {"BOUNCE_ADDRESS": "Bounces@Example.com"}
    mailbox |= {"BOUNCE_MAILBOX": "imaps://me%40example.com:p%40ss@mail.example.com/Inbox/Bounces"}
    environment = read({**GOOD, **mailbox})
    assert environment.bounce_address == "bounces@example.com"
    assert environment.bounce_mailbox == {
        "host": "mail.example.com",
        "port": 993,
        "is_encrypted": True,
        "user": "me@example.com",
        "password": "p@ss",
        "folder": "Inbox/Bounces",
    }
    assert read(GOOD).bounce_mailbox is None


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.default is None])
def test_a_missing_setting_is_named(name):
    without = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(BadSetting, match=f"^{name} is missing"):
        read(without)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "postgresql://host:port:port/x"),
        ("DATABASE_URL", "postgresql://localhost"),
        ("DATABASE_OWNER_URL", "sqlite:///x"),
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "smtp://mail.example.com:many"),
        ("EMAIL_URL", "postmark:"),
        ("EMAIL_URL", "postmark:?api_key=x"),
        ("EMAIL_URL", "postmark://?server_token="),
        ("EMAIL_URL", "postmark:?server_token=x&fail_silently=1"),
        ("EMAIL_URL", "mailgun:?api_key=x&sender_domain=mg.example.com"),
        ("EMAIL_URL", "unheard:?api_key=x"),
        ("BOUNCE_ADDRESS", "Bounces <bounces@example.com>"),
        ("BOUNCE_ADDRESS", "bounces+x@example.com"),
        ("STAFF_NETWORKS", "203.0.113.0/24, 198.51.100.7/24"),
        ("STAFF_NETWORKS", "office"),
        ("BOUNCE_MAILBOX", "imaps://mail.example.com/INBOX"),
        ("BOUNCE_MAILBOX", "pop3://me:hunter2@mail.example.com"),
        ("BOUNCE_MAILBOX", "imaps://me:hunter2@mail.example.com"),  # of no address
        ("MAIL_WEBHOOK_SECRET", "hooks:short"),
        ("MAIL_WEBHOOK_SECRET", "no colon but long enough"),
        ("MAIL_WEBHOOK_SECRET", "hooks:0123456789abcdef"),  # of no provider
        ("PUBLIC_URL", "portal.example.com"),
        ("PUBLIC_URL", "https://example.com/portal"),
        ("PUBLIC_URL", "javascript://example.com"),
        ("MAIL_FROM", "nobody"),
        ("HELP_URL", "ftp://example.com"),
        ("TAX_ID_CHECK", "ftp://register.example"),
        ("FILES_STORE", "var/files"),
        ("FILES_STORE", "s3://"),
        ("FILES_STORE", "s3://key:secret@bucket/"),
        ("FILES_STORE", "s3://bucket/x?acl=public"),
        ("FILES_ACCEL", "files"),
        ("FILES_ACCEL", "/files/"),  # of no folder
        ("STRIPE_SECRET_KEY", "hunter2"),
        ("STRIPE_SECRET_KEY", "pk_live_0123"),  # the public one
        ("STRIPE_API_BASE", "http://stripe.example.com"),
        ("PORT", "65536"),
        ("PORT", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("WEB_THREADS", "٣"),
        ("SESSION_DAYS", "0"),
        ("SIGN_UP", "maybe"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", "../../etc/passwd"),
        ("LOG_LEVEL", "LOUD"),
        ("VENDOR_NAME", "Lumen\x00Tools"),
    ],
)
def test_a_bad_setting_is_one_line_that_begins_with_its_name(name, value):
    with pytest.raises(BadSetting) as raised:
        read({**GOOD, name: value})
    assert str(raised.value).startswith(f"{name} ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://me:hunter2@host:port/x"),
        ("EMAIL_URL", "smtp://me:hunter2@mail.example.com:port"),
        ("EMAIL_URL", "postmark:?server_token=hunter2&api_key=hunter2"),
        ("BOUNCE_MAILBOX", "imaps://me:hunter2@mail.example.com:port"),
        ("MAIL_WEBHOOK_SECRET", "hooks:hunter2"),
        ("SECRET_KEY", "hunter2"),
    ],
)
def test_no_secret_is_repeated_in_a_complaint(name, value):
    with pytest.raises(BadSetting) as raised:
        read({**GOOD, name: value})
    assert "hunter2" not in str(raised.value)


def test_tax_ids_are_looked_up_at_the_unions_register_unless_that_is_off():
    assert read(GOOD).tax_id_check.startswith("https://ec.europa.eu/")
    assert read({**GOOD, "TAX_ID_CHECK": "https://x.example/a/"}).tax_id_check[-1] == "a"
    assert read({**GOOD, "TAX_ID_CHECK": "Off"}).tax_id_check == ""


@pytest.mark.parametrize("secret", ["", " ", " , "])
def test_no_portal_takes_events_that_anybody_may_have_sent(secret):
    with pytest.raises(BadSetting, match=r"^STRIPE_WEBHOOK_SECRET is missing"):
        read({**GOOD, "STRIPE_SECRET_KEY": "sk_live_0", "STRIPE_WEBHOOK_SECRET": secret})
    both = {"STRIPE_SECRET_KEY": "rk_test_0", "STRIPE_WEBHOOK_SECRET": "whsec_1,whsec_2"}
    assert read({**GOOD, **both}).stripe_webhook_secret == ["whsec_1", "whsec_2"]


def test_forms_may_lead_to_stripe_where_it_is_used():
    stripe = {"STRIPE_SECRET_KEY": "rk_test_0", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    assert read({**GOOD, **stripe}).stripe_pages == ["https://checkout.stripe.com"]
    base = {"STRIPE_API_BASE": "http://127.0.0.1:12111"}
    assert read({**GOOD, **stripe, **base}).stripe_pages == ["http://127.0.0.1:12111"]
    assert read({**GOOD, **base}).stripe_pages == []


def test_an_empty_setting_is_one_that_was_not_made():
    assert read({**GOOD, "PORT": "", "VENDOR_NAME": " "}).port == 8000


@pytest.mark.parametrize(
    "store",
    [
        "/srv/forecourt/files",
        "s3://bucket",
        "s3://bucket/a/b?region=x&endpoint=https://s3.example.com",
    ],
)
def test_files_are_kept_in_a_folder_or_a_bucket(store):
    assert read({**GOOD, "FILES_STORE": store}).files_store == store
    assert read(GOOD).files_store == ""


def test_the_demo_may_do_without_a_key_of_its_own():
    demo = {**GOOD, "SECRET_KEY": "", "FORECOURT_DEMO": "1"}
    assert len(read(demo).secret_key) >= 32


def test_every_setting_says_what_it_is_for():
    assert all(setting.help.endswith(".") for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
