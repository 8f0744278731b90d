"""What a department has to do with many businesses, beside their batches: papers, complaints, visits, looks, activities.

Each kind of row is one statement that makes it of the batches or businesses that are there.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Text,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from tests.world import make_world
from trace.domain.activities import ActivityKind
from trace.domain.approvals import ApprovalKind, ApprovalStatus
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateScheme, CertificateStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.diary import EntryKind, FlagKind
from trace.domain.excesses import ExcessKind
from trace.domain.inspection_findings import FindingStatus, Severity
from trace.domain.inspections import Grade, InspectionKind, InspectionStatus
from trace.domain.laboratory import LaboratoryStatus
from trace.domain.recalls import RecallClass, RecallKind, RecallStatus
from trace.domain.scans import Visitor
from trace.domain.stamp_verdicts import StampVerdict
from trace.services import risks
from trace.services.clock import today
from trace.services.scans import count_months
from trace.services.standings import lock_businesses, restand_list
from trace.storage.activities import Activity, Participant
from trace.storage.approvals import Approval
from trace.storage.audit import AuditEntry
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.certificates import Certificate
from trace.storage.complaints import Complaint
from trace.storage.coverage import Match, RegisterEntry, current_list
from trace.storage.diary import DiaryEntry, Season
from trace.storage.diary_flags import DiaryFlag
from trace.storage.directory import Listing
from trace.storage.excesses import Excess
from trace.storage.files import StoredFile
from trace.storage.handovers import Handover
from trace.storage.inspection_findings import InspectionFinding
from trace.storage.inspections import BusinessGrade, Inspection
from trace.storage.laboratory import LaboratoryTest
from trace.storage.recalls import Recall
from trace.storage.scans import Scan, ScanCount
from trace.storage.stamps import StampSignal

WHO = "Người ghi chép (ví dụ)"
Values = dict[str, Any]


def add_affairs(engine: Engine) -> Values:
    """Many of each, then one of everything by the service's own verbs; the values that fill the places of addresses."""
    with engine.begin() as connection:
        _add_all(connection)
    with Session(engine) as session:
        values = dict(make_world(session).values)
        lock_businesses(session)
        listed = session.scalars(current_list()).one()
        restand_list(session, listed.id)
        session.commit()
        values |= _busy(session, listed.id)
        risks.recount_all(session)
    return values


def _busy(session: Session, list_id: int) -> Values:
    """Of what there is much of: a business in the middle of the crowd, its latest delivered batch, an open entry."""

    def first(question: Select[int]) -> int:
        return session.scalars(question.limit(1)).one()

    count = first(select(func.max(Batch.id)))
    batch_id = first(select(Handover.batch_id).where(Handover.batch_id > count // 2).order_by(Handover.batch_id))
    batch = session.get_one(Batch, batch_id)
    unknown = select(RegisterEntry.id).where(
        RegisterEntry.list_id == list_id, RegisterEntry.match == Match.NONE, RegisterEntry.business_id.is_(None)
    )
    return {
        "batch_id": batch.id,
        "code": batch.public_code,
        "business_id": batch.business_id,
        "handover_id": first(select(Handover.id).where(Handover.batch_id == batch_id)),
        "list_id": list_id,
        "entry_id": first(unknown.order_by(RegisterEntry.id)),
        "certificate_id": first(select(Certificate.id).where(Certificate.business_id == batch.business_id)),
        "complaint_id": first(select(Complaint.id).order_by(Complaint.id.desc())),
    }


def _add_all(connection: Connection) -> None:
    day, at = today(), Batch.published_at
    paper = connection.scalars(select(StoredFile.id).limit(1)).one()
    of_batch = {"batch_id": Batch.id, "business_id": Batch.business_id}
    number, code = cast(Batch.id, Text), Batch.public_code

    def each(share: int, rest: int = 0) -> Select[Any]:
        return select().select_from(Batch).where(Batch.id % share == rest, Batch.published_at.is_not(None))

    def each_business(share: int, rest: int = 0) -> Select[Any]:
        return select().select_from(Business).where(Business.id % share == rest)

    def add(model: Any, rows: Select[Any], **values: Any) -> None:
        """``values`` are columns of what ``rows`` reads, or the same for all."""
        columns = [
            value
            if isinstance(value, ColumnElement) or hasattr(value, "expression")
            else literal(value, getattr(model, name).type)
            for name, value in values.items()
        ]
        connection.execute(
            insert(model).from_select(list(values), rows.with_only_columns(*columns, maintain_column_froms=True))
        )

    for rest, status in enumerate((ComplaintStatus.RESOLVED, ComplaintStatus.RECEIVED)):
        add(
            Complaint, each(1000 if rest else 100, rest), **of_batch, tracking_number="K" + number, at=at,
            reason=ComplaintReason.ILLNESS, status=status,
        )  # fmt: skip
    add(
        AuditEntry, each(1), at=at, actor=WHO, business_id=Batch.business_id, action="batches:publish",
        subject_type="Batch", subject_id=Batch.id, changes={}, is_look=False,
    )  # fmt: skip
    add(
        AuditEntry, each_business(2), at=Business.created_at, actor="Cán bộ (ví dụ)", business_id=Business.id,
        action="businesses:look", subject_type="Business", subject_id=Business.id, changes={}, is_look=True,
    )  # fmt: skip
    looks = each(1).where(~exists().where(ScanCount.batch_id == Batch.id))
    add(Scan, looks, batch_id=Batch.id, code=code, visitor=Visitor.PERSON, device=number, place="", at=at)
    days = looks.with_only_columns(Batch.production_date, func.count(), maintain_column_froms=True)
    seen = Counter(dict(connection.execute(days.group_by(Batch.production_date)).all()))
    count_months(connection, seen, seen)
    add(ScanCount, looks, batch_id=Batch.id, people=1, last_at=at)
    for rest, passed in ((1, True), (2, False)):
        add(
            LaboratoryTest, each(50 if passed else 5000, rest), **of_batch, site_id=Batch.site_id, laboratory="PTN",
            report="PKN-" + number, sample="M", sampled_at=at, passed=passed, findings=[], document_id=paper,
            status=LaboratoryStatus.CONFIRMED if passed else LaboratoryStatus.SUBMITTED, recorded_at=at,
            recorded_by_name=WHO,
        )  # fmt: skip
    add(
        Excess, each(100, 3), **of_batch, kind=ExcessKind.LABELS, details={"packs": 10, "made": 20, "count": 20},
        reason="In lại tem hỏng", by_name=WHO, at=at, seen_at=case((Batch.id % 1000 == 3, None), else_=at),
    )  # fmt: skip
    add(
        StampSignal, each(200, 4), **of_batch, public_code=code, verdict=StampVerdict.OFTEN,
        day=Batch.production_date, last_at=at,
    )  # fmt: skip
    add(
        Season, each(50, 5), business_id=Batch.business_id, site_id=Batch.site_id, product_id=Batch.product_id,
        plot="Thửa " + number, started_on=Batch.production_date, created_at=at,
    )  # fmt: skip
    season = {"season_id": Season.id, "business_id": Season.business_id}
    add(
        DiaryEntry, select().select_from(Season), **season, kind=EntryKind.IRRIGATION,
        happened_on=Season.started_on, material="", active_ingredient="", dose="", operator="", note="", reason="",
        record_time=Season.created_at, recorded_by_name=WHO,
    )  # fmt: skip
    add(
        DiaryFlag, select().select_from(DiaryEntry).where(DiaryEntry.id % 10 == 0), season_id=DiaryEntry.season_id,
        business_id=DiaryEntry.business_id, entry_id=DiaryEntry.id, kind=FlagKind.COPIED_ENTRIES,
        sign=cast(DiaryEntry.id, Text), details={}, raised_at=DiaryEntry.record_time,
        cleared_at=case((DiaryEntry.id % 100 == 0, None), else_=DiaryEntry.record_time),
    )  # fmt: skip
    visit = {"business_id": Batch.business_id, "site_ids": [], "lead_name": WHO, "team": "", "reason": "",
             "planned_by_name": WHO, "planned_at": at}  # fmt: skip
    add(
        Inspection, each(100, 6), **visit, kind=InspectionKind.PERIODIC, status=InspectionStatus.SIGNED,
        planned_on=Batch.production_date, held_on=Batch.production_date, grade=Grade.B,
    )  # fmt: skip
    for ahead in range(14):
        add(
            Inspection, each(5000, ahead), **visit, kind=InspectionKind.PERIODIC, status=InspectionStatus.PLANNED,
            planned_on=day + timedelta(days=ahead),
        )  # fmt: skip
    visited = select().select_from(Inspection).where(Inspection.held_on.is_not(None)).group_by(Inspection.business_id)
    graded = exists().where(BusinessGrade.business_id == Inspection.business_id)
    add(
        BusinessGrade, visited.where(~graded), business_id=Inspection.business_id,
        inspection_id=func.max(Inspection.id), grade=Grade.B, graded_on=func.max(Inspection.held_on),
        due_on=case((Inspection.business_id % 5 == 0, literal(day - timedelta(days=9))), else_=literal(day + timedelta(days=99))),
    )  # fmt: skip
    found = exists().where(InspectionFinding.inspection_id == Inspection.id)
    for concluded, share in ((FindingStatus.CLOSED, 1), (FindingStatus.OPEN, 0)):
        some = Inspection.id % 10 != 0 if share else Inspection.id % 10 == 0
        add(
            InspectionFinding, select().select_from(Inspection).where(Inspection.held_on.is_not(None), ~found, some),
            business_id=Inspection.business_id, inspection_id=Inspection.id, code="F1", severity=Severity.MINOR,
            text="Chưa ghi đủ nhật ký", deadline=Inspection.held_on, status=concluded,
        )  # fmt: skip
    add(
        Certificate, each_business(10), business_id=Business.id, scheme=CertificateScheme.SAFE_CHAIN,
        number="CHUOI-" + cast(Business.id % 200, Text), issuer="Sở (ví dụ)", valid_from=day - timedelta(days=200),
        valid_until=day + timedelta(days=165), status=CertificateStatus.VERIFIED, created_at=Business.created_at,
    )  # fmt: skip
    add(
        Certificate, each_business(40, 1), business_id=Business.id, scheme=CertificateScheme.GLOBALGAP,
        number="GG-" + cast(Business.id, Text), issuer="Tổ chức chứng nhận (ví dụ)", valid_from=day,
        status=CertificateStatus.SUBMITTED, created_at=Business.created_at,
    )  # fmt: skip
    same = {
        name: getattr(Business, name)
        for name in ("kind", "phone", "province_code", "commune_code", "visibility", "created_at")
    }
    add(
        Business, each_business(40, 2), **same, legal_name="Hồ sơ mới – " + Business.legal_name,
        folded_name="ho so moi " + Business.folded_name, status=BusinessStatus.APPLIED,
    )  # fmt: skip
    add(Listing, each_business(3), business_id=Business.id, listed=True, updated_at=Business.created_at)
    for rest, outcome in ((3, ApprovalStatus.APPROVED), (4, ApprovalStatus.OPEN)):
        add(
            Approval, each_business(100, rest), kind=ApprovalKind.SUSPENSION, subject_id=Business.id,
            business_id=Business.id, title=Business.legal_name, payload={}, reason="Ví dụ", status=outcome,
            proposed_by_name=WHO, proposed_at=Business.created_at,
        )  # fmt: skip
    add(
        Recall, each_business(100, 5), kind=RecallKind.VOLUNTARY, recall_class=RecallClass.MINOR,
        number="TH-VD-" + cast(Business.id, Text), status=RecallStatus.CLOSED, business_id=Business.id,
        product="Cải ngọt", reason="Sai nhãn", instructions="", phone=Business.phone, scope={},
        created_at=Business.created_at, created_by_name=WHO, confirmed_at=Business.created_at,
    )  # fmt: skip
    for rest, kind in enumerate((ActivityKind.CLASS, ActivityKind.ARTICLE, ActivityKind.CONNECTION_EVENT)):
        share = 20 if rest < 2 else 1000
        add(
            Activity, select().select_from(Inspection).where(Inspection.id % share == rest), kind=kind, title="Hoạt động (ví dụ)",
            folded_title="hoat dong (vi du)", held_on=Inspection.planned_on, place="Hà Nội", count=1, partners="",
            links=[], recorded_at=Inspection.planned_at, recorded_by_name=WHO, version=1,
        )  # fmt: skip
    joined = exists().where(Participant.activity_id == Activity.id, Participant.business_id == Business.id)
    met = (Activity.kind == ActivityKind.CONNECTION_EVENT, Business.id % 500 == Activity.id % 500)
    add(
        Participant, select().select_from(Activity).join(Business, met[1]).where(met[0], ~joined),
        activity_id=Activity.id, business_id=Business.id,
    )  # fmt: skip
