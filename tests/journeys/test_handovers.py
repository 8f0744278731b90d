"""Goods are given at a desk and received by scanning their code with a phone."""

from collections.abc import Callable
from unicodedata import normalize

import pytest
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser import DESK, PHONE
from tests.farm import make_farm
from tests.trade import make_trade
from trace.domain.handovers import HandoverStatus
from trace.services.clock import today
from trace.storage.accounts import User
from trace.storage.handovers import Handover

pytestmark = pytest.mark.browser
PASSWORD = "bắp cải xanh mướt 2026"


def sign_in(page: Page, user: User) -> None:
    page.goto("/account/login")
    page.locator("[name=email]").first.fill(user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/workspace/**")


def test_a_delivery_is_received_short_in_three_taps(
    live_app: Flask, session: Session, visitor: Callable[..., Page]
) -> None:
    trade = make_trade(make_farm(session))
    seller, buyer = (session.get_one(User, actor.user_id) for actor in (trade.farm.owner, trade.buyer))
    with live_app.app_context():
        seller.password = buyer.password = hash_password(normalize("NFKD", PASSWORD))
    batch = trade.farm.published(amount=120_000, production_date=today())
    session.commit()

    desk = visitor(**DESK)
    sign_in(desk, seller)
    desk.goto(f"/workspace/{trade.farm.business.id}/handovers/new?batch={batch.id}")
    desk.locator("#amount").fill("50")
    desk.locator("#buyer").fill("cua hang rau sach")
    desk.get_by_role("button", name="Ghi giao hàng").click()
    expect(desk.locator("main")).to_contain_text("Chờ nhận")

    phone = visitor(**PHONE)
    sign_in(phone, buyer)
    phone.goto(f"/q/{batch.public_code}")
    taps = (
        phone.get_by_role("link", name="Nhận chuyến hàng này"),
        phone.get_by_text("Nhận thiếu"),
        phone.get_by_role("button", name="Nhận phần này"),
    )
    taps[0].click()
    expect(
        phone.get_by_role("button", name="Nhận đủ 50 kg")
    ).to_be_in_viewport()  # all of it would take this one tap more
    taps[1].click()
    phone.locator("#received").fill("48")
    phone.locator("#reason").fill("Dập hai cân")
    taps[2].click()
    expect(phone.locator("main")).to_contain_text("thiếu 2 kg")
    assert len(taps) <= 3

    session.rollback()
    got = session.scalars(select(Handover)).one()
    assert (got.status, got.received) == (HandoverStatus.ACCEPTED_WITH_DIFFERENCE, 48_000)
