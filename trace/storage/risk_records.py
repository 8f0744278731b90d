"""The records behind each fact of a business's risk: what is counted is what an officer is shown."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from ..domain.batches import BatchStatus
from ..domain.certificates import CertificateStatus
from ..domain.complaints import ComplaintReason, ComplaintStatus
from ..domain.dates import start_of_day
from ..domain.diary import FlagKind
from ..domain.handovers import HandoverStatus
from ..domain.inspection_findings import FindingStatus
from ..domain.inspections import InspectionStatus
from ..domain.quantities import Unit
from ..domain.risks import Factor
from .balance import Link
from .batches import Batch
from .businesses import Business
from .certificates import Certificate
from .complaints import Complaint, complaints_where
from .diary import DiaryEntry, Season
from .diary_flags import DiaryFlag, flags_where
from .excesses import Excess, excesses_where
from .handovers import Handover, handovers_where
from .inspection_findings import InspectionFinding, findings_where
from .inspections import BusinessGrade, Inspection, inspections_where
from .moments import days_between
from .products import Product
from .recalls import PUBLIC, Recall, RecallBatch, recalls_where
from .register import batches_where, certificates_where
from .stamps import StampSignal, signals_where

Ids = Collection[int]
Conditions = Sequence[ColumnElement[bool] | InstrumentedAttribute[bool]]
Answers = Select[*tuple[Any, ...]]
"""Of business, figure and subject."""


@dataclass(frozen=True)
class Period:
    """From a day to today; ``recent_from`` is the first day on which a visit is recent, ``late_after_days`` as in
    ``domain.diary_measures``."""

    first_day: date
    today: date
    recent_from: date
    late_after_days: int

    @property
    def since(self) -> datetime:
        return start_of_day(self.first_day)


@dataclass(frozen=True)
class Records:
    """``owner`` is the column that says whose they are, ``subject`` that of what ``domain.risks.SUBJECTS`` names."""

    owner: InstrumentedAttribute[Any]
    conditions: Callable[[Period], Conditions]
    subject: InstrumentedAttribute[Any] | None = None

    @property
    def model(self) -> Any:
        return self.owner.class_

    def counted(self, ids: Ids, period: Period) -> Answers:
        return self.grouped(ids, period, func.count())

    def grouped(self, ids: Ids, period: Period, figure: ColumnElement[Any]) -> Answers:
        subject = literal("") if self.subject is None else self.subject
        asked = select(self.owner, figure, subject).where(self.owner.in_(ids), *self.conditions(period))
        return asked.group_by(self.owner) if self.subject is None else asked.group_by(self.owner, self.subject)


def records_of(factor: Factor, business_id: int, period: Period, subject: str = "") -> Select[Any]:
    """What an officer is shown, with what its title needs."""
    records = RECORDS[factor]
    conditions = [records.owner == business_id, *records.conditions(period)]
    if records.subject is not None and subject:
        conditions.append(records.subject == subject)
    if factor is Factor.RECALL:
        own = select(RecallBatch.recall_id).join(Batch, Batch.id == RecallBatch.batch_id).where(*conditions)
        return recalls_where().where(Recall.id.in_(own))
    return _WHOLE[records.model]().where(*conditions)


def key_of(factor: Factor) -> InstrumentedAttribute[Any]:
    """The column of the id of the records that are shown."""
    model = Recall if factor is Factor.RECALL else RECORDS[factor].model
    key: InstrumentedAttribute[Any] = model.id
    return key


def _products() -> Select[Product]:
    return select(Product)


def _entries() -> Select[DiaryEntry]:
    return select(DiaryEntry).options(joinedload(DiaryEntry.season).joinedload(Season.product))


_WHOLE: Mapping[type[Any], Callable[[], Select[Any]]] = {
    Batch: batches_where,
    Business: lambda: select(Business),
    Certificate: certificates_where,
    Complaint: complaints_where,
    DiaryEntry: _entries,
    DiaryFlag: flags_where,
    Excess: excesses_where,
    Handover: handovers_where,
    Inspection: inspections_where,
    InspectionFinding: findings_where,
    Product: _products,
    StampSignal: signals_where,
}


def _published(period: Period) -> Conditions:
    """As far as it is weighed."""
    return [
        Batch.status == BatchStatus.PUBLISHED,
        Batch.production_date >= period.first_day,
        Batch.product_id.in_(select(Product.id).where(Product.unit != Unit.EA)),
    ]


def _lapsed(period: Period) -> Conditions:
    """Of each scheme of which a business has verified papers and none that is still in date."""
    renewed = aliased(Certificate)
    return [
        Certificate.status == CertificateStatus.VERIFIED,
        Certificate.valid_until < period.today,
        ~exists().where(
            renewed.business_id == Certificate.business_id,
            renewed.scheme == Certificate.scheme,
            renewed.status == CertificateStatus.VERIFIED,
            func.coalesce(renewed.valid_until, period.today) >= period.today,
        ),
    ]


def _late(period: Period) -> Conditions:
    """By ``domain.diary.days_late``; corrections are late by their nature."""
    written = case(
        (DiaryEntry.device_time < DiaryEntry.record_time, DiaryEntry.device_time), else_=DiaryEntry.record_time
    )
    return [
        DiaryEntry.happened_on >= period.first_day,
        DiaryEntry.corrects_id.is_(None),
        days_between(DiaryEntry.happened_on, written) > period.late_after_days,
    ]


def _recalled(period: Period) -> Conditions:
    """Of batches that a business made itself: whoever only used them is not to blame."""
    open_or_closed = select(Recall.id).where(Recall.status.in_(PUBLIC), Recall.confirmed_at >= period.since)
    return [RecallBatch.recall_id.in_(open_or_closed), ~exists().where(Link.child_id == Batch.id)]


def _never_visited(_: Period) -> Conditions:
    visited = exists().where(Inspection.business_id == Business.id, Inspection.status == InspectionStatus.SIGNED)
    return [~visited]


def _graded(_: Period) -> Conditions:
    """The visit that gave the grade which a business has now."""
    return [
        exists().where(
            BusinessGrade.business_id == Inspection.business_id, BusinessGrade.inspection_id == Inspection.id
        )
    ]


def _flags(*kinds: FlagKind) -> Records:
    return Records(DiaryFlag.business_id, lambda _: [DiaryFlag.kind.in_(kinds), DiaryFlag.cleared_at.is_(None)])


def _expired(side: InstrumentedAttribute[Any]) -> Records:
    return Records(
        side, lambda period: [Handover.status == HandoverStatus.EXPIRED, Handover.offered_at >= period.since]
    )


def _complaints(condition: ColumnElement[bool]) -> Records:
    return Records(
        Complaint.business_id,
        lambda period: [Complaint.at >= period.since, Complaint.status != ComplaintStatus.UNFOUNDED, condition],
    )


RECORDS: Mapping[Factor, Records] = {
    Factor.COMMODITY: Records(Product.business_id, lambda _: [Product.active], Product.commodity),
    Factor.VOLUME: Records(Batch.business_id, _published),
    Factor.GRADE: Records(Inspection.business_id, _graded, Inspection.grade),
    Factor.LAST_VISIT: Records(Inspection.business_id, lambda _: [Inspection.status == InspectionStatus.SIGNED]),
    Factor.NEVER_VISITED: Records(Business.id, _never_visited),
    Factor.FINDING_OVERDUE: Records(
        InspectionFinding.business_id,
        lambda period: [InspectionFinding.status == FindingStatus.OPEN, InspectionFinding.deadline < period.today],
    ),
    Factor.CERTIFICATE_LAPSED: Records(Certificate.business_id, _lapsed, Certificate.scheme),
    Factor.EXCESS: Records(Excess.business_id, lambda period: [Excess.at >= period.since]),
    Factor.COPIED_DATA: _flags(FlagKind.COPIED_ENTRIES, FlagKind.COPIED_PHOTO),
    Factor.LATE_ENTRY: Records(DiaryEntry.business_id, _late),
    Factor.INTERVAL_VIOLATED: _flags(FlagKind.HARVEST_IN_INTERVAL),
    Factor.UNANSWERED_OFFER: _expired(Handover.seller_id),
    Factor.IGNORED_OFFER: _expired(Handover.buyer_id),
    Factor.OUTSIDERS_ONLY: Records(
        Handover.seller_id,
        lambda period: [Handover.offered_at >= period.since, Handover.status != HandoverStatus.WITHDRAWN],
    ),
    Factor.COMPLAINT: _complaints(Complaint.reason != ComplaintReason.ILLNESS),
    Factor.ILLNESS: _complaints(Complaint.reason == ComplaintReason.ILLNESS),
    Factor.SUSPICIOUS_STAMP: Records(StampSignal.business_id, lambda period: [StampSignal.last_at >= period.since]),
    Factor.RECALL: Records(Batch.business_id, _recalled),
}
