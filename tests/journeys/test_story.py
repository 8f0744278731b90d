"""The chain as its people live it: three farms, a co-operative, a packing house, a shop, a shopper, the department."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

import pytest
from flask import Flask
from flask_security import hash_password
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import DESK, PHONE
from tests.journeys.recall_orders import approve_recall, order_recall
from tests.journeys.test_main_job import PASSWORD, sign_in, sign_in_officer
from tests.uploads import picture
from trace.domain.balance import MovementKind
from trace.domain.businesses import BusinessKind
from trace.domain.dates import in_vietnam
from trace.domain.sites import SiteKind
from trace.services.clock import now, today
from trace.storage.balance import Holding, Movement
from trace.storage.batches import Batch
from trace.storage.handovers import Handover

pytestmark = pytest.mark.browser
KG = 1000


@dataclass
class Place:
    """A business with one site, one product and one season, and its owner's screen."""

    name: str
    page: Page
    id: int
    season: int

    def open(self, path: str = "") -> Page:
        self.page.goto(f"/workspace/{self.id}{path}")
        return self.page


@pytest.fixture
def settle(visitor: Callable[..., Page], live_app: Flask, session: Session) -> Callable[..., Place]:
    with live_app.app_context():
        password = hash_password(normalize("NFKD", PASSWORD))

    def settle(name: str, kind: BusinessKind, site_kind: SiteKind, screen: dict[str, int] = PHONE) -> Place:
        owner = factories.make_user(session, password=password)
        business = factories.make_business(session, legal_name=name, kind=kind, owner=owner)
        site = factories.make_site(session, business, kind=site_kind)
        product = factories.make_product(session, business)
        season = factories.make_season(session, business, site_id=site.id, product_id=product.id, started_on=today())
        session.commit()
        place = Place(name, visitor(**screen), business.id, season.id)
        place.open()
        sign_in(place.page, owner.email)
        place.page.wait_for_url(f"**/workspace/{business.id}")
        return place

    return settle


def test_from_the_plot_to_the_shelf_and_back(
    settle: Callable[..., Place], visitor: Callable[..., Page], live_app: Flask, session: Session
) -> None:
    farms = [settle(f"Hộ {name} (ví dụ)", BusinessKind.HOUSEHOLD, SiteKind.GROWING_AREA) for name in ("An", "Bình")]
    farms.insert(0, settle("Hộ Sen (ví dụ)", BusinessKind.HOUSEHOLD, SiteKind.GROWING_AREA))
    cooperative = settle("Hợp tác xã Đầm (ví dụ)", BusinessKind.COOPERATIVE, SiteKind.STORE)
    packer = settle("Nhà sơ chế Bãi (ví dụ)", BusinessKind.PROCESSOR, SiteKind.PACKING_HOUSE, DESK)
    shop = settle("Cửa hàng Phố (ví dụ)", BusinessKind.SHOP, SiteKind.SHOP)

    keep_a_diary_partly_offline(farms[0])
    harvested = [harvest(farm, weight) for farm, weight in zip(farms, ("40", "30", "30"), strict=True)]
    for farm in farms:
        offer(farm, cooperative, "40" if farm is farms[0] else "30")
    for code in harvested:
        receive_by_scanning(cooperative, code)
    assert held(session, cooperative) == 100 * KG

    make(cooperative, "96", "4")
    assert held(session, cooperative) == 96 * KG
    assert_everything_is_accounted_for(session)
    offer(cooperative, packer, "96")
    receive_by_scanning(packer, newest_code(session))
    make(packer, "90", "6")
    packed = newest_code(session)
    offer(packer, shop, "90")
    receive_by_scanning(shop, packed, only="88", reason="Dập hai cân")
    assert held(session, shop) == 88 * KG
    assert_everything_is_accounted_for(session)
    sell(shop, "8")

    shopper = visitor(**PHONE)
    shopper.goto(f"/q/{packed}")
    page = shopper.locator("main")
    for seen in (*(farm.name for farm in farms), cooperative.name, packer.name, shop.name):
        expect(page).to_contain_text(seen)
    expect(page).to_contain_text("Hai bên giao nhận cùng xác nhận")

    send_failed_report(packer, packed, session)
    officer = visitor(**DESK)
    sign_in_officer(officer, live_app, session)
    confirm_report(officer)
    shopper.reload()
    expect(page).to_contain_text("Không đạt")

    order_recall(officer, harvested[0])
    shopper.goto(f"/q/{packed}")
    expect(shopper.locator("h1")).to_contain_text("tạm dừng")
    number = approve_recall(visitor(**DESK), live_app, session)
    for code, red in [(packed, True), (harvested[0], True), (harvested[1], False)]:
        shopper.goto(f"/q/{code}")
        assert ("thu hồi" in shopper.locator("h1").inner_text().lower()) is red
    shopper.goto("/recalls")
    expect(shopper.locator("main")).to_contain_text(number)

    acknowledge(shop, located="80")
    for place in (farms[0], cooperative, packer):
        acknowledge(place)
    assert held(session, shop) == 0
    assert_everything_is_accounted_for(session)

    text = close_and_read_report(officer)
    for wanted in (number, "80 kg", shop.name):
        assert wanted in text


def keep_a_diary_partly_offline(farm: Place) -> None:
    address = f"/diary/{farm.season}"
    page = farm.open(address)
    page.wait_for_selector("#offline[data-ready]", state="attached")
    page.context.set_offline(True)
    for kind, field, value in (("note", "note", "Nhổ cỏ"), ("irrigation", "material", "Nước giếng khoan")):
        farm.open(f"{address}/{kind}")
        page.locator(f"[name={field}]").fill(value)
        page.get_by_role("button", name="Ghi", exact=True).click()
        page.wait_for_url(f"**{address}")
    page.context.set_offline(False)
    expect(page.locator(".list .item")).to_have_count(2)
    farm.open(f"{address}/harvest")
    page.locator("[name=amount]").fill("40")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".list .item")).to_have_count(3)


def harvest(farm: Place, weight: str) -> str:
    """Register and publish a batch of the season; its code."""
    page = farm.open(f"/batches/new?season={farm.season}")
    page.locator("[name=amount]").fill(weight)
    page.get_by_role("button", name="Lưu và công bố").click()
    page.get_by_role("button", name="Ghi đóng gói").click()
    found = re.search(r"/q/([0-9A-Z]{10})", page.content())
    assert found
    return found[1]


def offer(seller: Place, buyer: Place, weight: str) -> None:
    page = seller.open("/handovers/new")
    page.locator("main .list a.item").first.click()
    page.locator("[name=amount]").fill(weight)
    page.locator("[name=buyer]").fill(buyer.name)
    page.get_by_role("button", name="Ghi giao hàng").click()
    expect(page.get_by_text("Chờ bên nhận xác nhận")).to_be_visible()


def receive_by_scanning(buyer: Place, code: str, *, only: str | None = None, reason: str = "") -> None:
    page = buyer.page
    page.goto(f"/q/{code}")
    page.get_by_role("link", name="Nhận chuyến hàng này").click()
    if only is None:
        page.get_by_role("button", name=re.compile("^Nhận đủ")).click()
    else:
        page.get_by_text("Nhận thiếu", exact=True).click()
        page.locator("[name=received]").fill(only)
        page.locator("[name=reason]").first.fill(reason)
        page.get_by_role("button", name="Nhận phần này").click()
    expect(page.get_by_role("button", name=re.compile("^Nhận"))).to_have_count(0)


def make(place: Place, weight: str, loss: str) -> None:
    """One batch of everything in stock."""
    page = place.open("/stock")
    for box in page.locator("main .list [name=batch]").all():
        box.check()
    page.get_by_role("button", name="Làm ra lô mới từ các lô đã chọn").click()
    page.locator("[name=amount]").fill(weight)
    page.locator("[name=loss]").fill(loss)
    page.get_by_role("button", name="Kiểm tra các số").click()
    page.get_by_role("button", name="Ghi và công bố lô này").click()
    page.wait_for_url(f"**/workspace/{place.id}/batches/*")


def sell(shop: Place, weight: str) -> None:
    page = shop.open("/stock")
    page.locator("main .list a.item").first.click()
    page.get_by_role("link", name=re.compile("^Bán lẻ")).click()
    page.locator("[name=kind][value=sold]").check(force=True)
    page.locator("[name=amount]").fill(weight)
    page.get_by_role("button", name="Ghi và trừ kho").click()
    expect(page.get_by_role("link", name="Trong kho").first).to_be_visible()


def send_failed_report(packer: Place, code: str, session: Session) -> None:
    batch = session.scalars(select(Batch.id).where(Batch.public_code == code)).one()
    page = packer.open(f"/batches/{batch}/steps")
    page.get_by_role("link", name="Kiểm nghiệm").click()
    page.locator("[name=paper]").set_input_files({"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()})
    page.locator("[name=passed][value=no]").check(force=True)
    page.locator("[name=laboratory]").fill("Phòng kiểm nghiệm Sao (ví dụ)")
    page.locator("[name=report]").fill("KN-01/2026")
    page.locator("[name=sampled_at]").fill(f"{in_vietnam(now()):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("main")).to_contain_text("KN-01/2026")


def confirm_report(officer: Page) -> None:
    officer.goto("/authority/laboratory")
    officer.locator("main .list a.item").first.click()
    officer.locator("main [name=reason]").fill("Đã so với phiếu gốc")
    officer.get_by_role("button", name="Phiếu đúng, giữ lô lại").click()
    expect(officer.locator("main [role=status], main .notice, .flash").first).to_be_visible()


def acknowledge(place: Place, *, located: str | None = None) -> None:
    page = place.open("/recalls")
    page.locator("main .list a.item").first.click()
    if located:
        page.locator("main [name^=amount-]").fill(located)
        page.locator("main [name^=disposal-]").select_option("destruction")
    page.get_by_role("button", name=re.compile("^Xác nhận")).click()
    expect(page.get_by_text("Đã xác nhận").first).to_be_visible()


def close_and_read_report(officer: Page) -> str:
    officer.reload()
    expect(officer.locator(".figure").first).to_have_text(re.compile(r"^100(,0)?\s?%$"))
    officer.locator("[name=conclusion]").fill("Đã tiêu hủy toàn bộ số hàng tìm thấy.")
    officer.get_by_role("button", name="Kết thúc", exact=True).click()
    with officer.expect_download() as download:
        officer.get_by_role("link", name="Báo cáo PDF").click()
    said = subprocess.run(["pdftotext", "-layout", download.value.path(), "-"], capture_output=True, check=True)
    return normalize("NFC", said.stdout.decode())


def newest_code(session: Session) -> str:
    session.rollback()
    code = session.scalars(select(Batch.public_code).order_by(Batch.id.desc()).limit(1)).one()
    assert code
    return code


def held(session: Session, place: Place) -> int:
    session.rollback()
    return int(session.scalar(select(func.sum(Holding.amount)).where(Holding.business_id == place.id)) or 0)


def assert_everything_is_accounted_for(session: Session) -> None:
    """Of each batch: in stock, used, gone, on the way and lost on the way make what there was of it."""
    session.rollback()
    for batch in session.scalars(select(Batch)):
        in_stock = session.scalar(select(func.sum(Holding.amount)).where(Holding.batch_id == batch.id)) or 0
        gone = (
            session.scalar(
                select(func.sum(Movement.amount)).where(
                    Movement.batch_id == batch.id, Movement.kind != MovementKind.SHIPPED
                )
            )
            or 0
        )
        missing = sum(
            one.sent - (one.received or 0)
            for one in session.scalars(select(Handover).where(Handover.batch_id == batch.id))
            if one.status in ("offered", "accepted", "accepted_with_difference")
        )
        assert in_stock + gone + missing == batch.amount, batch.lot
