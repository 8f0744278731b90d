"""Visits: the plan, the minutes that were signed, and what they say of a business."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from ..domain.businesses import BusinessStatus
from ..domain.inspections import Grade, InspectionKind, InspectionStatus
from .accounts import User, handling_officer_ids
from .batches import Batch
from .businesses import Business
from .chain import Event, of_one_batch, stands
from .database import Base, PrimaryKey
from .files import StoredFile
from .laboratory import LaboratoryTest
from .products import Product


class Inspection(Base):
    """A visit, from its plan to its signed minutes."""

    __tablename__ = "inspections"
    __table_args__ = (
        Index("ix_inspections_planned", "planned_on", "id"),
        Index("ix_inspections_held", "held_on", "id"),
        Index("ix_inspections_business", "business_id", "id"),
        Index("ix_inspections_lead", "lead_id", "planned_on", "id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[InspectionKind]
    status: Mapped[InspectionStatus]
    planned_on: Mapped[date]
    site_ids: Mapped[list[int]]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    lead_name: Mapped[str]
    team: Mapped[str]
    reason: Mapped[str]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))
    """The visit whose findings this one looks at again."""
    changed_because: Mapped[str] = mapped_column(default="")
    """Why it was last moved, or cancelled."""
    planned_by_name: Mapped[str]
    planned_at: Mapped[datetime]
    held_on: Mapped[date | None]
    grade: Mapped[Grade | None]
    """As the latest minutes give it."""
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()


class InspectionMinutes(Base):
    """What both sides signed; never changed. Minutes that were wrong are followed by others that name them."""

    __tablename__ = "inspection_minutes"
    __table_args__ = (Index("ix_inspection_minutes_inspection", "inspection_id", "id"),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    number: Mapped[str] = mapped_column(unique=True)
    """``0012/2026/BB-KT``; of a correction ``0012/2026/BB-KT-ĐC1``."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_minutes.id"), unique=True)
    reason: Mapped[str]
    """Of the correction."""
    content: Mapped[dict[str, Any]]
    """``domain.inspections.VisitFacts`` and what the paper names beside it: everything that is printed."""
    document_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    sha256: Mapped[str]
    """Of the PDF."""
    refused: Mapped[bool]
    client_key: Mapped[str | None] = mapped_column(unique=True)
    device_time: Mapped[datetime | None]
    signed_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signed_by_name: Mapped[str]

    document: Mapped[StoredFile] = relationship()
    inspection: Mapped[Inspection] = relationship()


class InspectedEvent(Base):
    """A step of a batch that was seen on site to be as it is recorded; said by minutes, and gone with their correction."""

    __tablename__ = "inspected_events"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("inspection_minutes.id"), primary_key=True, index=True)


class InspectionSample(Base):
    """What was taken along; a laboratory's report on its batch may be named later."""

    __tablename__ = "inspection_samples"
    __table_args__ = (Index("ix_inspection_samples_inspection", "inspection_id", "code", unique=True),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    code: Mapped[str]
    product: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batches.id"))
    test_id: Mapped[int | None] = mapped_column(ForeignKey("laboratory_tests.id"))

    batch: Mapped[Batch | None] = relationship()
    test: Mapped[LaboratoryTest | None] = relationship()


class BusinessGrade(Base):
    """The grade that a business's latest graded visit gave it, and by when the next visit is due."""

    __tablename__ = "business_grades"
    __table_args__ = (Index("ix_business_grades_due", "due_on", "business_id"),)

    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), primary_key=True, autoincrement=False)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspections.id"))
    grade: Mapped[Grade]
    graded_on: Mapped[date]
    due_on: Mapped[date]
    """By the frequency in force on the day of the visit."""

    business: Mapped[Business] = relationship()


def inspections_where(
    *,
    since: date | None = None,
    until: date | None = None,
    status: InspectionStatus | None = None,
    kind: InspectionKind | None = None,
    lead_id: int | None = None,
    business_id: int | None = None,
) -> Select[Inspection]:
    """With their businesses; ``since`` and ``until`` are planned days, both included."""
    statement = select(Inspection).options(joinedload(Inspection.business))
    if since is not None:
        statement = statement.where(Inspection.planned_on >= since)
    if until is not None:
        statement = statement.where(Inspection.planned_on <= until)
    for column, wanted in (
        (Inspection.status, status),
        (Inspection.kind, kind),
        (Inspection.lead_id, lead_id),
        (Inspection.business_id, business_id),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    return statement


def inspections_seen_by(business_id: int) -> Select[Inspection]:
    """What a business may know of: its signed visits, and the plans that are announced."""
    announced = Inspection.kind.in_([kind for kind in InspectionKind if kind.is_announced])
    known = or_(Inspection.status == InspectionStatus.SIGNED, announced)
    return inspections_where(business_id=business_id).where(known)


def in_week_order(statement: Select[Inspection], after: int | None) -> Select[Inspection]:
    """By day; ``after`` is the last visit of the page before."""
    return statement.where(_beyond(Inspection.planned_on, Inspection.id, after)).order_by(
        Inspection.planned_on, Inspection.id
    )


def minutes_of(inspection_id: int) -> Select[InspectionMinutes]:
    """Newest first, with their papers."""
    return (
        select(InspectionMinutes)
        .where(InspectionMinutes.inspection_id == inspection_id)
        .options(joinedload(InspectionMinutes.document))
        .order_by(InspectionMinutes.id.desc())
    )


def minutes_with_key(client_key: str) -> Select[InspectionMinutes]:
    return select(InspectionMinutes).where(InspectionMinutes.client_key == client_key)


def samples_of(inspection_id: int) -> Select[InspectionSample]:
    return (
        select(InspectionSample)
        .where(InspectionSample.inspection_id == inspection_id)
        .options(joinedload(InspectionSample.batch), joinedload(InspectionSample.test))
        .order_by(InspectionSample.id)
    )


def steps_to_see(business_id: int, most: int) -> "Select[Event, str, str]":
    """The latest steps that a business recorded and that stand, with product and lot: what can be looked at on site."""
    return (
        select(Event, Product.name, Batch.lot)
        .join(Batch, Batch.id == Event.batch_id)
        .join(Product, Product.id == Batch.product_id)
        .where(Event.business_id == business_id, Event.site_id.is_not(None), of_one_batch(), stands())
        .order_by(Event.id.desc())
        .limit(most)
    )


def was_inspected(event_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    """The condition that minutes which nobody corrected say that an event was seen on site."""
    return exists().where(InspectedEvent.event_id == event_id, ~_corrected(InspectedEvent.minutes_id))


def inspected_steps_of(batch_id: int) -> Select[int]:
    """The ids of a batch's events that were seen on site."""
    return select(Event.id).where(Event.batch_id == batch_id, was_inspected(Event.id))


_later = aliased(InspectionMinutes)


def _corrected(minutes_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    return exists().where(_later.corrects_id == minutes_id)


def grades_due(until: date, after: int | None) -> Select[BusinessGrade]:
    """Approved businesses whose next visit is due by a day, most overdue first; ``after`` is the last one's id."""
    return (
        select(BusinessGrade)
        .join(BusinessGrade.business)
        .where(
            BusinessGrade.due_on <= until,
            Business.status == BusinessStatus.APPROVED,
            _beyond(BusinessGrade.due_on, BusinessGrade.business_id, after),
        )
        .options(joinedload(BusinessGrade.business))
        .order_by(BusinessGrade.due_on, BusinessGrade.business_id)
    )


def never_graded() -> Select[Business]:
    """Approved businesses without a graded visit."""
    graded = exists().where(BusinessGrade.business_id == Business.id)
    return select(Business).where(Business.status == BusinessStatus.APPROVED, ~graded)


def planned_visits(business_ids: Collection[int]) -> Select[int, date]:
    """The next planned day of each business that has one."""
    waiting = Inspection.business_id.in_(business_ids), Inspection.status == InspectionStatus.PLANNED
    return (
        select(Inspection.business_id, func.min(Inspection.planned_on)).where(*waiting).group_by(Inspection.business_id)
    )


def planned_between(since: date, until: date) -> Select[int]:
    """How many visits stand planned for these days, held or not; cancelled ones do not count."""
    return select(func.count(Inspection.id)).where(
        Inspection.planned_on.between(since, until), Inspection.status != InspectionStatus.CANCELLED
    )


def held_between(since: date, until: date) -> Select[int]:
    """How many of those were held, and signed."""
    return planned_between(since, until).where(Inspection.status == InspectionStatus.SIGNED)


def inspectors_of(commune_code: str | None) -> Select[User]:
    """Who may lead a visit to a business of a commune; without one, wherever it is."""
    return select(User).where(User.id.in_(handling_officer_ids(commune_code))).order_by(User.name, User.id)


def _beyond(day: Any, key: Any, after: int | None) -> ColumnElement[bool]:
    """The condition of a keyset page in the order of a day and an id, where the last row's day is looked up by its id."""
    if after is None:
        return key.is_not(None)  # type: ignore[no-any-return] # columns of several tables
    other = aliased(day.class_)
    last = select(getattr(other, day.key)).where(getattr(other, key.key) == after).scalar_subquery()
    return or_(day > last, and_(day == last, key > after))
