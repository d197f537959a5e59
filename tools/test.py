"""Run every test: find a browser, say loudly when there is none, then hand over to pytest.

REQUIRE_BROWSER=1 makes a missing browser an error. Arguments go to pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROCESSES = 4  # At most: each has databases of its own, and a demo with a browser.
#: Arguments that choose nothing: how much is told, and when to stop.
TELLING = ("-q", "-v", "-x", "-r", "--durations", "--tb", "--color", "--maxfail")
MISSING = """
*********************************************************************************
*  No Chromium or Chrome was found: THE BROWSER'S TESTS ARE LEFT OUT.            *
*  On Debian: apt install chromium. REQUIRE_BROWSER=1 makes this an error.       *
*********************************************************************************
"""


def find_browser() -> str | None:
    """The path of a Chromium or Chrome on this machine."""
    given = os.environ.get("BROWSER_PATH")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


def install_browser() -> None:
    """Install Debian's Chromium, where we may."""
    if os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        print("Installing Debian's Chromium …", flush=True)
        quiet = {
            "stdout": subprocess.DEVNULL,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        for step in ("update -q", "install -qy --no-install-recommends chromium"):
            subprocess.run(["apt-get", *step.split()], check=False, **quiet)


def shared(arguments: list[str]) -> list[str]:
    """What has pytest use every core; nothing where something was chosen or there is one core."""
    cores = min(os.cpu_count() or 1, PROCESSES)
    if cores == 1 or any(not each.startswith(TELLING) for each in arguments):
        return []
    return ["-n", str(cores), "--dist", "worksteal"]


def main() -> int:
    """Find a browser and become pytest."""
    if not find_browser():
        install_browser()
    browser = find_browser()
    arguments = [*shared(sys.argv[1:]), *sys.argv[1:]]
    if browser:
        os.environ["BROWSER_PATH"] = browser
    else:
        print(MISSING, file=sys.stderr, flush=True)
        if os.environ.get("REQUIRE_BROWSER") == "1":
            return 1
        arguments += ["-m", "not browser"]
    return os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])  # never returns


if __name__ == "__main__":
    raise SystemExit(main())
