"""Looking at a page: axe in light, its contrasts in dark as well; and nothing scrolls sideways on a phone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
OPTIONS: dict[str, Any] = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
}
#: All that another theme changes.
COLORS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
SMALL = {"width": 320, "height": 640}
SIDEWAYS = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
    && [...document.querySelectorAll('body *')].filter(
        (one) => one.getBoundingClientRect().right > document.documentElement.clientWidth
    ).map((one) => one.outerHTML.slice(0, 90)).slice(0, 4)"""


def look(page: Page, name: str, small: bool = True) -> list[str]:
    """What is wrong with the page as it stands now, a line for each."""
    found = []
    page.evaluate(AXE)
    for theme, options in (("light", OPTIONS), ("dark", COLORS)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        answer = page.evaluate("(options) => axe.run(document, options)", options)
        found += [
            f"{name}, {theme}: {rule['id']}: {[node['html'][:160] for node in rule['nodes']][:3]}"
            for rule in answer["violations"]
        ]
    if small:
        before = page.viewport_size
        assert before
        page.set_viewport_size(SMALL)  # type: ignore[arg-type]
        if wide := page.evaluate(SIDEWAYS):
            found.append(f"{name}: scrolls sideways at 320 pixels: {wide}")
        page.set_viewport_size(before)
    return found
