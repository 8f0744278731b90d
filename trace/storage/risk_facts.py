"""What is known of businesses that weighs in their risk: one grouped question a fact, for many businesses at once.

Each answers rows of business id, count and subject (``domain.risks.Fact``).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Integer

from ..domain.batches import BatchStatus
from ..domain.certificates import CertificateScheme, CertificateStatus
from ..domain.complaints import ComplaintReason, ComplaintStatus
from ..domain.dates import start_of_day
from ..domain.diary import FlagKind
from ..domain.handovers import HandoverStatus
from ..domain.measures import in_force
from ..domain.quantities import Unit
from ..domain.risks import Factor, Measures
from .balance import Link
from .batches import Batch
from .certificates import Certificate
from .complaints import Complaint
from .diary import DiaryEntry
from .diary_flags import DiaryFlag
from .excesses import Excess
from .handovers import Handover
from .measures import read_measures
from .products import Product
from .recalls import PUBLIC, Recall, RecallBatch
from .stamps import StampSignal

TONNE = 1_000_000  # in grams, and near enough of a drink in millilitres

Counted = Select[int, int, str]
Ids = Collection[int]


@dataclass(frozen=True)
class Period:
    """From a day on; ``late_after_days`` as in ``domain.diary_measures``."""

    first_day: date
    late_after_days: int

    @property
    def since(self) -> datetime:
        return start_of_day(self.first_day)


class days_between(FunctionElement[int]):  # noqa: N801 - it stands in statements as functions do
    """Whole days from a day to the day in Việt Nam of a moment."""

    inherit_cache = True
    type = Integer()


@compiles(days_between, "sqlite")
def _on_sqlite(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    day, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"(julianday(date({moment}, '+7 hours')) - julianday({day}))"


@compiles(days_between, "postgresql")
def _on_postgresql(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    day, moment = (compiler.process(each, **options) for each in element.clauses)
    return f"(CAST({moment} AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) - {day})"


def commodities(ids: Ids, _: Period) -> Counted:
    return (
        select(Product.business_id, literal(1), Product.commodity)
        .where(Product.business_id.in_(ids), Product.active)
        .group_by(Product.business_id, Product.commodity)
    )


def tonnes(ids: Ids, period: Period) -> Counted:
    """Of what was published, as far as it is weighed."""
    return (
        select(Batch.business_id, func.sum(Batch.amount) // TONNE, literal(""))
        .join(Product, Product.id == Batch.product_id)
        .where(
            Batch.business_id.in_(ids),
            Batch.status == BatchStatus.PUBLISHED,
            Batch.production_date >= period.first_day,
            Product.unit != Unit.EA,
        )
        .group_by(Batch.business_id)
    )


def lapsed_certificates(ids: Ids, on: date) -> Select[int, CertificateScheme, date | None]:
    """The latest end of each scheme of which a business has verified papers and none that is still in date."""
    renewed = aliased(Certificate)
    return (
        select(Certificate.business_id, Certificate.scheme, func.max(Certificate.valid_until))
        .where(
            Certificate.business_id.in_(ids),
            Certificate.status == CertificateStatus.VERIFIED,
            Certificate.valid_until < on,
            ~exists().where(
                renewed.business_id == Certificate.business_id,
                renewed.scheme == Certificate.scheme,
                renewed.status == CertificateStatus.VERIFIED,
                func.coalesce(renewed.valid_until, on) >= on,
            ),
        )
        .group_by(Certificate.business_id, Certificate.scheme)
    )


def late_entries(ids: Ids, period: Period) -> Counted:
    """By ``domain.diary.days_late``; corrections are late by their nature."""
    written = case(
        (DiaryEntry.device_time < DiaryEntry.record_time, DiaryEntry.device_time), else_=DiaryEntry.record_time
    )
    return _count(
        DiaryEntry.business_id,
        ids,
        DiaryEntry.happened_on >= period.first_day,
        DiaryEntry.corrects_id.is_(None),
        days_between(DiaryEntry.happened_on, written) > period.late_after_days,
    )


def recalls(ids: Ids, period: Period) -> Counted:
    """Of batches that a business made itself: whoever only used them is not to blame."""
    return (
        select(Batch.business_id, func.count(Recall.id.distinct()), literal(""))
        .join(RecallBatch, RecallBatch.recall_id == Recall.id)
        .join(Batch, Batch.id == RecallBatch.batch_id)
        .where(
            Recall.status.in_(PUBLIC),
            Recall.confirmed_at >= period.since,
            Batch.business_id.in_(ids),
            ~exists().where(Link.child_id == Batch.id),
        )
        .group_by(Batch.business_id)
    )


def outsiders_only(ids: Ids, period: Period) -> Counted:
    """Deliveries of those who delivered to nobody that is enrolled."""
    return _count(
        Handover.seller_id, ids, Handover.offered_at >= period.since, Handover.status != HandoverStatus.WITHDRAWN
    ).having(func.count(Handover.buyer_id) == 0)


def _count(business_id: InstrumentedAttribute[Any], ids: Ids, *conditions: ColumnElement[bool]) -> Counted:
    return select(business_id, func.count(), literal("")).where(business_id.in_(ids), *conditions).group_by(business_id)


def _flags(*kinds: FlagKind) -> Callable[[Ids, Period], Counted]:
    return lambda ids, _: _count(DiaryFlag.business_id, ids, DiaryFlag.kind.in_(kinds), DiaryFlag.cleared_at.is_(None))


def _expired(side: InstrumentedAttribute[Any]) -> Callable[[Ids, Period], Counted]:
    return lambda ids, period: _count(
        side, ids, Handover.status == HandoverStatus.EXPIRED, Handover.offered_at >= period.since
    )


def _complaints(condition: ColumnElement[bool]) -> Callable[[Ids, Period], Counted]:
    return lambda ids, period: _count(
        Complaint.business_id,
        ids,
        Complaint.at >= period.since,
        Complaint.status != ComplaintStatus.UNFOUNDED,
        condition,
    )


QUESTIONS: dict[Factor, Callable[[Ids, Period], Counted]] = {
    Factor.COMMODITY: commodities,
    Factor.VOLUME: tonnes,
    Factor.EXCESS: lambda ids, period: _count(Excess.business_id, ids, Excess.at >= period.since),
    Factor.COPIED_DATA: _flags(FlagKind.COPIED_ENTRIES, FlagKind.COPIED_PHOTO),
    Factor.LATE_ENTRY: late_entries,
    Factor.INTERVAL_VIOLATED: _flags(FlagKind.HARVEST_IN_INTERVAL),
    Factor.UNANSWERED_OFFER: _expired(Handover.seller_id),
    Factor.IGNORED_OFFER: _expired(Handover.buyer_id),
    Factor.OUTSIDERS_ONLY: outsiders_only,
    Factor.COMPLAINT: _complaints(Complaint.reason != ComplaintReason.ILLNESS),
    Factor.ILLNESS: _complaints(Complaint.reason == ComplaintReason.ILLNESS),
    Factor.SUSPICIOUS_STAMP: lambda ids, period: _count(
        StampSignal.business_id, ids, StampSignal.last_at >= period.since
    ),
    Factor.RECALL: recalls,
}
"""Every fact but the lapsed certificates, whose days are counted from a date."""


@cache
def measures_on(day: date) -> Measures:
    return in_force(Measures, read_measures("risk_measures.csv"), day)
