"""Visits planned, held, signed and corrected."""

from base64 import b64encode
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import TODAY, Farm
from tests.inspecting import plan_visit, seen, sign_visit
from tests.pdf_text import text_of
from tests.pictures import encoded, jpeg_with_position
from tests.reports import make_laboratory_test
from trace.domain.businesses import ReasonRequired
from trace.domain.errors import Conflict, InvalidFields, InvalidInput, NotAllowed, NotFound
from trace.domain.evidence import Evidence
from trace.domain.inspections import (
    Grade,
    InspectionKind,
    InspectionStatus,
    InspectionStepNotPossible,
    KeyOfOtherMinutes,
    MinutesCorrected,
    Result,
    SampleFacts,
)
from trace.domain.permissions import Actor
from trace.domain.public_batches import PublicBatch
from trace.services import chain, inspection_visits, inspections
from trace.services.diary import Origin
from trace.services.resolver import resolve
from trace.storage.batches import Batch
from trace.storage.chain import standing_events
from trace.storage.files import FileStore
from trace.storage.inspection_findings import findings_of
from trace.storage.inspections import (
    BusinessGrade,
    InspectionMinutes,
    grades_due,
    held_between,
    inspections_seen_by,
    planned_between,
    samples_of,
)
from trace.storage.notices import Notice


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def notices(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.kind).order_by(Notice.id)))


def drawn() -> str:
    picture = Image.new("RGBA", (600, 200))
    ImageDraw.Draw(picture).line((20, 150, 300, 40, 580, 160), fill="black", width=5)
    return "data:image/png;base64," + b64encode(encoded(picture, "PNG")).decode()


def test_a_planned_visit_tells_the_business_unless_it_is_to_come_unannounced(
    session: Session, farm: Farm, officer: Actor
) -> None:
    plan_visit(session, officer, farm.business.id)
    plan_visit(session, officer, farm.business.id, kind=InspectionKind.UNSCHEDULED)
    assert notices(session) == ["inspection-planned"]
    known = session.scalars(inspections_seen_by(farm.business.id)).all()
    assert [each.kind for each in known] == [InspectionKind.PERIODIC]


def test_a_plan_names_a_day_to_come_a_reason_and_places_of_the_business(
    session: Session, farm: Farm, officer: Actor
) -> None:
    elsewhere = factories.make_site(session, factories.make_business(session))
    wrong = {"planned_on": TODAY - timedelta(days=1), "reason": "", "site_ids": [elsewhere.id], "lead_id": 10**6}
    with pytest.raises(InvalidFields) as refused:
        plan_visit(session, officer, farm.business.id, **wrong)
    assert {error.field for error in refused.value.errors} == {"planned_on", "reason", "site_ids", "lead_id"}


def test_only_officers_plan_and_sign(session: Session, farm: Farm, officer: Actor, store: FileStore) -> None:
    with pytest.raises(NotAllowed):
        plan_visit(session, farm.owner, farm.business.id)
    visit = plan_visit(session, officer, farm.business.id)
    with pytest.raises(NotAllowed):
        sign_visit(session, farm.owner, visit, store)


def test_a_visit_is_moved_or_cancelled_with_a_reason_until_it_was_held(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    later = TODAY + timedelta(days=3)
    with pytest.raises(ReasonRequired):
        inspections.move(session, officer, visit.id, planned_on=later, reason=" ")
    session.rollback()
    inspections.move(session, officer, visit.id, planned_on=later, reason="Mưa bão")
    assert visit.planned_on == later
    with pytest.raises(Conflict):
        inspections.cancel(session, officer, visit.id, reason="Trùng lịch", version=1)
    session.rollback()
    inspections.cancel(session, officer, visit.id, reason="Trùng lịch")
    with pytest.raises(InspectionStepNotPossible):
        sign_visit(session, officer, visit, store)


def test_minutes_are_an_administrative_paper_frozen_by_its_hash(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    facts = seen(
        visit,
        faults={"T1": Result.MAJOR},
        sanctions="Phạt theo quyết định 12/QĐ-XPHC",
        samples=[SampleFacts(code="M-01", product="Cải ngọt")],
    )
    signed = sign_visit(session, officer, visit, store, facts, officer_signature=drawn(), business_signature=drawn())
    paper = store.existing_path(signed.sha256, "pdf").read_bytes()
    assert sha256(paper).hexdigest() == signed.sha256
    text = text_of(paper)
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"Số: {signed.number}",
        "BIÊN BẢN KIỂM TRA",
        "8 giờ 30 ngày 02/03/2026",
        farm.business.legal_name,
        "Sai ở mục T1",
        "12/03/2026",
        "M-01",
        "12/QĐ-XPHC",
        "Nguyễn Thị Sen",
    ):
        assert said in text
    assert store.existing_path(signed.content["signatures"]["officer"], "png").read_bytes().startswith(b"\x89PNG")
    assert (visit.status, visit.grade, visit.held_on) == (InspectionStatus.SIGNED, Grade.B, TODAY)
    assert notices(session)[-1] == "inspection-signed"


def test_a_business_that_will_not_sign_is_written_down_so(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    facts = seen(visit, refused=True, remarks="Không đồng ý với mục T1")
    signed = sign_visit(session, officer, visit, store, facts, business_signature=drawn())
    assert signed.refused
    assert signed.content["signatures"]["business"] == ""
    assert "(Không ký biên bản)" in text_of(store.existing_path(signed.sha256, "pdf").read_bytes())


@pytest.mark.parametrize(
    "typed", ["data:image/png;base64,AAAA", "javascript:alert(1)", "data:image/png;base64,%%%", "x" * 500_000]
)
def test_what_is_no_signature_is_refused(
    session: Session, farm: Farm, officer: Actor, store: FileStore, typed: str
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    with pytest.raises(InvalidInput) as refused:
        sign_visit(session, officer, visit, store, officer_signature=typed)
    assert refused.value.field == "officer_signature"


def test_photos_lose_where_they_were_taken_and_stay_private(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    sign_visit(
        session, officer, visit, store, seen(visit, faults={"T1": Result.MINOR}), photos={"T1": [jpeg_with_position()]}
    )
    [finding] = session.scalars(findings_of(visit.id))
    assert finding.photo
    assert finding.photo.audience == "business"
    assert b"MakerOfPhones" not in store.existing_path(finding.photo.sha256, "jpeg", 800).read_bytes()


def test_the_same_minutes_sent_again_are_kept_once(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit, other = (plan_visit(session, officer, farm.business.id) for _ in range(2))
    origin = Origin(client_key="phone-1")
    first = sign_visit(session, officer, visit, store, origin=origin)
    assert sign_visit(session, officer, visit, store, origin=origin).id == first.id
    with pytest.raises(KeyOfOtherMinutes):
        sign_visit(session, officer, other, store, origin=origin)


def test_a_correction_names_the_minutes_before_it_and_what_it_repeats_keeps_its_answer(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    first = sign_visit(session, officer, visit, store, seen(visit, faults={"T1": Result.MINOR, "T2": Result.MINOR}))
    corrected = seen(visit, faults={"T1": Result.MAJOR}, grade=Grade.C)
    with pytest.raises(ReasonRequired):
        sign_visit(session, officer, visit, store, corrected, corrects_id=first.id)
    session.rollback()
    second = sign_visit(session, officer, visit, store, corrected, corrects_id=first.id, reason="Ghi nhầm T2")
    assert second.number == f"{first.number}-ĐC1"
    text = text_of(store.existing_path(second.sha256, "pdf").read_bytes())
    assert f"thay biên bản số {first.number}" in text
    assert [(each.code, each.status.value, each.severity.value) for each in session.scalars(findings_of(visit.id))] == [
        ("T1", "open", "major"),
        ("T2", "dropped", "minor"),
    ]
    assert session.get_one(BusinessGrade, farm.business.id).grade is Grade.C
    with pytest.raises(MinutesCorrected):
        sign_visit(session, officer, visit, store, corrected, corrects_id=first.id, reason="Lần nữa")
    assert session.scalars(select(InspectionMinutes.sha256)).first() == first.sha256


def test_a_step_seen_on_site_shows_as_inspected_until_a_correction_takes_it_back(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    batch = farm.published()
    [event] = session.scalars(standing_events(batch.id))
    before = shown(session, batch)
    assert before.steps[-1].evidence is Evidence.DECLARED
    visit = plan_visit(session, officer, farm.business.id)
    first = sign_visit(session, officer, visit, store, seen(visit, event_ids=[event.id]))
    after = shown(session, batch)
    assert after.steps[-1].evidence is Evidence.INSPECTED
    assert after.completeness == before.completeness
    sign_visit(session, officer, visit, store, seen(visit), corrects_id=first.id, reason="Không xem lô này")
    assert shown(session, batch).steps[-1].evidence is Evidence.DECLARED


def shown(session: Session, batch: Batch) -> PublicBatch:
    found = resolve(session, batch.public_code or "").batch
    assert found
    return found


def test_only_standing_steps_of_the_business_can_have_been_seen(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    other = factories.make_business(session)
    event = farm.pack(farm.published())
    visit = plan_visit(session, officer, other.id)
    with pytest.raises(InvalidFields) as refused:
        sign_visit(session, officer, visit, store, seen(visit, event_ids=[event.id]))
    assert [error.field for error in refused.value.errors] == ["event_ids"]
    session.rollback()
    chain.declare_wrong(session, farm.owner, event, reason="incorrect_data", said="Nhầm")
    session.commit()
    own = plan_visit(session, officer, farm.business.id)
    with pytest.raises(InvalidFields):
        sign_visit(session, officer, own, store, seen(own, event_ids=[event.id]))


def test_a_sample_gets_the_report_on_its_batch_and_no_other(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    batch, other = farm.published(), farm.published(lot="KHAC-1")
    visit = plan_visit(session, officer, farm.business.id)
    sample = SampleFacts(code="M-01", product="Cải ngọt", batch_id=batch.id)
    sign_visit(session, officer, visit, store, seen(visit, samples=[sample]))
    [kept] = session.scalars(samples_of(visit.id))
    report, wrong = make_laboratory_test(session, batch), make_laboratory_test(session, other)
    session.commit()
    with pytest.raises(NotFound):
        inspection_visits.attach_result(session, officer, kept.id, wrong.id)
    session.rollback()
    assert inspection_visits.attach_result(session, officer, kept.id, report.id).test is report


def test_the_grade_says_when_the_next_visit_is_due_and_periods_are_counted(
    session: Session, farm: Farm, officer: Actor, store: FileStore
) -> None:
    visit = plan_visit(session, officer, farm.business.id)
    sign_visit(session, officer, visit, store, seen(visit, grade=Grade.A))
    cancelled = plan_visit(session, officer, farm.business.id)
    inspections.cancel(session, officer, cancelled.id, reason="Trùng")
    plan_visit(session, officer, farm.business.id, planned_on=TODAY + timedelta(days=1))
    due = date(2027, 9, 2)
    assert session.scalars(grades_due(due, None)).all()[0].due_on == due
    assert session.scalars(grades_due(due - timedelta(days=1), None)).all() == []
    month = TODAY.replace(day=1), TODAY.replace(day=31)
    assert session.scalar(planned_between(*month)) == 2
    assert session.scalar(held_between(*month)) == 1
