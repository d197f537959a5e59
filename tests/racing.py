"""Two at once, on connections of their own."""

import threading
import time
from collections.abc import Callable

from django.db import connection, connections, transaction
from django.test import Client

WAITING = """select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'"""


def wait_until(number: int) -> None:
    """Wait until so many wait at a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")  # else a transaction sees one alone
            cursor.execute(WAITING)
            if cursor.fetchone()[0] == number:
                return
        time.sleep(0.01)
    raise AssertionError(f"{number} should wait at the lock")


def start(asked: Callable[[], object], answers: dict[int, object], place: int) -> threading.Thread:
    """Ask, in a thread; the answer comes into its place."""

    def run() -> None:
        try:
            answers[place] = asked()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def one_by_one(hold: Callable[[], object], *asked: Callable[[], object]) -> list:
    """The answers to those who all ask while `hold` keeps a lock and get on in this order."""
    answers: dict[int, object] = {}
    threads = []
    with transaction.atomic():
        hold()
        for place, ask in enumerate(asked):
            threads.append(start(ask, answers, place))
            wait_until(place + 1)
    for thread in threads:
        thread.join(20)
    return [answers[place] for place in range(len(asked))]


def at_once(*asked: Callable[[], object]) -> list:
    """The answers to those who ask at the same moment, in whatever order it happens."""
    answers: dict[int, object] = {}
    ready = threading.Barrier(len(asked))

    def when_ready(ask: Callable[[], object]) -> Callable[[], object]:
        return lambda: (ready.wait(), ask())[1]

    threads = [start(when_ready(ask), answers, place) for place, ask in enumerate(asked)]
    for thread in threads:
        thread.join(20)
    return [answers[place] for place in range(len(asked))]


def post(client: Client, address: str, **form) -> Callable[[], int]:
    """Asking is to send this form; the answer is the status."""
    return lambda: client.post(address, form).status_code
