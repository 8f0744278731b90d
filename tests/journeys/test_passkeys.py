"""A passkey is added and used in a real browser, whose authenticator is a virtual one."""

import re
from typing import Any

import pytest
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests import factories
from tests.journeys.passkeys import add_authenticator, by_name

pytestmark = pytest.mark.browser
PASSWORD = "ruong lua vang mua gat"


@pytest.fixture
def person(live_app: Flask, session: Session) -> Any:
    with live_app.app_context():
        return factories.make_user(session, password=hash_password(PASSWORD))


@pytest.mark.parametrize("usage", ["first", "secondary"])
def test_a_passkey_opens_the_account(phone: Page, live_server: str, session: Session, person: Any, usage: str) -> None:
    site = by_name(live_server)
    email = person.email
    session.commit()
    add_authenticator(phone)
    sign_in(phone, site, email)
    expect(phone).to_have_url(re.compile("/workspace/"))

    phone.goto(f"{site}/account/wan-register")
    phone.get_by_label("Tên khóa").fill("Điện thoại của tôi")
    phone.locator(f"input[name=usage][value={usage}]").check()
    phone.get_by_role("button", name="Thêm").click()
    expect(phone).to_have_url(re.compile("/workspace/account"))
    expect(phone.get_by_text("Đã thêm khóa truy cập Điện thoại của tôi")).to_be_visible()

    phone.context.clear_cookies()
    if usage == "first":
        phone.goto(f"{site}/account/login")
        phone.get_by_role("button", name="vân tay").click()
    else:
        sign_in(phone, site, email)
        phone.get_by_role("button", name="Dùng khóa truy cập").click()
    expect(phone).to_have_url(re.compile("/workspace/"))


def test_without_a_passkey_the_page_says_what_to_do(phone: Page, live_server: str) -> None:
    phone.goto(f"{by_name(live_server)}/account/login")
    phone.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('none'))")
    phone.get_by_role("button", name="vân tay").click()
    expect(phone.get_by_text("Chưa dùng được khóa truy cập")).to_be_visible()


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/account/login")
    page.get_by_label("Địa chỉ e-mail").fill(email)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
