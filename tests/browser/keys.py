"""Chromium's own virtual devices that make and hold keys."""

from tests.browser.visitor import Visitor


def with_authenticator(visitor: Visitor, transport: str = "internal") -> None:
    """Give the browser a device of its own: a laptop that makes passkeys, or with "usb" a security
    key. It is touched at once, whenever it is asked."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": transport, "automaticPresenceSimulation": True}
    if transport == "internal":
        device |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
