"""The harness itself: a page of the running server reaches a real browser, on each kind of screen."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import text
from sqlalchemy.orm import Session

pytestmark = pytest.mark.browser


def test_a_phone_and_a_desk_see_the_same_server(phone: Page, desk: Page, session: Session) -> None:
    session.execute(text("SELECT 1"))  # begins a transaction, which must not block the server
    for page in (phone, desk):
        response = page.goto("/healthz")
        assert response
        assert response.json() == {"status": "alive"}
    assert phone.evaluate("innerWidth") == 360
    assert desk.evaluate("innerWidth") == 1280
