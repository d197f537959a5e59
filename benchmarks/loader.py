"""A small HTTP loader with persistent connections, in a process of its own: an order as JSON on
standard input, what happened as JSON on standard output."""

from __future__ import annotations

import collections
import http.client
import itertools
import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any


class Loader:
    """Threads, each with one connection, that share an iterator of chains."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.lock = threading.Lock()
        self.times: list[float] = []
        self.seen: collections.Counter[str] = collections.Counter()
        self.chains = self._endless() if order.get("seconds") else iter(order["chains"])

    def _endless(self) -> Iterator[Any]:
        end = time.perf_counter() + self.order["seconds"]
        for chain in itertools.cycle(self.order["chains"]):
            if time.perf_counter() > end:
                return
            yield chain

    def work(self) -> None:
        """Send chains until there are none left."""
        connection = http.client.HTTPConnection("127.0.0.1", self.order["port"], timeout=60)
        while True:
            with self.lock:
                chain = next(self.chains, None)
            if chain is None:
                return
            started = time.perf_counter()
            statuses = []
            for method, path, headers, body in chain:
                connection.request(method, path, body or None, headers)
                response = connection.getresponse()
                response.read()
                statuses.append(str(response.status))
            took = time.perf_counter() - started
            with self.lock:
                self.times.append(took * 1000)
                self.seen[" ".join(statuses)] += 1

    def run(self) -> dict[str, Any]:
        """Do the order."""
        threads = [threading.Thread(target=self.work) for _ in range(self.order["connections"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect = self.order["expect"]
        good = self.seen[expect] if expect else len(self.times)
        percent = (
            statistics.quantiles(self.times, n=100) if len(self.times) > 1 else self.times * 99
        )
        return {
            "count": len(self.times),
            "bad": len(self.times) - good,
            "seen": dict(self.seen),
            "times": self.times,
            "p50": percent[49],
            "p99": percent[98],
        }


if __name__ == "__main__":
    print(json.dumps(Loader(json.load(sys.stdin)).run()))
