"""The department's job on real screens: from the official list to the broken step, a visit, its follow-up, and the report."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests import factories
from tests.browser import DESK, PHONE
from tests.client import Client
from tests.farm import URL, Farm, make_farm
from tests.journeys.test_accessibility import sign_in
from tests.journeys.test_inspections import draw, fill_in, provided, put_signature
from tests.journeys.test_main_job import headline, sign_in_officer
from tests.pdf_text import text_of
from tests.trade import make_trade
from trace.domain.dates import vietnam_date
from trace.services import chain, label_issues
from trace.services.clock import now
from trace.services.label_issues import IssueOrder
from trace.services.settling import settle
from trace.storage.accounts import User
from trace.storage.businesses import Business

pytestmark = pytest.mark.browser

SEEN, BROKEN, ABSENT = "Hợp tác xã Rau Đầm Sen (ví dụ)", "Hợp tác xã Rau Bến Đò (ví dụ)", "Trại nấm Cuối Ngõ (ví dụ)"
TAX_CODES = {SEEN: "0109876042", BROKEN: "0109999904"}


def make_listed_farm(session: Session, name: str) -> Farm:
    farm = make_farm(session)
    business: Business = farm.business
    business.legal_name, business.tax_code = name, TAX_CODES[name]
    session.commit()
    return farm


def go_all_the_way(farm: Farm) -> None:
    """A batch with everything the law asks for, its labels, and a shop that confirms what it got."""
    batch = farm.published(production_date=vietnam_date(now()))
    chain.record_packing(farm.session, farm.owner, batch.id, at=now(), site_id=farm.site.id, public_url=URL)
    order = IssueOrder(count=4)
    label_issues.issue(farm.session, farm.owner, batch.id, order, keys=factories.STAMP_KEYS, public_url=URL)
    trade = make_trade(farm)
    trade.accept(trade.offer(batch))


@pytest.fixture
def broken(session: Session) -> Farm:
    """Sells what was never packed, so one of the ten contents is missing; beside it a farm that lacks nothing."""
    go_all_the_way(make_listed_farm(session, SEEN))
    farm = make_listed_farm(session, BROKEN)
    farm.published(production_date=vietnam_date(now()))
    settle(session)
    return farm


def test_from_the_list_to_the_broken_step_a_visit_its_follow_up_and_the_report(
    visitor: Callable[..., Page], client: Client, live_app: Flask, session: Session, broken: Farm, tmp_path: Path
) -> None:
    desk, phone, farmer = visitor(**DESK), visitor(**PHONE), visitor(**PHONE)
    sign_in_officer(desk, live_app, session)

    import_list(desk, tmp_path)
    assert headline(desk) == "1 trên 3 cơ sở"

    drill_to_the_business_that_lacks_a_content(desk)
    plan_a_visit_for_today(desk)

    sign_in(phone, client, factories.make_officer(session, name="Trần Văn An"))
    inspect_without_a_network(phone, session)

    owner = session.get_one(User, broken.owner.user_id)
    sign_in(farmer, client, owner)
    answer(farmer, broken.business.id)
    close_the_finding(desk)

    word, paper = report(desk)
    of_the_list = "Cộng 3 2 1 1 1"  # on it, enrolled, with all ten contents, handed over, traceable end to end
    held = "Kế hoạch có 1 cuộc kiểm tra trong kỳ, đã làm 1 (xếp loại A 0, loại B 1, loại C 0)"
    found = "Có 1 sai lỗi đến hạn trong kỳ, 1 đã khắc phục đúng hạn."
    for said in (word, paper):
        assert held in said
        assert found in said
        assert of_the_list in said


def import_list(page: Page, folder: Path) -> None:
    listed = folder / "danh-sach.csv"
    rows = [f'{name},{TAX_CODES.get(name, "")},"Phường Hoàn Kiếm, Hà Nội"' for name in (SEEN, BROKEN, ABSENT)]
    listed.write_text("\n".join(["Tên cơ sở,Mã số thuế,Địa chỉ", *rows]), encoding="utf-8-sig")
    page.goto("/authority/register/import")
    page.locator("[name=file]").set_input_files(listed)
    page.locator("[name=as_of]").fill((vietnam_date(now()) - timedelta(days=1)).isoformat())
    page.locator("[name=source]").fill("Danh sách ví dụ của Sở")
    page.get_by_role("button", name="Đọc tệp và xem trước").click()
    page.get_by_role("button", name="Đưa vào sử dụng").click()


def drill_to_the_business_that_lacks_a_content(page: Page) -> None:
    stage = page.locator(".stages li", has_text="Lô đủ mười nội dung")
    expect(stage).to_contain_text("1/3")
    stage.get_by_role("link").click()
    expect(page.locator(".item-title")).to_have_text([BROKEN])
    page.get_by_role("link", name=BROKEN).click()


def plan_a_visit_for_today(page: Page) -> None:
    page.get_by_role("link", name="Lên kế hoạch kiểm tra").click()
    page.locator("[name=planned_on]").fill(vietnam_date(now()).isoformat())
    page.locator("[name=reason]").fill("Lô hàng bán ra chưa ghi đóng gói")
    page.get_by_role("button", name="Lưu kế hoạch").click()
    expect(page.locator("h1")).to_have_text(BROKEN)


def inspect_without_a_network(page: Page, session: Session) -> None:
    provided(page)
    page.context.set_offline(True)
    page.get_by_role("link", name=BROKEN).click()
    page.get_by_role("link", name="Kiểm tra tại chỗ").click()
    fill_in(page)
    expect(page.locator("#grade-hint")).to_contain_text("loại A")  # one minor fault
    page.get_by_label("Loại B").check()
    page.get_by_role("button", name="Ký biên bản").click()
    expect(page.locator("[name=grade_reason]")).to_be_focused()  # nothing is signed that the service would refuse
    page.locator("[name=grade_reason]").fill("Sổ nhập hàng chưa đủ")
    for signature in ("officer_signature", "business_signature"):
        draw(page, signature)
    put_signature(page)
    expect(page.locator("#offline")).to_contain_text("Đang chờ mạng: 1 biên bản")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_contain_text("Đã gửi lúc")


def answer(page: Page, business_id: int) -> None:
    page.goto(f"/workspace/{business_id}/inspections")
    page.locator(".list a.item").click()
    page.locator("[name=text]").fill("Đã ghi đủ từ hôm nay")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.locator("article.card")).to_contain_text("Cơ sở đã trả lời")


def close_the_finding(page: Page) -> None:
    page.goto("/authority/inspections/findings")
    page.locator(".list a.item").click()
    page.locator("[name=conclusion]").fill("Đã xem sổ")
    page.get_by_role("button", name="Đã khắc phục").click()
    expect(page.locator("article.card")).to_contain_text("Đã xem sổ")


def report(page: Page) -> tuple[str, str]:
    """Of this year, with the indicators of plan 96/KH-UBND: what Word's and the PDF's own files say."""
    year = vietnam_date(now()).year
    page.goto("/authority/plans")
    page.get_by_role("link", name="96/KH-UBND").click()
    page.get_by_role("link", name="Sao chép sang kế hoạch mới").click()
    for name, value in {
        "number": "12/KH-UBND",
        "title": f"Kế hoạch năm {year}",
        "starts_on": f"{year}-01-01",
        "ends_on": f"{year}-12-31",
        "source": "Văn bản ví dụ",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main form button.primary").click()
    page.get_by_role("link", name=f"Năm {year}", exact=True).click()
    page.get_by_role("link", name="Lập báo cáo").click()
    page.get_by_role("button", name="Lưu bản nháp").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Chốt báo cáo").click()
    expect(page.locator("main")).to_contain_text("Đã chốt lúc")
    return words_of(Document(io.BytesIO(downloaded(page, "DOCX")))), text_of(downloaded(page, "PDF"))


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


def words_of(document: DocumentObject) -> str:
    """Its paragraphs, then its tables row by row, a blank between two cells."""
    rows = [row.cells for table in document.tables for row in table.rows]
    return "\n".join(
        [each.text for each in document.paragraphs] + [" ".join(cell.text for cell in row) for row in rows]
    )
