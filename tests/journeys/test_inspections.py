"""A visit to a farm without a network: planned at a desk, held with a phone, answered, closed, and seen by a shopper."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import DESK, PHONE
from tests.client import Client
from tests.farm import Farm
from tests.inspecting import plan_visit, sign_visit
from tests.journeys.test_accessibility import sign_in
from tests.pictures import encoded, halves
from trace.domain.dates import vietnam_date
from trace.services import batches
from trace.services.clock import now, today
from trace.storage.accounts import User
from trace.storage.batches import Batch
from trace.storage.files import FileStore
from trace.storage.inspection_findings import InspectionFinding
from trace.storage.inspections import Inspection, InspectionMinutes

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(session: Session) -> User:
    return factories.make_user(session)


@pytest.fixture
def officer(session: Session) -> User:
    return factories.make_officer(session)


@pytest.fixture
def farm(session: Session, owner: User) -> Farm:
    business = factories.make_business(session, owner=owner)
    site, product = factories.make_site(session, business), factories.make_product(session, business)
    session.commit()
    return Farm(session, business, site, product, factories.actor(owner))


@pytest.fixture
def batch(session: Session, farm: Farm, live_server: str) -> Batch:
    draft = farm.register(production_date=vietnam_date(now()))
    return batches.publish(session, farm.owner, draft.id, public_url=live_server)


@pytest.fixture
def inspector(visitor: Callable[..., Page], client: Client, officer: User, farm: Farm, session: Session) -> Page:
    """On a phone, with a visit planned for today, and has opened the list where there was a network."""
    plan_visit(session, factories.actor(officer), farm.business.id)
    page = visitor(**PHONE)
    sign_in(page, client, officer)
    provided(page)
    return page


def provided(page: Page) -> None:
    page.goto("/authority/inspections")
    page.wait_for_selector("#offline[data-ready]", state="attached")


def fill_in(page: Page, fault: str = "T1") -> None:
    for passed in page.locator(".result.passed input").all():
        passed.check()
    point = page.locator(f"#result_{fault}")
    point.locator(".result.minor input").check()
    point.locator("textarea").fill("Chưa ghi người giao")
    point.locator("[type=date]").fill((today() + timedelta(days=7)).isoformat())
    page.locator("[name=ended]").fill("23:59")
    page.locator("[name=conclusion]").fill("Cần ghi đủ sổ nhập")
    page.locator("[name=representative]").fill("Nguyễn Thị Sen, giám đốc")


def draw(page: Page, signature: str) -> None:
    canvas = page.locator(f"[data-signature={signature}] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 20, steps=4)
    page.mouse.up()


def put_signature(page: Page) -> None:
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Ký biên bản").click()


def signed(session: Session) -> list[InspectionMinutes]:
    session.rollback()
    return list(session.scalars(select(InspectionMinutes)))


def test_from_the_plan_to_the_shoppers_page(
    visitor: Callable[..., Page],
    client: Client,
    session: Session,
    live_app: Flask,
    farm: Farm,
    owner: User,
    officer: User,
    batch: Batch,
    tmp_path: Path,
) -> None:
    desk = visitor(**DESK)
    sign_in(desk, client, officer)
    desk.goto(f"/authority/businesses/{farm.business.id}")
    desk.get_by_role("link", name="Lên kế hoạch kiểm tra").click()
    desk.locator("[name=planned_on]").fill(today().isoformat())
    desk.locator("[name=reason]").fill("Kế hoạch năm")
    desk.get_by_role("button", name="Lưu kế hoạch").click()
    expect(desk.locator("h1")).to_have_text(farm.business.legal_name)

    phone = visitor(**PHONE)
    sign_in(phone, client, officer)
    provided(phone)
    phone.context.set_offline(True)
    phone.get_by_role("link", name=farm.business.legal_name).click()
    phone.get_by_role("link", name="Kiểm tra tại chỗ").click()
    fill_in(phone)
    phone.locator("#photo_T1").set_input_files(
        {"name": "so.jpg", "mimeType": "image/jpeg", "buffer": encoded(halves((3200, 2400)))}
    )
    phone.locator("[name=event_ids]").first.check()
    draw(phone, "officer_signature")
    draw(phone, "business_signature")
    phone.get_by_role("button", name="Xem bản nháp").click()
    expect(phone.locator("#draft")).to_contain_text("Chưa ghi người giao")
    phone.get_by_role("button", name="Viết tiếp").click()
    put_signature(phone)
    expect(phone.locator("#offline")).to_contain_text("Đang chờ mạng: 1 biên bản")
    assert signed(session) == []
    phone.context.set_offline(False)
    expect(phone.locator("#offline")).to_contain_text("Đã gửi lúc")
    [minutes] = signed(session)
    store: FileStore = live_app.extensions["trace.files"]
    paper = store.existing_path(minutes.sha256, "pdf")
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", minutes.number, "Chưa ghi người giao", "Nguyễn Thị Sen"):
        assert said in text
    assert all(minutes.content["signatures"].values())
    assert minutes.device_time

    farmer = visitor(**PHONE)
    sign_in(farmer, client, owner)
    farmer.goto(f"/workspace/{farm.business.id}/inspections")
    farmer.locator(".list a.item").click()
    farmer.locator("[name=text]").fill("Đã ghi đủ từ hôm nay")
    farmer.get_by_role("button", name="Gửi trả lời").click()
    expect(farmer.locator("article.card")).to_contain_text("Cơ sở đã trả lời")
    desk.goto("/authority/inspections/findings")
    desk.locator(".list a.item").click()
    desk.locator("[name=conclusion]").fill("Đã xem sổ")
    desk.get_by_role("button", name="Đã khắc phục").click()
    expect(desk.locator("article.card")).to_contain_text("Đã xem sổ")
    session.rollback()
    assert session.scalars(select(InspectionFinding)).one().closed_on

    shopper = visitor(**PHONE)
    shopper.goto(f"/q/{batch.public_code}")
    expect(shopper.locator("body")).to_contain_text("Cơ quan chức năng đã kiểm tra")


def test_what_was_half_written_is_there_again_when_the_tab_died(inspector: Page, session: Session) -> None:
    inspector.context.set_offline(True)
    visit = session.scalars(select(Inspection)).one()
    address = f"/authority/inspections/{visit.id}/visit"
    inspector.goto(address)
    fill_in(inspector)
    draw(inspector, "business_signature")
    inspector.wait_for_timeout(600)  # longer than a phone waits before it keeps what was typed
    again = inspector.context.new_page()
    inspector.close()
    again.goto(address)
    expect(again.locator("[name=conclusion]")).to_have_value("Cần ghi đủ sổ nhập")
    expect(again.locator("#result_T1 .minor input")).to_be_checked()
    assert again.locator("#business_signature").input_value().startswith("data:image/png")
    assert signed(session) == []
    again.context.set_offline(False)
    put_signature(again)
    again.wait_for_url(f"**/authority/inspections/{visit.id}")
    assert len(signed(session)) == 1


def test_an_answer_that_never_arrived_does_not_double_the_minutes(inspector: Page, session: Session) -> None:
    def swallow(route: Any) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visit = session.scalars(select(Inspection)).one()
    inspector.goto(f"/authority/inspections/{visit.id}/visit")
    fill_in(inspector)
    inspector.context.route("**/visit", swallow)
    with inspector.expect_event("requestfailed", lambda request: request.method == "POST"):
        put_signature(inspector)
    expect(inspector.locator("#offline li")).to_have_count(1)
    assert len(signed(session)) == 1
    inspector.context.unroute_all(behavior="wait")
    again = inspector.context.new_page()
    inspector.close()
    again.goto("/authority/inspections")
    expect(again.locator("#offline")).to_contain_text("Đã gửi lúc")
    assert len(signed(session)) == 1


def test_minutes_that_somebody_signed_meanwhile_are_not_overwritten_and_nothing_is_lost(
    inspector: Page, session: Session, officer: User, tmp_path: Path
) -> None:
    visit = session.scalars(select(Inspection)).one()
    inspector.context.set_offline(True)
    inspector.goto(f"/authority/inspections/{visit.id}/visit")
    fill_in(inspector)
    put_signature(inspector)
    expect(inspector.locator("#offline")).to_contain_text("Đang chờ mạng")
    first = sign_visit(session, factories.actor(officer), visit, FileStore(tmp_path))
    inspector.context.set_offline(False)
    expect(inspector.locator("#offline li")).to_contain_text("đã có biên bản")
    assert [each.id for each in signed(session)] == [first.id]
    inspector.get_by_role("link", name="Xem lại, sửa").click()
    expect(inspector.locator("[name=conclusion]")).to_have_value("Cần ghi đủ sổ nhập")
