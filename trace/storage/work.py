"""What waits for the department, read from the subjects themselves, and the little that is kept about each."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, joinedload, mapped_column, relationship

from ..domain.businesses import BusinessStatus
from ..domain.certificates import CertificateStatus
from ..domain.diary import FlagKind
from ..domain.measures import in_force
from ..domain.recalls import RecallStatus
from ..domain.work import Queue, Step, Targets, Whose, Work
from .accounts import User
from .approvals import Approval, approvals_where
from .businesses import Business, ids_in_commune
from .certificates import Certificate
from .complaints import Complaint, complaints_where
from .database import Base, PrimaryKey
from .diary_flags import DiaryFlag, flags_where
from .excesses import Excess, excesses_where
from .handovers import Handover, waiting_since
from .inspection_findings import InspectionFinding, findings_where
from .measures import read_measures
from .recalls import Recall, RecallHolder
from .register import businesses_where, certificates_where

LAPSED_DAYS_SHOWN = 90
"""As on the page of a business: a paper that lapsed longer ago was given up."""


class WorkItem(Base):
    """Who has a piece of work, and whether it was closed; there is none until somebody does something about it."""

    __tablename__ = "work_items"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_work_items_assignee", "assignee_id", "kind", "subject_id"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[Work]
    subject_id: Mapped[int]
    """Of the row that it is about, in the table that ``SOURCES`` names."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    assignee: Mapped[User | None] = relationship()
    notes: Mapped[list["WorkNote"]] = relationship(order_by="WorkNote.id.desc()")


class WorkNote(Base):
    """One step of a piece of work; append-only."""

    __tablename__ = "work_notes"

    id: Mapped[PrimaryKey]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)
    step: Mapped[Step]
    text: Mapped[str]
    """A comment or a reason; of an assignment the name of whom it was given to."""
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Asked:
    """When it is asked, and after how many days officers see a delivery that nobody answered."""

    now: datetime
    today: date
    handover_days: int


@dataclass(frozen=True)
class Source:
    """Where the subjects of a queue come from. ``since``: from when on they wait, or the last day of a paper or for a remedy."""

    model: type[Any]
    since: InstrumentedAttribute[Any]
    owners: tuple[InstrumentedAttribute[Any], ...]
    waiting: Callable[[Asked], Select[Any]]

    @property
    def key(self) -> Any:
        """The column of its id."""
        return self.model.id


def _expiring(first: int, end: int) -> Source:
    """Verified papers whose last day is so many days away, and which no later paper of the scheme replaces."""
    later = aliased(Certificate)
    replaced = exists().where(
        later.business_id == Certificate.business_id,
        later.scheme == Certificate.scheme,
        later.status == CertificateStatus.VERIFIED,
        later.id != Certificate.id,
        func.coalesce(later.valid_until, date.max) > Certificate.valid_until,
    )

    def waiting(asked: Asked) -> Select[Any]:
        return certificates_where(status=CertificateStatus.VERIFIED).where(
            Certificate.valid_until >= asked.today + timedelta(days=first),
            Certificate.valid_until < asked.today + timedelta(days=end),
            ~replaced,
        )

    return Source(Certificate, Certificate.valid_until, (Certificate.business_id,), waiting)


def _silent_holders(_: Asked) -> Select[Any]:
    return (
        select(RecallHolder)
        .join(RecallHolder.recall)
        .where(Recall.status == RecallStatus.OPEN, RecallHolder.acknowledged_at.is_(None))
        .options(joinedload(RecallHolder.recall), joinedload(RecallHolder.business))
    )


SOURCES: Mapping[Queue, Source] = {
    Queue.APPLICATIONS: Source(
        Business,
        Business.created_at,
        (Business.id,),
        lambda asked: businesses_where(status=BusinessStatus.APPLIED, on=asked.today),
    ),
    Queue.APPROVALS: Source(
        Approval, Approval.proposed_at, (Approval.business_id,), lambda _: approvals_where(is_open=True)
    ),
    Queue.CERTIFICATES: Source(
        Certificate,
        Certificate.created_at,
        (Certificate.business_id,),
        lambda _: certificates_where(status=CertificateStatus.SUBMITTED),
    ),
    Queue.COMPLAINTS: Source(
        Complaint, Complaint.at, (Complaint.business_id,), lambda _: complaints_where(open_only=True)
    ),
    Queue.RECALL_HOLDERS: Source(RecallHolder, Recall.confirmed_at, (RecallHolder.business_id,), _silent_holders),
    Queue.HARVESTS: Source(
        DiaryFlag,
        DiaryFlag.raised_at,
        (DiaryFlag.business_id,),
        lambda _: flags_where(is_open=True).where(DiaryFlag.kind == FlagKind.HARVEST_IN_INTERVAL),
    ),
    Queue.EXCESSES: Source(Excess, Excess.at, (Excess.business_id,), lambda _: excesses_where(is_seen=False)),
    Queue.FINDINGS: Source(
        InspectionFinding,
        InspectionFinding.deadline,
        (InspectionFinding.business_id,),
        lambda asked: findings_where(overdue_on=asked.today),
    ),
    Queue.HANDOVERS: Source(
        Handover,
        Handover.offered_at,
        (Handover.seller_id, Handover.buyer_id),
        lambda asked: waiting_since(asked.now - timedelta(days=asked.handover_days)),
    ),
    Queue.EXPIRED: _expiring(-LAPSED_DAYS_SHOWN, 0),
    Queue.EXPIRING_7: _expiring(0, 7),
    Queue.EXPIRING_30: _expiring(7, 30),
}
MODELS: Mapping[Work, type[Any]] = {queue.work: source.model for queue, source in SOURCES.items()}


def waiting_in(
    queue: Queue, asked: Asked, *, whose: Whose | None = None, user_id: int | None = None, overdue: int | None = None
) -> Select[Any]:
    """The subjects of a queue; ``overdue`` is after how many days they are."""
    source = SOURCES[queue]
    statement = source.waiting(asked)
    kept = exists().where(WorkItem.kind == queue.work, WorkItem.subject_id == source.key)
    if queue.work.closes_by_hand:
        statement = statement.where(~kept.where(WorkItem.closed_at.is_not(None)))
    if whose is Whose.MINE:
        statement = statement.where(kept.where(WorkItem.assignee_id == user_id))
    elif whose is Whose.UNASSIGNED:
        statement = statement.where(~kept.where(WorkItem.assignee_id.is_not(None)))
    return statement if overdue is None else statement.where(_is_overdue(queue, source, asked, overdue))


def queue_lengths(asked: Asked, targets: Targets, commune_code: str | None = None) -> CompoundSelect[*tuple[Any, ...]]:
    """A row for every queue: how many wait, and how many of these too long; of one commune or all."""
    counts: list[Select[*tuple[Any, ...]]] = []
    for queue, source in SOURCES.items():
        waiting = waiting_in(queue, asked)
        if commune_code:
            waiting = waiting.where(or_(*(owner.in_(ids_in_commune(commune_code)) for owner in source.owners)))
        all_of_them = func.count(source.key)
        late = all_of_them.filter(_is_overdue(queue, source, asked, targets.of(queue.work)))
        counts.append(waiting.with_only_columns(literal(queue.value), all_of_them, late).order_by(None))
    return union_all(*counts)


def items_about(work: Work, subject_ids: Collection[int]) -> Select[WorkItem]:
    """With whom each was given to."""
    return (
        select(WorkItem)
        .where(WorkItem.kind == work, WorkItem.subject_id.in_(subject_ids))
        .options(joinedload(WorkItem.assignee))
    )


@cache
def targets_on(day: date) -> Targets:
    return in_force(Targets, read_measures("work_targets.csv"), day)


def _is_overdue(queue: Queue, source: Source, asked: Asked, days: int) -> ColumnElement[bool]:
    """A delivery is counted from when officers see it."""
    if queue.work in (Work.RENEWAL, Work.FINDING):
        return source.since < asked.today - timedelta(days=days)
    more = asked.handover_days if queue.work is Work.HANDOVER else 0
    return source.since < asked.now - timedelta(days=days + more)
