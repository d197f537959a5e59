"""Goal 4, second half: a run of mails through the worker, against one kept SMTP connection."""

from __future__ import annotations

import email
import email.policy
import multiprocessing
import smtplib
import statistics
import sys
import time
from typing import Any

from benchmarks import seed
from benchmarks.report import Goal
from benchmarks.stage import Stage

ROUNDS = 5
RUN = 500
PATIENCE = 60.0


class Sink:
    """An SMTP server that takes everything, in a process of its own; it notes when."""

    def __init__(self, port: int) -> None:
        self.port = port
        context = multiprocessing.get_context("spawn")
        self.count = context.Value("q", 0)
        self.last = context.Value("d", 0.0)
        self.sample = context.Array("c", 100_000)
        shared = (port, self.count, self.last, self.sample)
        self.process = context.Process(target=_receive, args=shared, daemon=True)

    def __enter__(self) -> Sink:
        self.process.start()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                smtplib.SMTP("127.0.0.1", self.port).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the sink does not start")

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        self.process.join()

    def wait(self, number: int) -> float:
        """Wait until it has so many; the moment (monotonic) at which the last one came."""
        end = time.monotonic() + PATIENCE
        while self.count.value < number:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.count.value} of {number} mails came")
            time.sleep(0.002)
        return float(self.last.value)


def _receive(port: int, count: Any, last: Any, sample: Any) -> None:
    from aiosmtpd.controller import Controller

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            sample.value = envelope.content[: len(sample) - 1]
            last.value = time.monotonic()
            count.value += 1
            return "250 OK"

    Controller(Handler(), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(60)


def measure(stage: Stage) -> Goal:
    """Five runs of 500 invitations, from the commit to the last mail, in turns with the floor."""
    goal = Goal(4, f"A run of {RUN} invitations through `forecourt worker`")
    organizations = [seed.IDS["thousand"], *list(seed.TENS)[:4]]
    rates: list[tuple[float, float]] = []
    # What was measured before has left jobs, which would be done first.
    stage.sql("truncate procrastinate_jobs cascade")
    worker = stage.running(sys.executable, "-m", "forecourt", "worker")
    with Sink(stage.mail_port) as sink, worker:
        _run(sink, organizations, "warm")
        for number in range(ROUNDS):
            ours = _run(sink, organizations, f"run{number}")
            rates.append((ours, _floor(sink)))
    ours, floor = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(a / b for a, b in rates)
    note = f"{ours:.0f} against {floor:.0f} mails a second"
    goal.add("rate over kept-connection SMTP", ratio, 0.7, least=True, note=note)
    return goal


def _run(sink: Sink, organizations: list[int], name: str) -> float:
    """Mails a second: five organizations invite a hundred each, all in one moment."""
    from django.db import transaction

    before, share = sink.count.value, RUN // len(organizations)
    with transaction.atomic():
        for pk in organizations:
            _invite(pk, [f"{name}-{pk}-{n}@guest.example" for n in range(share)])
    began = time.monotonic()
    return RUN / (sink.wait(before + RUN) - began)


def _invite(organization_id: int, addresses: list[str]) -> None:
    """What `invite_several` writes, inside our own transaction, so that all begin at once."""
    from forecourt.core import mail, scope
    from forecourt.members.models import Invitation

    with scope.organization(organization_id):
        for address in addresses:
            row = Invitation(
                organization_id=organization_id, email=address, by_vendor=True, inviter_label="Ada"
            )
            row.renew(7)
            row.save()
            mail.queue(
                "members.invitation",
                address,
                organization_id=organization_id,
                about=row.about,
                invitation_id=row.pk,
                generation=row.generation,
            )


def _floor(sink: Sink) -> float:
    """The same mail, as often, over one connection of smtplib."""
    message = email.message_from_bytes(sink.sample.value, policy=email.policy.SMTP)
    before, began = sink.count.value, time.monotonic()
    with smtplib.SMTP("127.0.0.1", sink.port) as connection:
        for _ in range(RUN):
            connection.send_message(message)
    return RUN / (sink.wait(before + RUN) - began)
