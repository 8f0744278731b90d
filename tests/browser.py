"""A running server and a real Chromium that looks at it."""

import dataclasses
import os
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from setup.machine import find_chromium, free_port
from tests.databases import TestDatabase
from trace import create_app
from trace.settings import Settings

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


class _Quiet(WSGIRequestHandler):
    def log(self, kind: str, message: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def live_app(worker_settings: Settings) -> Iterator[Flask]:
    """The same application and database once more, answering under the address that its links name."""
    port = free_port()
    app = create_app(dataclasses.replace(worker_settings, public_url=f"http://127.0.0.1:{port}"))
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live_server(live_app: Flask, database: TestDatabase, settings: Settings) -> Iterator[str]:
    from tests.conftest import forget

    settings_of_server: Settings = live_app.extensions["trace.settings"]
    yield settings_of_server.public_url
    forget(live_app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium: run `make test`, or set TRACE_CHROMIUM")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, live_server: str, session: Session) -> Iterator[Callable[..., Page]]:
    """``visitor(width=…, height=…, locale="vi-VN", javascript=True, dark=False, agent=None)`` opens a new person's browser.

    Paths are relative to the server: ``page.goto("/q/…")``. An error in the page's scripts fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        width: int,
        height: int,
        *,
        locale: str = "vi-VN",
        javascript: bool = True,
        dark: bool = False,
        agent: str | None = None,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server,
            viewport={"width": width, "height": height},
            has_touch=width < 600,
            locale=locale,
            user_agent=agent,
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(20_000)
        context.on("request", lambda _: session.commit())
        context.on("weberror", lambda error: faults.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def phone(visitor: Callable[..., Page]) -> Page:
    """A shopper's or farmer's phone, 360 × 740, in Vietnamese."""
    return visitor(**PHONE)


@pytest.fixture
def desk(visitor: Callable[..., Page]) -> Page:
    """An officer's screen, 1280 × 800, in Vietnamese."""
    return visitor(**DESK)


@pytest.fixture
def page(desk: Page) -> Page:
    return desk
