"""A diary kept in a field where there is no network."""

from collections.abc import Callable, Iterator
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
from tests.pictures import encoded, halves
from trace.domain.diary import EntryFacts, EntryKind
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
def farmer(visitor: Callable[..., Page], season: Season) -> Iterator[Page]:
    """Signed in, and has opened the season once where there was a network."""
    page = visitor(**PHONE)
    page.goto(address(season))
    page.locator("[name=email]").first.fill("sen@example.com")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(f"**{address(season)}")
    page.wait_for_selector("#offline[data-ready]", state="attached")
    yield page
    for opened in page.context.pages:  # what it still fetches, it fetches from this test's database
        opened.wait_for_load_state("networkidle")


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
    expect(farmer.locator("#offline li")).to_have_count(2)
    expect(farmer.locator("#offline")).to_contain_text("Đang chờ mạng: 2 mục")
    assert notes(session) == []
    farmer.context.set_offline(False)
    expect(farmer.locator(".list .item")).to_have_count(2)
    expect(farmer.locator("#offline")).to_contain_text("Đã gửi lúc")
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
    expect(again.locator("#offline")).to_contain_text("Đã gửi lúc")
    expect(again.locator(".list .item")).to_have_count(1)
    assert notes(session) == ["Bón lá"]


@pytest.mark.parametrize("arrived", [True, False])
def test_a_photo_taken_in_the_field_is_neither_lost_nor_doubled_when_the_tab_dies_on_its_way(
    farmer: Page, season: Season, session: Session, arrived: bool
) -> None:
    """The tab is killed while the photo is on its way: before it has arrived, or before its answer has."""

    def kill(route: Any) -> None:
        if route.request.method == "POST":
            if arrived:
                route.fetch()
            killed.append(route)
        else:
            route.continue_()

    killed: list[Any] = []
    farmer.context.set_offline(True)
    farmer.goto(f"{address(season)}/note")
    farmer.locator("[name=note]").fill("Lá vàng")
    photo = encoded(halves((3200, 2400)))
    farmer.locator("#photo").set_input_files({"name": "la.jpg", "mimeType": "image/jpeg", "buffer": photo})
    farmer.get_by_role("button", name="Ghi", exact=True).click()
    farmer.wait_for_url(f"**{address(season)}")
    farmer.context.route("**/note", kill)
    farmer.context.set_offline(False)
    while not killed:
        farmer.wait_for_timeout(50)
    assert notes(session) == ["Lá vàng"] * arrived
    again = farmer.context.new_page()
    farmer.close()
    farmer.context.unroute("**/note", kill)
    again.goto(address(season))
    expect(again.locator(".list .item img")).to_have_count(1)
    (entry,) = session.scalars(select(DiaryEntry))
    assert entry.photo
    assert entry.photo.width == 1600


def test_two_corrections_of_one_entry_are_both_shown_and_one_is_chosen(
    farmer: Page, season: Season, session: Session
) -> None:
    write(farmer, season, "Tưới sáng")
    entry = session.scalars(select(DiaryEntry)).one()
    farmer.reload()
    farmer.wait_for_selector("#offline[data-ready]", state="attached")
    farmer.context.set_offline(True)
    farmer.get_by_role("link", name="Đính chính").click()
    farmer.locator("[name=note]").fill("Tưới chiều")
    farmer.locator("[name=reason]").fill("Nhớ nhầm")
    farmer.get_by_role("button", name="Lưu đính chính").click()
    expect(farmer.locator("#offline li")).to_have_count(1)
    colleague = factories.make_user(session, name="Anh Ba")
    factories.add_member(session, season.business, colleague)
    theirs = EntryFacts(kind=EntryKind.NOTE, happened_on=entry.happened_on, note="Tưới trưa")
    diary.correct(session, factories.actor(colleague), entry.id, theirs, reason="Xem lại", seen_id=entry.id)
    farmer.context.set_offline(False)
    expect(farmer.locator("#offline li")).to_contain_text("người khác sửa")
    farmer.get_by_role("link", name="Xem lại, sửa").click()
    both = farmer.locator("#both")
    expect(both).to_contain_text("Anh Ba")
    expect(both.locator("tbody td")).to_have_text(["Tưới trưa", "Tưới chiều"])
    farmer.get_by_role("button", name="Lưu đính chính").click()
    expect(farmer.locator(".list .item")).to_contain_text("Tưới chiều")
    expect(farmer.locator("#offline li")).to_have_count(0)
    assert notes(session) == ["Tưới sáng", "Tưới trưa", "Tưới chiều"]


def test_watering_again_takes_three_taps_from_the_list_of_seasons(
    farmer: Page, season: Season, session: Session
) -> None:
    factories.make_diary_entry(session, season, kind=EntryKind.IRRIGATION, material="Nước giếng", note="")
    farmer.add_init_script(
        "addEventListener('click', () => sessionStorage.taps = 1 + Number(sessionStorage.taps ?? 0), true)"
    )
    farmer.goto(f"/workspace/{season.business_id}/diary")
    farmer.locator(".list a.item").tap()
    farmer.locator(".diary-kinds").get_by_role("link", name="Tưới nước").tap()
    farmer.get_by_role("button", name="Ghi", exact=True).tap()
    expect(farmer.locator(".list .item")).to_have_count(2)
    assert farmer.evaluate("Number(sessionStorage.taps)") <= 3
    assert session.scalars(select(DiaryEntry.material)).all() == ["Nước giếng"] * 2


def test_what_is_refused_later_is_shown_and_stays_on_the_phone(farmer: Page, season: Season, session: Session) -> None:
    farmer.context.set_offline(True)
    write(farmer, season, "Tỉa cành")
    colleague = factories.make_user(session)
    factories.add_member(session, season.business, colleague)
    diary.set_closed(session, factories.actor(colleague), season.id, closed=True)
    farmer.context.set_offline(False)
    expect(farmer.locator("#offline li")).to_contain_text("Mùa vụ này đã kết thúc")
    assert notes(session) == []
    farmer.once("dialog", lambda dialog: dialog.accept())
    farmer.get_by_role("button", name="Bỏ ghi chép này").click()
    expect(farmer.locator("#offline li")).to_have_count(0)


def test_what_is_thrown_away_while_it_is_being_sent_does_not_come_back(farmer: Page, season: Season) -> None:
    farmer.context.set_offline(True)
    write(farmer, season, "Tỉa cành")
    refusal = {"status": 422, "json": {"errors": ["Mùa vụ này đã kết thúc"]}}
    under_way: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif under_way:
            route.fulfill(**refusal)
        else:
            under_way.append(route)

    farmer.route("**/diary/**", hold)
    with farmer.expect_request(lambda request: request.method == "POST"):
        farmer.context.set_offline(False)
    farmer.once("dialog", lambda dialog: dialog.accept())
    farmer.get_by_role("button", name="Bỏ ghi chép này").click()
    expect(farmer.locator("#offline li")).to_have_count(0)
    with farmer.expect_response(lambda response: response.request.method == "POST"):
        under_way[0].fulfill(**refusal)
    farmer.evaluate("navigator.locks.request('diary', () => true)")
    farmer.evaluate("show()")
    expect(farmer.locator("#offline li")).to_have_count(0)


def test_who_signs_out_leaves_no_page_behind(farmer: Page, season: Season) -> None:
    farmer.locator("details.menu summary").click()
    farmer.get_by_role("button", name="Đăng xuất").click()
    farmer.wait_for_url(lambda url: "/diary" not in url)
    kept = farmer.evaluate("caches.keys().then((names) => names.filter((name) => name.startsWith('offline-pages')))")
    assert kept == []
