"""A virtual authenticator for Chromium."""

from playwright.sync_api import Page


def by_name(address: str) -> str:
    """The same server under a name: a browser keeps no passkeys for a number."""
    return address.replace("127.0.0.1", "localhost")


def add_authenticator(page: Page) -> None:
    """A phone with a fingerprint sensor that always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
