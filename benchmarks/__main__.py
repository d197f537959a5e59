"""`python -m benchmarks [goal …]`: measure, print the table, and one line about what falls short.

The goals are those of GOALS below, by name; none named: all. The exit code is 0 whatever the figures are; they
belong to the machine as well as to the code.
"""

from __future__ import annotations

import sys
import time

from benchmarks import (
    billing_page,
    cold_start,
    console_search,
    downloads,
    first_load,
    invitation,
    invoice_pdf,
    mails,
    members_page,
    memory,
    products_page,
    renewals,
    seed,
    sign_in,
)
from benchmarks.report import Goal, last_line
from benchmarks.stage import Stage

GOALS = {
    "members": members_page.measure,
    "products": products_page.measure,
    "billing": billing_page.measure,
    "load": first_load.measure,
    "sign-in": sign_in.measure,
    "invitation": invitation.measure,
    "mails": mails.measure,
    "downloads": downloads.measure,
    "pdf": invoice_pdf.measure,
    "renewals": renewals.measure,
    "search": console_search.measure,
    "demo": cold_start.measure,
    "memory": memory.measure,
}


def main(names: list[str]) -> int:
    """Measure the named goals, or all."""
    if unknown := [name for name in names if name not in GOALS]:
        print(f"No goal is named {', '.join(unknown)}; there are {', '.join(GOALS)}.")
        return 2
    began = time.monotonic()
    goals: list[Goal] = []
    stage = Stage()
    try:
        from forecourt.config.commands.serve import start_django

        start_django()
        seed.seed(stage)
        stage.serve()
        for name in names or GOALS:
            goals.append(GOALS[name](stage))
            print(goals[-1], flush=True)
    finally:
        stage.close()
    print(f"\nMeasured in {time.monotonic() - began:.0f} s. {last_line(goals)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
