"""The demo itself: started, used, killed, started again, and ended."""

import contextlib
import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from email.message import EmailMessage

import pytest
from django.db import connection

from forecourt.config.environment import SETTINGS
from forecourt.demo.processes import command_line
from tests.cast import free_port
from tests.database import open_folder

pytestmark = pytest.mark.slow


class Demo:
    """`forecourt demo` in a process and a folder of its own."""

    def __init__(self, folder, port, **settings):
        names = {setting.name for setting in SETTINGS} | {
            "RESET",
            "DJANGO_SETTINGS_MODULE",
            "PYTHONDONTWRITEBYTECODE",
        }
        clean = {name: value for name, value in os.environ.items() if name not in names}
        self.url = f"http://localhost:{port}"
        self.data = folder / "data"
        own = {"FORECOURT_DATA": str(self.data), "PORT": str(port)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "forecourt", "demo"],
            env={**clean, **own, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines = []

    def wait_until_ready(self):
        """Read up to the last of the sign-ins."""
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "the vendor's staff" in line:
                return self
        raise AssertionError("\n".join(self.lines))

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def family(self):
        """The pids of everything that belongs to it, children of children too."""
        found, parents = [self.process.pid], {}
        for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    parents[pid] = int(stat.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def demo(port):
    with open_folder() as folder:
        started = []

        def start(**settings):
            started.append(Demo(folder, port, **settings))
            return started[-1]

        yield start
        for each in started:
            each.process.kill()
            each.process.wait()
            each.process.stdout.close()


def alive(pids):
    """Which of these still run; a process may be dead and unburied."""
    end = time.monotonic() + 3
    while (left := [pid for pid in pids if command_line(pid)]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_demo_starts_takes_mail_outlives_kill_and_ends_without_a_trace(demo):
    first = demo().wait_until_ready()
    assert [line for line in first.lines if "ready" in line] == [
        f"Forecourt is ready at {first.url}"
    ]
    assert 'type="password"' in first.get("/accounts/login/")
    product = next(line for line in first.lines if line.startswith("Connect,")).split()[-1]
    with urllib.request.urlopen(product, timeout=10) as answer:
        assert "Sign in with Lumen" in answer.read().decode()
    send_a_mail(first)
    issuers = issuers_that_answer(first)

    family = first.family()
    assert len(family) >= 6  # supervisor, database, web server with its process, worker, Connect
    for pid in family:
        with contextlib.suppress(ProcessLookupError):  # It ended with its parent.
            os.kill(pid, signal.SIGKILL)
    first.process.wait()
    assert alive(family) == []

    again = demo().wait_until_ready()
    assert "A word from the tests" in again.get("/demo/mail/")  # The data was kept.
    assert issuers_that_answer(again) == issuers  # Identities are kept by issuer.
    kill_the_worker_and_see_it_come_back(again)
    family, began = again.family(), time.monotonic()
    assert again.end(signal.SIGINT) == 0
    assert time.monotonic() - began < 5
    assert alive(family) == []


def send_a_mail(demo):
    message = EmailMessage()
    message["From"], message["To"] = "portal@lumen.example", "someone@acme.example"
    message["Subject"] = "A word from the tests"
    message.set_content("Read https://portal.example.com/invitations/abc.")
    message.add_alternative("<html><head></head><a href='https://x.example'>Go</a>", subtype="html")
    note = json.loads((demo.data / "running.json").read_text())
    with smtplib.SMTP("127.0.0.1", int(note["EMAIL_URL"].rpartition(":")[2])) as server:
        server.send_message(message)
    mail = re.search(r"/demo/mail/[0-9a-f-]+/", demo.get("/demo/mail/")).group()
    assert 'href="https://portal.example.com/invitations/abc"' in demo.get(mail)
    assert '<base target="_top">' in demo.get(f"{mail}html/")


def issuers_that_answer(demo):
    """The stand-ins that the portal is told of, each asked who it is."""
    note = json.loads((demo.data / "running.json").read_text())
    told = [provider["issuer"] for provider in json.loads(note["OPENID_PROVIDERS"])]
    for issuer in told:
        with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration") as answer:
            assert json.load(answer)["issuer"] == issuer
    return told


def kill_the_worker_and_see_it_come_back(demo):
    worker = next(pid for pid in demo.family() if "forecourt worker" in command_line(pid))
    os.kill(worker, signal.SIGKILL)
    end = time.monotonic() + 10
    while not any("forecourt worker" in command_line(p) for p in demo.family() if p != worker):
        assert time.monotonic() < end, "the worker did not come back"
        time.sleep(0.1)


def test_reset_forgets_what_was_there(demo):
    first = demo().wait_until_ready()
    send_a_mail(first)
    assert first.end() == 0
    anew = demo(RESET="1").wait_until_ready()
    assert "A word from the tests" not in anew.get("/demo/mail/")
    assert anew.end() == 0


def test_a_demo_with_a_provider_of_its_own_starts_no_stand_ins(demo):
    own = {"issuer": "https://id.example.com", "client_id": "portal", "client_secret": "secret"}
    providers = json.dumps([{"id": "own", "name": "Own", **own}])
    started = demo(OPENID_PROVIDERS=providers).wait_until_ready()
    assert json.loads((started.data / "running.json").read_text())["OPENID_PROVIDERS"] == providers
    assert not (started.data / "openid-port").exists()
    assert started.end() == 0


def test_a_taken_port_is_one_clear_line(demo, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = demo()
        assert refused.process.wait(20) == 1
    answer = refused.process.stdout.read().strip()
    assert answer.startswith(f"forecourt: Port {port} of 127.0.0.1 cannot be used")
    assert "\n" not in answer


@pytest.mark.django_db
def test_the_demo_leaves_a_database_alone_that_holds_something_else(demo):
    """The tests' own database has the tables and not the marker."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/forecourt?", f"/{name}?")
    for settings in ({}, {"RESET": "1"}):
        refused = demo(DATABASE_URL=url, **settings)
        assert refused.process.wait(20) == 1
        assert "holds something else" in refused.process.stdout.read()


def test_a_signal_in_the_middle_of_the_start_leaves_nothing_behind(demo):
    begun = demo()
    time.sleep(0.8)
    family = begun.family()
    assert begun.end() == 0
    assert alive(family) == []
