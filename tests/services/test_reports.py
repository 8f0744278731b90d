"""A report says for ever what it said when it was frozen, and its files say what it says."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from docx import Document
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.pdf_text import text_of
from tests.planning import make_activity
from trace.domain.activities import ActivityKind
from trace.domain.batches import BatchStatus
from trace.domain.errors import Conflict, InvalidFields
from trace.domain.permissions import Actor
from trace.domain.plans import Period, PeriodOutsidePlan
from trace.domain.reach import Reach
from trace.domain.reports import ReportFrozen, ReportTexts, canonical
from trace.services import plans, reports, snapshots
from trace.services.plan_facts import FigureFacts, PlanFacts
from trace.services.report_files import report_file
from trace.services.report_snapshots import Content, content_of, figures
from trace.storage.coverage import Match
from trace.storage.plans import Plan, PlanIndicator
from trace.storage.reports import Report
from trace.storage.snapshots import snapshots_newest

URL = "https://truyxuat.example.vn"
HALF = Period(2026, 1)
TEXTS = ReportTexts(
    parent_agency="UBND thành phố Hà Nội",
    agency="Sở Nông nghiệp và Môi trường",
    symbol="125/BC-SNNMT",
    place="Hà Nội",
    dated_on=date(2026, 7, 5),
    basis="Căn cứ Kế hoạch số 12/KH-UBND;",
    difficulties="Nhiều hộ chưa có điện thoại.",
    recipients="Như trên;\nLưu: VT.",
    signer_title="Giám đốc",
    signer_name="Nguyễn Văn Hà",
)
FACTS = PlanFacts(
    number="12/KH-UBND",
    title="Kế hoạch năm 2026",
    issuer="UBND thành phố Hà Nội",
    issued_on=None,
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    source="Công báo",
)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Cán bộ Hà"))


@pytest.fixture
def report(session: Session, officer: Actor, clock: Clock) -> Report:
    """Of the first half of 2026: two batches, one of them complete, 5,700 leaflets, 41.5 % from outside. Coverage was kept
    in March; it is July."""
    clock.set(factories.NOW)
    earlier = session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    plan = plans.add(session, officer, FACTS, copied_from=earlier.id)
    farm = factories.make_business(session, last_event_on=factories.NOW.date())
    listed = factories.make_register_list(session, as_of=date(2026, 1, 1), source="Sở NN và MT")
    factories.make_register_entry(session, listed, business_id=farm.id, match=Match.TAX_CODE)
    published = {"status": BatchStatus.PUBLISHED, "published_at": datetime(2026, 2, 10, tzinfo=UTC)}
    factories.make_batch(session, farm, complete=True, reach=Reach.COMPLETE, **published)
    factories.make_batch(session, farm, complete=False, reach=Reach.PUBLISHED, **published)
    snapshots.take(session)
    clock.set(datetime(2026, 7, 5, 2, tzinfo=UTC))
    make_activity(session, kind=ActivityKind.LEAFLET, title="Tờ rơi truy xuất", count=5700)
    outside = session.scalars(
        select(PlanIndicator).where(PlanIndicator.plan_id == plan.id, PlanIndicator.ref == "I.4.3")
    ).one()
    facts = FigureFacts(period=HALF, value=Decimal("41.5"), source="Báo cáo 15/BC-BQL")
    plans.enter_figure(session, officer, outside.id, facts)
    return reports.draft(session, officer, plan.id, HALF, TEXTS)


def by(figures: Content) -> dict[str, Any]:
    found: dict[str, Any] = figures["coverage"]["by"]
    return found


def by_ref(content: Content) -> dict[str, Any]:
    return {row["ref"]: row for row in content["figures"]["results"]}


def words(content: Content) -> str:
    document = Document(io.BytesIO(report_file(content, "docx")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_same_data_give_the_same_bytes(session: Session, officer: Actor, report: Report) -> None:
    once, again = (figures(session, officer, report.plan, HALF, public_url=URL) for _ in range(2))
    assert canonical(once) == canonical(again)
    row = by_ref({"figures": once})["I.4.4 b (1)"]
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 2, "50.0")
    assert row["link"].startswith(f"{URL}/authority/plans/indicators/")
    assert once["coverage"]["link"] == f"{URL}/authority/coverage/derivation?day=2026-03-02"
    assert [each["numerator"] for each in once["coverage"]["stages"]] == [1, 1, 1, 1, 0, 0, 0]
    assert {name: [(row["name"], row["complete"]) for row in found["rows"]] for name, found in by(once).items()} == {
        "commodity": [("Rau, củ", 1)],
        "chain": [("Không thuộc chuỗi nào", 1)],
        "commune": [("Phường Hoàn Kiếm", 1)],
    }
    assert once["coverage"]["kilograms"] == {"registered": 240, "traceable": 0}


def test_a_frozen_report_never_changes_whatever_happens_afterwards(
    session: Session, officer: Actor, report: Report
) -> None:
    frozen = reports.freeze(session, officer, report.id, public_url=URL, version=1)
    assert frozen.snapshot
    kept, digest = frozen.snapshot.content, frozen.snapshot.sha256
    assert hashlib.sha256(kept.encode()).hexdigest() == digest
    pdf = report_file(json.loads(kept), "pdf")
    make_activity(session, kind=ActivityKind.LEAFLET, count=90000)
    session.commit()
    session.expire_all()
    content = content_of(session, officer, report, public_url="https://elsewhere.example.vn")
    assert canonical(content) == kept
    assert by_ref(content)["PL 1, 2, 5, 6, 8, 9 (7)"]["value"] == "5700"
    assert report_file(content, "pdf") == pdf
    for change in (
        lambda: reports.update(session, officer, report.id, replace(TEXTS, difficulties="Không có.")),
        lambda: reports.delete(session, officer, report.id),
        lambda: reports.freeze(session, officer, report.id, public_url=URL),
    ):
        with pytest.raises(ReportFrozen):
            change()
        session.rollback()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE report_snapshots SET content = '{}'"))
    session.rollback()


def test_a_report_of_a_period_that_still_runs_keeps_the_day_before_it_tells_of_it(
    session: Session, officer: Actor, report: Report, clock: Clock
) -> None:
    clock.set(datetime(2026, 4, 1, 2, tzinfo=UTC))
    assert figures(session, officer, report.plan, HALF, public_url=URL)["coverage"]["hash"] is None
    frozen = reports.freeze(session, officer, report.id, public_url=URL)
    kept = session.scalars(snapshots_newest()).first()
    assert kept
    assert frozen.snapshot
    said = json.loads(frozen.snapshot.content)["figures"]["coverage"]
    assert (kept.day, kept.hash) == (date(2026, 4, 1), said["hash"])


def test_every_file_says_what_the_snapshot_says(session: Session, officer: Actor, report: Report) -> None:
    content = content_of(session, officer, report, public_url=URL)
    printed = text_of(report_file(content, "pdf"))
    for said in (words(content), printed):
        flat = " ".join(said.split())
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in flat
        assert "125/BC-SNNMT" in flat
        assert "ngày 05 tháng 7 năm 2026" in flat
        assert "41,5%" in flat
        assert "Số liệu tính đến ngày 02/03/2026 (đã chốt)" in flat
        assert "5.700" in flat
        assert "Nhiều hộ chưa có điện thoại." in flat
        assert "NGUYỄN" not in flat
        assert "Nguyễn Văn Hà" in flat
    book = openpyxl.load_workbook(io.BytesIO(report_file(content, "xlsx")))
    assert [row[6] for row in book["Chỉ tiêu"].values if row[0] == "I.4.3"] == [41.5]
    assert book.sheetnames == [
        "Chỉ tiêu",
        "Các bước",
        "Xã, phường",
        "Nhóm hàng",
        "Chuỗi thực phẩm an toàn",
        "Hoạt động",
    ]


def test_a_period_without_data_says_so(session: Session, officer: Actor) -> None:
    old = session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    report = reports.draft(session, officer, old.id, Period(2020, 2), TEXTS)
    content = content_of(session, officer, report, public_url=URL)
    assert not content["figures"]["known"]
    assert "Trong kỳ chưa có số liệu." in words(content)


def test_a_draft_is_saved_and_thrown_away(session: Session, officer: Actor, report: Report) -> None:
    reports.update(session, officer, report.id, replace(TEXTS, proposals="Hỗ trợ máy in tem."), version=1)
    with pytest.raises(Conflict):
        reports.update(session, officer, report.id, TEXTS, version=1)
    with pytest.raises(InvalidFields):
        reports.update(session, officer, report.id, replace(TEXTS, agency=" "))
    with pytest.raises(PeriodOutsidePlan):
        reports.draft(session, officer, report.plan_id, Period(2031), TEXTS)
    reports.delete(session, officer, report.id, version=2)
    assert session.get(Report, report.id) is None
