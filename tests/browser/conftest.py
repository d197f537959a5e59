"""One demo and one browser for all journeys, an organization and fresh visitors for each."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.houses import House
from tests.browser.portal import Portal
from tests.browser.visitor import Visitor
from tests.database import open_folder
from tools.test import find_browser

HOUSES = 180
#: Those after them, which have Connect.
LAUNCHING = 24
#: Each window's address bar loads two pages of its own beforehand, for suggestions: half of what it
#: takes to open one, and no journey types there. The others are those that Playwright switches off,
#: whose list this one replaces.
UNWANTED = """
WebUIOmniboxPopup WebUIOmniboxAimPopup
AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades
HttpsFirstBalancedModeAutoEnable LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning
AvoidCorsURLLoaderRestartOnRedirect OptimizationHints NetworkTimeServiceQuerying AimEnabled
PreconnectToSearch
"""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(UNWANTED.split())}",
]


# Of the package, not of the session: while Playwright runs, its event loop keeps Django's tests
# from their database.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A real browser; where there is none, the journeys are left out, or fail where one is
    required."""
    path = find_browser()
    if path is None:
        say = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
        say("No Chromium or Chrome was found: THE BROWSER'S TESTS ARE LEFT OUT.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def portal(chromium) -> Iterator[Portal]:
    """A demo with an organization for every journey."""
    with open_folder() as folder:
        demo = Portal(folder)
        try:
            demo.start()
            demo.command("tests.browser.houses", str(HOUSES + LAUNCHING), str(LAUNCHING))
            yield demo
        finally:
            demo.stop()


@pytest.fixture(scope="package")
def _houses() -> Iterator[House]:
    return map(House, range(1, HOUSES + 1))


@pytest.fixture
def house(portal, _houses) -> House:
    """An organization that no other journey sees."""
    return next(_houses)


@pytest.fixture(scope="package")
def _launching_houses() -> Iterator[House]:
    return map(House, range(HOUSES + 1, HOUSES + LAUNCHING + 1))


@pytest.fixture
def launching_house(portal, _launching_houses) -> House:
    """One that has Connect, with a seat for its Admin and its Member."""
    return next(_launching_houses)


@pytest.fixture(params=[True, False], ids=["script", "plain"])
def script(request) -> bool:
    """Each journey that asks for it is walked twice: with script, and without."""
    return request.param


@pytest.fixture
def visit(chromium, portal) -> Iterator[Callable[..., Visitor]]:
    """`visit()` is a new browser, `visit(address)` that of somebody who is signed in; at the end,
    none of them may have had a reason to complain."""
    visitors: list[Visitor] = []

    def open_browser(
        who: str = "", *, script: bool = True, width: int = 1280, **options
    ) -> Visitor:
        visitor = Visitor(
            chromium,
            portal.address,
            java_script_enabled=script,
            viewport={"width": width, "height": 800},
            **options,
        )
        visitors.append(visitor)
        return visitor.enter(who) if who else visitor

    yield open_browser
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.context.close()
    assert not troubles
