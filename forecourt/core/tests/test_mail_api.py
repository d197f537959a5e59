"""Mail by a provider's API: what leaves, what its errors mean, and no key in any log. F22, F25, A197."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from anymail.exceptions import AnymailError

from forecourt.config.mail_kinds import APIS, email
from forecourt.core import mail, mail_run
from forecourt.core.models import Mail
from tests.cast import organization, run_jobs

INVITE, KIM, TOKEN = "/o/acme/members/invitations/", "kim@example.com", "the-servers-token"
GOOD = {"ErrorCode": 0, "Message": "OK", "MessageID": "0a129aee-e1cd-480d-b08d-4f48548ff48d"}


class Postmark:
    """Postmark, as far as a mail is handed over to it: what it was given, and what it answers."""

    def __init__(self) -> None:
        self.given: list[dict] = []
        self.bodies: list[bytes] = []
        self.tokens: list[str] = []
        self.address = ""
        self.answer: tuple[int, dict] = (200, GOOD)


@pytest.fixture
def postmark(settings):
    """Where the mail of this test goes."""
    there = Postmark()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.bodies.append(body)
            there.tokens.append(self.headers["X-Postmark-Server-Token"])
            status, answer = there.answer
            if there.tokens[-1]:
                there.given.append(json.loads(body))
                answer = {"To": there.given[-1]["To"], **answer}
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_arguments) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    there.address = f"http://127.0.0.1:{server.server_address[1]}/"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": TOKEN, "POSTMARK_API_URL": there.address}
    mail.forget_connection()
    yield there
    mail.forget_connection()
    server.shutdown()
    thread.join()
    server.server_close()


def invited(browser) -> Mail:
    """A mail that waits."""
    browser("member@acme.example").post(INVITE, {"email": KIM})
    return the_mail()


def the_mail() -> Mail:
    organization("acme")
    return Mail.objects.get(to=KIM)


def test_a_mail_leaves_with_its_name_and_the_vendors_sender(world, browser, postmark):
    row = invited(browser)
    run_jobs()
    (given,) = postmark.given
    assert given["To"] == KIM and given["From"].startswith("Lumen Tools <")
    assert given["Metadata"] == {"forecourt": row.token} and postmark.tokens == [TOKEN]
    heads = {each["Name"]: each["Value"] for each in given["Headers"]}
    assert heads["Message-ID"] == row.message_id and heads["Auto-Submitted"] == "auto-generated"
    assert "/invitations/" in given["TextBody"] and "/invitations/" in given["HtmlBody"]
    assert the_mail().status == "sent"


def test_one_connection_serves_many_mails(world, browser, postmark):
    invited(browser)
    run_jobs()
    kept = mail._kept.connection
    browser("member@acme.example").post(INVITE, {"email": "k2@example.com"})
    run_jobs()
    assert len(postmark.given) == 2 and mail._kept.connection is kept


@pytest.mark.parametrize("provider", APIS)
def test_every_provider_is_told_our_name_of_the_mail(world, browser, postmark, settings, provider):
    """None refuses how our mails are made before it asks its API."""
    needed = "&".join(f"{each}=x" for each in APIS[provider])
    told = email(f"{provider}:?{needed}&api_url={postmark.address}", "EMAIL_URL")
    settings.EMAIL_BACKEND, settings.ANYMAIL = told["EMAIL_BACKEND"], told["ANYMAIL"]
    mail.forget_connection()
    row = invited(browser)
    postmark.answer = (500, {})
    with pytest.raises(AnymailError, match="500"):
        mail.deliver(row.pk, row.organization_id)
    (body,) = postmark.bodies
    assert body.count(row.token.encode()) >= 2, "in its Message-ID and in its metadata"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, {"ErrorCode": 0, "Message": "Internal server error"}),
        (503, {}),
        (429, {"ErrorCode": 429, "Message": "Too many"}),
        (401, {"ErrorCode": 10, "Message": "Bad or missing token"}),
        (422, {"ErrorCode": 400, "Message": "Sender signature not found"}),
    ],
)
def test_what_the_vendor_or_time_can_mend_is_tried_again(world, browser, postmark, status, answer):
    row = invited(browser)
    postmark.answer = (status, answer)
    with pytest.raises(AnymailError):
        mail.deliver(row.pk, row.organization_id)
    assert the_mail().status == "queued"
    postmark.answer = (200, GOOD)
    mail.deliver(row.pk, row.organization_id)
    assert the_mail().status == "sent" and len(postmark.given) == 2


def test_after_the_last_try_it_is_given_up(world, browser, postmark):
    row = invited(browser)
    postmark.answer = (401, {"ErrorCode": 10, "Message": f"Bad token {TOKEN}"})
    mail.deliver(row.pk, row.organization_id, last_try=True)
    assert the_mail().status == "failed"
    assert "401" in the_mail().error and TOKEN not in the_mail().error


def test_an_address_it_takes_no_mail_for_is_given_up_at_once(world, browser, postmark):
    house = organization("acme")
    house.contacts.create(email=KIM)
    row = invited(browser)
    said = f"Found inactive addresses: {KIM}. Inactive recipients are ones that have bounced."
    postmark.answer = (422, {"ErrorCode": 406, "Message": said})
    run_jobs()
    assert the_mail().status == "failed" and the_mail().pk == row.pk
    assert organization("acme").contacts.get(email=KIM).bounced_at


def test_a_run_of_mails_stops_at_the_first_trouble(world, browser, postmark):
    for number in range(3):
        browser("member@acme.example").post(INVITE, {"email": f"k{number}@example.com"})
    postmark.answer = (500, {})
    mail_run.deliver_waiting()
    assert len(postmark.given) == 1
    postmark.answer = (200, GOOD)
    mail_run.deliver_waiting()
    organization("acme")
    assert {*Mail.objects.values_list("status", flat=True)} == {"sent"}
    assert len(postmark.given) == 4
