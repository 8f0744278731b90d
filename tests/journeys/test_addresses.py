"""Choosing a commune: with suggestions where scripts run, and by writing it where they do not."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import PHONE

pytestmark = pytest.mark.browser
CONVERTED = "Xã Văn Đức (huyện Gia Lâm cũ) nay thuộc xã Bát Tràng."


def let_in(page: Page, app: Flask, session: Session) -> None:
    """As if the person had just signed in."""
    person = factories.make_user(session)
    session.commit()
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer
    kept = {"_user_id": person.new_session(), "_fresh": True, "fs_cc": "set", "fs_paa": time.time()}
    url = app.extensions["trace.settings"].public_url
    page.context.add_cookies([{"name": "session", "value": signer.dumps(kept), "url": url}])


def test_a_former_commune_is_suggested_and_explained(phone: Page, live_app: Flask, session: Session) -> None:
    let_in(phone, live_app, session)
    phone.goto("/workspace/apply")
    commune = phone.get_by_role("combobox", name="Xã, phường, đặc khu")
    commune.press_sequentially("van duc")
    expect(phone.get_by_role("listbox").get_by_role("option").first).to_contain_text("Xã Bát Tràng")
    commune.press("ArrowDown")
    commune.press("Enter")
    expect(commune).to_have_value("Xã Bát Tràng")
    expect(phone.get_by_text(CONVERTED)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts_the_server_reads_what_was_written(
    visitor: Callable[..., Page], live_app: Flask, session: Session
) -> None:
    page = visitor(**PHONE, javascript=False)
    let_in(page, live_app, session)
    page.goto("/workspace/apply")
    page.get_by_label("Hợp tác xã").check()
    page.get_by_label("Tên cơ sở").fill("Hợp tác xã Rau Văn Đức")
    page.get_by_label("Mã số thuế").fill("0109999904")
    page.get_by_label("Điện thoại").fill("0912345678")
    page.get_by_label("Xã, phường, đặc khu").fill("xã Văn Đức, huyện Gia Lâm")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.get_by_text(CONVERTED)).to_be_visible()
