"""An officer follows a plan: results, derivations, figures from outside, and the register of activities."""

import io
import re
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.planning import make_activity
from trace.domain.activities import ActivityKind
from trace.storage.activities import Activity
from trace.storage.plans import Plan, PlanIndicator

pytestmark = [pytest.mark.usefixtures("in_march")]
NEW = {
    "number": "12/KH-UBND",
    "title": "Kế hoạch năm 2026",
    "issuer": "UBND thành phố Hà Nội",
    "starts_on": "01/01/2026",
    "ends_on": "31/12/2026",
    "source": "Công báo",
}


@pytest.fixture
def plan(client: Client, officer: Any, session: Session) -> Plan:
    earlier = session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    assert client.submit(f"/authority/plans/new?copy={earlier.id}", NEW).status_code == 303
    session.rollback()
    return session.scalars(select(Plan).where(Plan.number == "12/KH-UBND")).one()


def indicator(session: Session, plan: Plan, ref: str) -> int:
    asked = select(PlanIndicator.id).where(PlanIndicator.plan_id == plan.id, PlanIndicator.ref == ref)
    return session.scalars(asked.order_by(PlanIndicator.id.desc())).first() or 0


def test_a_plan_shows_each_indicator_with_its_result_and_the_way_to_its_derivation(
    client: Client, session: Session, plan: Plan
) -> None:
    make_activity(session, kind=ActivityKind.CONNECTION_EVENT, title="Hội nghị tháng hai")
    page = client.get(f"/authority/plans/{plan.id}?period=2026-H1").text
    assert "6 tháng đầu năm 2026" in page
    row = indicator(session, plan, "PL 3 (1)")
    assert f"/authority/plans/indicators/{row}?period=2026-H1" in page
    assert re.search(r'<progress class="progress" max="100" value="50"', page)
    derived = client.get(f"/authority/plans/indicators/{row}?period=2026-H1").text
    assert "Hội nghị tháng hai" in derived
    assert "Mẫu số bằng 0" in client.get(f"/authority/plans/indicators/{indicator(session, plan, 'I.4.4')}").text


def test_a_period_without_figures_says_so(client: Client, session: Session, officer: Any) -> None:
    old = session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    assert "chưa có số liệu nào trong kỳ này" in client.get(f"/authority/plans/{old.id}?period=2020-H1").text
    assert client.get(f"/authority/plans/{old.id}?period=2031").status_code == 404
    assert client.get(f"/authority/plans/{old.id}?period=hom-nay").status_code == 422


def test_a_figure_is_entered_and_corrected(client: Client, session: Session, plan: Plan) -> None:
    row = indicator(session, plan, "I.4.3")
    page, form = f"/authority/plans/indicators/{row}?period=2026-H1", f"/authority/plans/indicators/{row}/figures"
    facts = {"period": "2026-H1", "value": "41,5", "source": "Báo cáo 15/BC-BQL"}
    assert client.submit(form, {**facts, "version": ""}, form=page).status_code == 303
    refused = client.submit(form, {**facts, "value": "nhiều", "version": "1"}, form=page)
    assert refused.status_code == 422
    assert "Hãy nhập một con số" in refused.text
    assert (
        client.submit(form, {**facts, "value": "43", "version": "1", "note": "Cộng sót"}, form=page).status_code == 303
    )
    shown = client.get(page).text
    assert "41,5%" in shown
    assert "Cộng sót" in shown
    assert "đạt 61%" in shown


def test_results_are_taken_away_as_a_file(client: Client, session: Session, plan: Plan) -> None:
    make_activity(session, kind=ActivityKind.LEAFLET, count=5000)
    answer = client.get(f"/authority/plans/{plan.id}/results.xlsx?period=2026-H1")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[7] for row in rows if row[1] == "Tờ rơi"] == [5000]
    assert "Tờ rơi" in client.get(f"/authority/plans/{plan.id}/results.csv?period=2026-H1").text


def test_an_indicator_is_published_anew(client: Client, session: Session, plan: Plan) -> None:
    row = indicator(session, plan, "PL 1, 2, 5, 6, 8, 9 (1)")
    form = {
        "name": "Bài báo",
        "formula": "Đếm trong sổ",
        "measured": "activities",
        "activity_kind": "article",
        "unit": "bài",
        "target": "20",
        "frequency": "half_year",
        "valid_from": "01/01/2026",
        "source": "Phụ lục 1",
        "reason": "Nhập theo bản gốc",
        "version": "1",
    }
    refused = client.submit(f"/authority/plans/indicators/{row}/edit", {**form, "target": "hai mươi"})
    assert refused.status_code == 422
    assert client.submit(f"/authority/plans/indicators/{row}/edit", form).status_code == 303
    assert "20 bài" in client.get(f"/authority/plans/{plan.id}").text
    added = {**form, "ref": "I.9", "version": ""}
    assert client.submit(f"/authority/plans/{plan.id}/indicators/new", added).status_code == 303
    assert client.submit(f"/authority/plans/{plan.id}/indicators/new", added).status_code == 422


def test_the_register_is_written_read_changed_and_withdrawn_from(
    client: Client, session: Session, officer: Any
) -> None:
    shop = factories.make_business(session, legal_name="Siêu thị Hồng Hà")
    facts = {"kind": "class", "title": "Lớp sản xuất sạch hơn", "held_on": "01/02/2026", "count": "1"}
    assert "Cần ít nhất một minh chứng" in client.submit("/authority/activities/new", facts).text
    made = client.submit("/authority/activities/new", {**facts, "links": "https://example.vn/lop"})
    assert made.status_code == 303
    page = made.headers["Location"]
    activity_id = int(page.rsplit("/", 1)[1])
    assert "Siêu thị Hồng Hà" in client.get(f"{page}?business=hong+ha").text
    assert client.submit(f"{page}/participants", {"business_id": str(shop.id)}, form=page).status_code == 303
    assert "Siêu thị Hồng Hà" in client.get(page).text
    listed = client.get("/authority/activities?kind=class&period=2026-H1").text
    assert "Lớp sản xuất sạch hơn" in listed
    assert "Lớp sản xuất sạch hơn" not in client.get("/authority/activities?period=2025").text
    assert "Lớp sản xuất sạch hơn" in client.get("/authority/exports/activities.csv?kind=class").text
    assert client.submit(f"{page}/withdraw", {"reason": "", "version": "1"}, form=page).status_code == 422
    assert client.submit(f"{page}/withdraw", {"reason": "Ghi nhầm", "version": "1"}, form=page).status_code == 303
    assert "Lớp sản xuất sạch hơn" not in client.get("/authority/activities").text
    session.rollback()
    assert session.get_one(Activity, activity_id).withdrawn_reason == "Ghi nhầm"


def test_a_report_is_drafted_frozen_and_taken_away(client: Client, session: Session, plan: Plan) -> None:
    make_activity(session, kind=ActivityKind.CONNECTION_EVENT, title="Hội nghị tháng hai")
    new = f"/authority/plans/{plan.id}/reports/new?period=2026-H1"
    texts = {"parent_agency": "UBND thành phố Hà Nội", "agency": "Sở", "place": "Hà Nội", "signer_title": "Giám đốc"}
    assert "Căn cứ Kế hoạch số 12/KH-UBND" in client.get(new).text
    assert client.submit(new, {**texts, "agency": ""}).status_code == 422
    page = client.submit(new, {**texts, "difficulties": "Thiếu máy in tem."}).headers["Location"]
    assert "Thiếu máy in tem." in client.get(page).text
    assert client.submit(f"{page}/edit", {**texts, "difficulties": "Thiếu mạng.", "version": "1"}).status_code == 303
    assert client.submit(f"{page}/freeze", {"version": "1"}, form=page).status_code == 422
    assert client.submit(f"{page}/freeze", {"version": "2"}, form=page).status_code == 303
    shown = client.get(page).text
    assert "SHA-256" in shown
    assert "Thiếu mạng." in shown
    assert f"{page}/edit" not in shown
    for extension, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        assert client.get(f"{page}/report.{extension}").data.startswith(begins)
    assert "Đã chốt" in client.get("/authority/reports").text
    draft = client.submit(new, texts).headers["Location"]
    assert client.submit(f"{draft}/delete", {"version": "1"}, form=draft).status_code == 303
    assert client.get(draft).status_code == 404
