"""Somebody in front of a browser, and whatever that browser complains about."""

import re
from typing import Self

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser.houses import PASSWORD, session_of

PATIENCE = 10_000  # Milliseconds that Playwright waits for anything.


class Visitor:
    """A browser of one's own: cookies, one page, and a list of troubles that must stay empty."""

    def __init__(self, browser: Browser, portal: str, **options) -> None:
        self.portal = portal
        self.troubles: list[str] = []
        self.requests: list[Request] = []
        #: Where else this visitor goes on purpose: the stand-ins of identity providers.
        self.elsewhere = "data:"
        self.context = browser.new_context(
            base_url=portal, reduced_motion="reduce", locale="en-US", **options
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda problem: self.troubles.append(str(problem.error)))
        self.context.on("request", self._request)
        self.context.on("response", self._response)
        self.page: Page = self.context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium and htmx write a line for every answer from 400 on; those are judged below.
        refused = re.search(r"(with a status of|Status Error Code) 4\d\d", message.text)
        if message.type == "error" and not refused:
            self.troubles.append(f"console: {message.text} ({self.page.url})")

    def _request(self, request: Request) -> None:
        self.requests.append(request)
        if not request.url.startswith((self.portal + "/", "data:", self.elsewhere)):
            self.troubles.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        kind = response.request.resource_type
        if response.status >= (400 if kind not in ("document", "xhr", "fetch") else 500):
            self.troubles.append(f"{response.status}: {response.url}")

    def go(self, address: str, status: int = 200) -> Self:
        """Open an address and see its status."""
        answer = self.page.goto(address)
        assert answer and answer.status == status, f"{answer and answer.status}: {self.page.url}"
        return self

    def enter(self, address: str, of_ones_own: str = "") -> Self:
        """Arrive with the session that was made for somebody: on Members, where they are one."""
        key = session_of(address, of_ones_own)
        self.context.add_cookies([{"name": "session", "value": key, "url": self.portal}])
        who, _, host = address.partition("@")
        slug = host.removesuffix(".example")
        return self.go(f"/o/{slug}/members/" if who in ("admin", "primary", "member") else "/")

    def sign_in(self, address: str, password: str = PASSWORD) -> Self:
        """Sign in, at the form that is shown or else at the usual one."""
        if "/accounts/login/" not in self.page.url:
            self.go("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(address)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/accounts/login/"))
        return self

    def press(self, label: str) -> None:
        """Press the button with exactly this label, in the dialog where one is open."""
        region = self.dialog if self.dialog.count() else self.page
        region.get_by_role("button", name=label, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        """Write into the field with this label, in the dialog where one is open."""
        region = self.dialog if self.dialog.count() else self.page
        region.get_by_label(label).fill(text)

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def row(self, text: str) -> Locator:
        """The row of a list that holds this text."""
        return self.page.get_by_role("row").filter(has_text=text)

    def menu(self, name: str) -> Locator:
        """The "…" button of somebody's row."""
        return self.page.get_by_role("button", name=f"Actions for {name}")

    def choose(self, name: str, action: str) -> Locator:
        """Open somebody's "…" menu and take an action: the dialog that opens."""
        self.menu(name).click()
        self.page.locator(".menu:popover-open").get_by_role("link", name=action).click()
        expect(self.dialog).to_be_visible()
        return self.dialog

    def invite(self, address: str, role: str = "") -> None:
        """Invite one person from the Members page."""
        self.page.get_by_role("link", name="Invite user").click()
        expect(self.dialog).to_be_visible()
        self.fill("E-mail address", address)
        if role:
            self.dialog.get_by_role("radio", name=re.compile(f"^{role}")).check()
        self.press("Invite user")
        self.hears(f"An invitation is on its way to {address}.")

    def hears(self, sentence: str) -> None:
        """See the line that says what was done."""
        expect(self.page.locator(".toast")).to_contain_text(sentence)

    def sees(self, text: str) -> None:
        """See a text somewhere on the page."""
        expect(self.page.locator("main")).to_contain_text(text)

    def sees_not(self, text: str) -> None:
        """See that a text stands nowhere on the page."""
        expect(self.page.locator("main")).not_to_contain_text(text)

    def is_at(self, path: str) -> None:
        """Be on the page with this path, whatever its query."""
        expect(self.page).to_have_url(re.compile(rf"^{re.escape(self.portal + path)}(\?.*)?$"))
