"""A diary kept in a field where there is no network."""

from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import pytest
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import PHONE
from trace.services import diary
from trace.storage.diary import DiaryEntry, Season

pytestmark = pytest.mark.browser
PASSWORD = "bắp cải xanh mướt 2026"


@pytest.fixture
def season(live_app: Flask, session: Session) -> Season:
    with live_app.app_context():
        password = hash_password(normalize("NFKD", PASSWORD))
    owner = factories.make_user(session, email="sen@example.com", password=password)
    made = factories.make_season(session, factories.make_business(session, owner=owner))
    session.commit()
    return made


@pytest.fixture
def farmer(visitor: Callable[..., Page], season: Season) -> Page:
    """Signed in, and has opened the season once where there was a network."""
    page = visitor(**PHONE)
    page.goto(address(season))
    page.locator("[name=email]").first.fill("sen@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(f"**{address(season)}")
    page.wait_for_selector("#diary-offline[data-ready]", state="attached")
    return page


def address(season: Season) -> str:
    return f"/workspace/{season.business_id}/diary/{season.id}"


def write(page: Page, season: Season, note: str) -> None:
    page.goto(f"{address(season)}/note")
    page.locator("[name=note]").fill(note)
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.wait_for_url(f"**{address(season)}")


def notes(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(DiaryEntry.note).order_by(DiaryEntry.id)))


def test_what_is_written_without_a_network_is_sent_once_when_it_returns(
    farmer: Page, season: Season, session: Session
) -> None:
    farmer.context.set_offline(True)
    write(farmer, season, "Mưa")
    write(farmer, season, "Nắng")
    expect(farmer.locator("#diary-offline li")).to_have_count(2)
    expect(farmer.locator("#diary-offline")).to_contain_text("Chưa có mạng")
    assert notes(session) == []
    farmer.context.set_offline(False)
    expect(farmer.locator(".list .item")).to_have_count(2)
    expect(farmer.locator("#diary-offline")).to_be_hidden()
    assert sorted(notes(session)) == ["Mưa", "Nắng"]
    assert all(session.scalars(select(DiaryEntry.device_time)))


def test_an_answer_that_never_arrived_does_not_double_the_entry(farmer: Page, season: Season, session: Session) -> None:
    """The service keeps the entry, and the phone's tab dies before it hears so."""

    def swallow(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    farmer.context.route("**/note", swallow)
    write(farmer, season, "Bón lá")
    assert notes(session) == ["Bón lá"]
    farmer.context.unroute("**/note", swallow)
    again = farmer.context.new_page()
    farmer.close()
    again.goto(address(season))
    expect(again.locator("#diary-offline")).to_be_hidden()
    expect(again.locator(".list .item")).to_have_count(1)
    assert notes(session) == ["Bón lá"]


def test_what_is_refused_later_is_shown_and_stays_on_the_phone(farmer: Page, season: Season, session: Session) -> None:
    farmer.context.set_offline(True)
    write(farmer, season, "Tỉa cành")
    colleague = factories.make_user(session)
    factories.add_member(session, season.business, colleague)
    diary.set_closed(session, factories.actor(colleague), season.id, closed=True)
    farmer.context.set_offline(False)
    expect(farmer.locator("#diary-offline li")).to_contain_text("Mùa vụ này đã kết thúc")
    assert notes(session) == []
    farmer.once("dialog", lambda dialog: dialog.accept())
    farmer.get_by_role("button", name="Bỏ ghi chép này").click()
    expect(farmer.locator("#diary-offline li")).to_have_count(0)


def test_who_signs_out_leaves_no_page_behind(farmer: Page, season: Season) -> None:
    farmer.locator("details.menu summary").click()
    farmer.get_by_role("button", name="Đăng xuất").click()
    farmer.wait_for_url(lambda url: "/diary" not in url)
    kept = farmer.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('diary-pages')))")
    assert kept == []
