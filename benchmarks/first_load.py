"""Goal 2: what a browser loads at the first visit, counted by Chromium itself."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import seed
from benchmarks.report import Goal
from benchmarks.stage import ROOT, Stage

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KILOBYTE = 1_000
#: Seconds until every process of the server has seen another brand.
SEEN = 3
PARTS = ("performance", "accessibility", "best-practices")


def measure(stage: Stage) -> Goal:
    """Requests and bytes with an empty cache; Lighthouse where it is installed."""
    goal = Goal(2, "First load (Chromium, empty cache)")
    browser = os.environ.get("BROWSER_PATH") or next(
        filter(None, map(shutil.which, BROWSERS)), None
    )
    if browser is None:
        goal.left_out.append("Chromium is not installed (Debian: apt install chromium)")
        return goal
    members = f"http://127.0.0.1:{stage.port}/o/thousand/members/"
    sign_in = f"http://127.0.0.1:{stage.port}/accounts/login/"
    cookie = seed.admin_session(stage, seed.IDS["thousand"])
    loaded = _load(browser, members, cookie)
    note = ", ".join(f"{name} {size / KILOBYTE:.1f}" for name, size in loaded)
    goal.add(
        "Members, 1,000", sum(size for _, size in loaded) / KILOBYTE, 30, unit=" KB", note=note
    )
    goal.add("Members, requests", len(loaded), 4)
    goal.add("Members, webfonts", sum(".woff" in name or ".ttf" in name for name, _ in loaded), 0)
    loaded = _load(browser, sign_in, None)
    note = ", ".join(f"{name} {size / KILOBYTE:.1f}" for name, size in loaded)
    goal.add("Sign-in", sum(size for _, size in loaded) / KILOBYTE, 12, unit=" KB", note=note)
    scripts = sum(size for name, size in loaded if name.endswith(".js"))
    goal.add("Sign-in, script (the passkey's)", scripts / KILOBYTE, 3, unit=" KB")
    _lighthouse(goal, browser, {"Members": (members, cookie), "Sign-in": (sign_in, None)})
    _branded(goal, browser, {"Members": (members, cookie, 4), "Sign-in": (sign_in, None, 4)})
    return goal


def _branded(goal: Goal, browser: str, pages: dict[str, tuple[str, str | None, int]]) -> None:
    """The same with an accent and a logo: one request more, the logo's, whose size is the vendor's."""
    from forecourt.console.brand_actions import change_brand
    from forecourt.core.actors import System

    change_brand(System(), accent="#c2410c", logo=_logo())
    time.sleep(SEEN)
    for name, (url, session, requests) in pages.items():
        loaded = _load(browser, url, session)
        note = ", ".join(file for file, _ in loaded)
        goal.add(f"{name} with a brand, requests", len(loaded), requests + 1, note=note)
        size = sum(size for file, size in loaded if not file.startswith("logo"))
        most = 30 if session else 12
        goal.add(f"{name} with a brand, but the logo", size / KILOBYTE, most, unit=" KB")
    change_brand(System(), accent="", logo=b"")
    time.sleep(SEEN)


def _logo() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (300, 80), "#c2410c").save(made, "PNG")
    return made.getvalue()


def _load(browser: str, url: str, session: str | None) -> list[tuple[str, int]]:
    """(file, bytes over the wire with headers) of everything that one visit loads."""
    from playwright.sync_api import sync_playwright

    names: dict[str, str] = {}
    sizes: list[tuple[str, int]] = []
    with sync_playwright() as playwright:
        process = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        context = process.new_context()
        if session:
            context.add_cookies([{"name": "session", "value": session, "url": url}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

        def sent(event: dict[str, Any]) -> None:
            names[event["requestId"]] = event["request"]["url"]

        def loaded(event: dict[str, Any]) -> None:
            address = names.get(event["requestId"], "")
            if address.startswith("http"):
                name = address.split("?")[0].rstrip("/").rpartition("/")[2]
                sizes.append((name, int(event["encodedDataLength"])))

        wire.on("Network.requestWillBeSent", sent)
        wire.on("Network.loadingFinished", loaded)
        page.goto(url, wait_until="networkidle")
        process.close()
    return sizes


def _lighthouse(goal: Goal, browser: str, pages: dict[str, tuple[str, str | None]]) -> None:
    """Scores of Lighthouse, an npm package; nothing is installed for it."""
    local = ROOT / "node_modules/.bin/lighthouse"
    program = shutil.which("lighthouse") or (str(local) if local.exists() else None)
    if program is None:
        goal.left_out.append("Lighthouse is not installed (npm install lighthouse)")
        return
    for name, (url, session) in pages.items():
        for part, score in _scores(program, browser, url, session).items():
            goal.add(f"{name}, Lighthouse {part}", score, 1.0, least=True)


def _scores(program: str, browser: str, url: str, session: str | None) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": f"session={session}"} if session else {}))
        command = [program, url, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={','.join(PARTS)}", f"--extra-headers={headers}"]
        command += ["--chrome-flags=--headless=new --no-sandbox", "--preset=desktop"]
        environment = {**os.environ, "CHROME_PATH": browser}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode or not report.exists():
            return dict.fromkeys(PARTS, 0.0)
        found = json.loads(report.read_text())["categories"]
    return {part: float(found[part]["score"] or 0) for part in PARTS}
