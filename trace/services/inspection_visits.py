"""A visit held: minutes signed by both sides, and what follows from them. A correction is new minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..domain.businesses import ReasonRequired
from ..domain.errors import N_, NotFound
from ..domain.files import Audience, FileKind
from ..domain.inspections import (
    InspectionStatus,
    InspectionStepNotPossible,
    KeyOfOtherMinutes,
    MinutesCorrected,
    VisitFacts,
    add_months,
    check_visit,
)
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..storage.chain import Event, stands
from ..storage.files import FileStore, StoredFile
from ..storage.inspection_measures import measures_on
from ..storage.inspections import (
    BusinessGrade,
    InspectedEvent,
    Inspection,
    InspectionMinutes,
    InspectionSample,
    minutes_of,
    minutes_with_key,
)
from ..storage.laboratory import LaboratoryTest
from . import audit, inspection_findings, inspections, notices
from .changes import Faults, load_for_change
from .clock import believed, now, today
from .diary import Origin
from .files import store_bytes, store_photo
from .inspection_contents import describe, points_of
from .inspection_minutes import write_pdf
from .recording import reachable
from .signatures import read_signature


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """What comes with the facts of a visit: signatures as ``data:`` addresses of a canvas, empty where only the name
    signs, and photos by the code of their point, the others under ""."""

    store: FileStore
    officer_signature: str = ""
    business_signature: str = ""
    photos: Mapping[str, list[bytes]]


def sign(
    session: Session,
    actor: Actor,
    inspection_id: int,
    facts: VisitFacts,
    enclosed: Enclosed,
    *,
    origin: Origin | None = None,
    corrects_id: int | None = None,
    reason: str = "",
) -> InspectionMinutes:
    """Write the minutes of a visit, or (``corrects_id``) minutes in place of its latest ones.

    The same key again returns what it made. Raises InvalidFields, InspectionStepNotPossible, MinutesCorrected,
    ReasonRequired or KeyOfOtherMinutes.
    """
    origin = origin or Origin()
    inspection = load_for_change(session, Inspection, inspection_id)
    require(actor, Permission.INSPECTIONS_CONDUCT, inspection.business_id)
    if kept := _kept(session, inspection, origin):
        return kept
    earlier = list(session.scalars(minutes_of(inspection.id)))
    reason = clean_lines(reason, field="reason")
    _check_turn(inspection, earlier, corrects_id, reason)
    facts = _cleaned(facts)
    points = points_of(inspection, earlier[0] if earlier else None, facts.held_on or today())
    _check(session, inspection, facts, [point.code for point in points])
    signatures = _signatures(session, inspection, facts, enclosed)
    photos = {
        code: [_photo(session, inspection, enclosed, data) for data in each] for code, each in enclosed.photos.items()
    }
    number = f"{inspection.id:04}/{facts.held_on:%Y}/BB-KT" + (f"-ĐC{len(earlier)}" if earlier else "")
    content = describe(
        session,
        inspection,
        facts,
        points,
        number=number,
        corrects=earlier[0].number if earlier else "",
        reason=reason,
        signatures={who: file.sha256 if file else "" for who, file in signatures.items()},
        photos=[file.sha256 for files in photos.values() for file in files],
    )
    paper = store_bytes(
        session,
        enclosed.store,
        business_id=inspection.business_id,
        kind=FileKind.DOCUMENT,
        media_type="application/pdf",
        data=write_pdf(content, enclosed.store),
    )
    minutes = InspectionMinutes(
        business_id=inspection.business_id,
        inspection=inspection,
        number=number,
        corrects_id=earlier[0].id if earlier else None,
        reason=reason,
        content=content,
        document=paper,
        sha256=paper.sha256,
        refused=facts.refused,
        client_key=origin.client_key,
        device_time=believed(origin.device_time),
        signed_at=now(),
        signed_by=actor.user_id,
        signed_by_name=actor.name,
    )
    session.add(minutes)
    session.flush()
    session.add_all(InspectedEvent(event_id=each, minutes_id=minutes.id) for each in sorted(set(facts.event_ids)))
    inspection.status, inspection.held_on, inspection.grade = InspectionStatus.SIGNED, facts.held_on, facts.grade
    session.flush()
    _keep_samples(session, inspection, facts)
    inspection_findings.keep(session, inspection, facts, {code: each[0].id for code, each in photos.items() if each})
    _grade(session, inspection.business_id)
    verb = "inspections:correct" if earlier else "inspections:sign"
    changes = {"number": number, "sha256": paper.sha256, **({"reason": reason} if reason else {})}
    audit.record(session, actor, verb, minutes, changes=changes)
    said = {"business": inspection.business.legal_name, "number": number}
    kind = "inspection-corrected" if earlier else "inspection-signed"
    notices.tell_business(session, inspection.business_id, kind, said, inspections.page(inspection))
    session.commit()
    return minutes


def attach_result(session: Session, actor: Actor, sample_id: int, test_id: int) -> InspectionSample:
    """Say which laboratory's report is the result of a sample; it must be about the sample's batch. Raises NotFound."""
    sample = session.get(InspectionSample, sample_id)
    if sample is None:
        raise NotFound
    load_for_change(session, Inspection, sample.inspection_id)
    require(actor, Permission.INSPECTIONS_CONDUCT, sample.business_id)
    test = session.get(LaboratoryTest, test_id)
    if test is None or sample.batch_id is None or test.batch_id != sample.batch_id:
        raise NotFound(N_("Không có phiếu kiểm nghiệm này của lô đã lấy mẫu."), field="test_id")
    sample.test = test
    audit.record(session, actor, "inspections:attach_result", sample, changes={"report": test.report})
    session.commit()
    return sample


def _kept(session: Session, inspection: Inspection, origin: Origin) -> InspectionMinutes | None:
    if not origin.client_key:
        return None
    kept = session.scalars(minutes_with_key(origin.client_key)).one_or_none()
    if kept is not None and kept.inspection_id != inspection.id:
        raise KeyOfOtherMinutes
    return kept


def _check_turn(inspection: Inspection, earlier: list[InspectionMinutes], corrects_id: int | None, reason: str) -> None:
    if corrects_id is None:
        if inspection.status is not InspectionStatus.PLANNED:
            raise InspectionStepNotPossible
        return
    if not earlier or earlier[0].id != corrects_id:
        raise MinutesCorrected
    if not reason:
        raise ReasonRequired(N_("Hãy ghi vì sao đính chính; cơ sở đọc được."), field="reason")


def _cleaned(facts: VisitFacts) -> VisitFacts:
    """A point that is all right, or does not apply, has no deadline."""
    points = [each if each.result and each.result.is_finding else replace(each, deadline=None) for each in facts.points]
    return replace(facts, points=points)


def _check(session: Session, inspection: Inspection, facts: VisitFacts, codes: Sequence[str]) -> None:
    faults = Faults()
    faults.attempt(check_visit, facts, codes, today=today())
    wanted = set(facts.event_ids)
    own = select(Event.id).where(Event.id.in_(wanted), Event.business_id == inspection.business_id, stands())
    if wanted and set(session.scalars(own)) != wanted:
        faults.add(N_("Có công đoạn không còn trong danh sách. Hãy tải lại trang rồi chọn lại."), field="event_ids")
    for number, sample in enumerate(facts.samples, start=1):
        if sample.batch_id is not None:
            try:
                reachable(session, inspection.business_id, sample.batch_id)
            except NotFound:
                message = N_("Hãy chọn lô hàng trong danh sách.")
                faults.add(message, field=f"sample_{number}_batch")
    faults.raise_any()


def _signatures(
    session: Session, inspection: Inspection, facts: VisitFacts, enclosed: Enclosed
) -> dict[str, StoredFile | None]:
    drawn = {
        "officer": read_signature(enclosed.officer_signature, field="officer_signature"),
        "business": None if facts.refused else read_signature(enclosed.business_signature, field="business_signature"),
    }
    return {
        who: store_bytes(
            session,
            enclosed.store,
            business_id=inspection.business_id,
            kind=FileKind.SIGNATURE,
            media_type="image/png",
            data=data,
        )
        if data
        else None
        for who, data in drawn.items()
    }


def _photo(session: Session, inspection: Inspection, enclosed: Enclosed, data: bytes) -> StoredFile:
    return store_photo(
        session,
        enclosed.store,
        business_id=inspection.business_id,
        audience=Audience.BUSINESS,
        data=data,
        field="photos",
    )


def _keep_samples(session: Session, inspection: Inspection, facts: VisitFacts) -> None:
    """As these minutes say it; a result that was attached stays with its number."""
    of_visit = InspectionSample.inspection_id == inspection.id
    standing = {each.code: each for each in session.scalars(select(InspectionSample).where(of_visit))}
    for sample in facts.samples:
        kept = standing.pop(sample.code, None)
        if kept is None:
            kept = InspectionSample(business_id=inspection.business_id, inspection_id=inspection.id, code=sample.code)
            session.add(kept)
        if kept.batch_id != sample.batch_id:
            kept.test_id = None
        kept.product, kept.batch_id = sample.product, sample.batch_id
    session.execute(delete(InspectionSample).where(of_visit, InspectionSample.code.in_(list(standing))))


def _grade(session: Session, business_id: int) -> None:
    """The business stands as its latest graded visit left it."""
    graded = (
        select(Inspection)
        .where(Inspection.business_id == business_id, Inspection.grade.is_not(None))
        .order_by(Inspection.held_on.desc(), Inspection.id.desc())
        .limit(1)
    )
    latest, standing = session.scalars(graded).first(), session.get(BusinessGrade, business_id)
    if latest is None or latest.grade is None or latest.held_on is None:
        if standing is not None:
            session.delete(standing)
        return
    if standing is None:
        standing = BusinessGrade(business_id=business_id)
        session.add(standing)
    standing.inspection_id, standing.grade, standing.graded_on = latest.id, latest.grade, latest.held_on
    standing.due_on = add_months(latest.held_on, measures_on(latest.held_on).months(latest.grade))


def batches_of_samples(session: Session, samples: list[InspectionSample]) -> Mapping[int, list[LaboratoryTest]]:
    """The reports that may be the result of each sample, by the id of its batch."""
    wanted = {each.batch_id for each in samples if each.batch_id}
    found: dict[int, list[LaboratoryTest]] = {}
    if wanted:
        asked = select(LaboratoryTest).where(LaboratoryTest.batch_id.in_(wanted)).order_by(LaboratoryTest.id.desc())
        for test in session.scalars(asked):
            found.setdefault(test.batch_id, []).append(test)
    return found
