"""The append-only event store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, and_, exists, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from ..domain.evidence import Evidence
from ..domain.vocabulary import STOCK_STEPS, BusinessStep, EventType
from .database import Base, PrimaryKey
from .sites import Site


class Event(Base):
    """One EPCIS 2.0 event about one batch; triggers in the database forbid changing or deleting it."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_batch", "batch_id", "event_time", "id"),
        Index("ix_events_business", "business_id", "id"),
        UniqueConstraint("hash", "declares_error"),
    )

    id: Mapped[PrimaryKey]
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    handover_id: Mapped[int | None] = mapped_column(ForeignKey("handovers.id"))
    """Of shipping and receiving: what both belong to."""
    type: Mapped[str]
    business_step: Mapped[str]
    """CBV 2.0 business step, bare name."""
    event_time: Mapped[datetime]
    offset: Mapped[str] = mapped_column(default="+07:00")
    record_time: Mapped[datetime]
    device_time: Mapped[datetime | None]
    evidence: Mapped[Evidence]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str]
    hash: Mapped[str]
    """CBV event hash: ``ni:///sha-256;…?ver=CBV2.0``."""
    declares_error: Mapped[bool] = mapped_column(default=False)
    """The row repeats an earlier event, under its hash, only to say that it was wrong (EPCIS 2.0 §7.4.1.2)."""
    body: Mapped[dict[str, Any]]
    """The whole event as EPCIS 2.0 JSON-LD."""


_declaration = aliased(Event)
"""Made once: a new alias would make every statement a new one."""


def standing_events(batch_id: int) -> Select[Event]:
    """What happened to a batch, in order, without events that were later declared wrong."""
    return select(Event).where(Event.batch_id == batch_id, stands()).order_by(Event.event_time, Event.id)


def events_of(batch_id: int) -> Select[Event]:
    """Everything recorded of a batch, what was later declared wrong included."""
    return select(Event).where(Event.batch_id == batch_id)


def events_seen_by(batch_id: int, businesses: Collection[int] | None) -> Select[Event]:
    """Of all that was recorded: what these businesses recorded, and what anyone may know; None sees everything."""
    if businesses is None:
        return events_of(batch_id)
    return events_of(batch_id).where(or_(Event.business_id.in_(businesses), for_anyone()))


def for_anyone() -> ColumnElement[bool]:
    """The condition that what is told of an event with ``domain.chain.for_anyone`` is no secret of who recorded it."""
    return and_(Event.business_step.not_in(sorted(STOCK_STEPS)), Event.type != EventType.TRANSACTION.value)


def of_one_batch() -> ColumnElement[bool]:
    """The condition that an event is a step of its batch: what a holder packs into cases is that holder's affair."""
    return Event.type != EventType.AGGREGATION.value


def stages_of(batch_ids: Sequence[int]) -> Select[int, str, str, datetime]:
    """Batch, business step, site code and time of what happened to these batches, at places that are known."""
    return (
        select(Event.batch_id, Event.business_step, Site.code, Event.event_time)
        .join(Site, Site.id == Event.site_id)
        .where(Event.batch_id.in_(batch_ids), of_one_batch(), stands())
    )


def events_recorded(batch_id: int) -> Select[int]:
    """How many events there are of a batch, the wrong ones included."""
    return select(func.count()).where(Event.batch_id == batch_id, ~Event.declares_error)


def declaration_of(event_hash: str) -> Select[Event]:
    """The row that declares an event wrong."""
    return select(Event).where(Event.hash == event_hash, Event.declares_error)


def stands() -> ColumnElement[bool]:
    """The condition that an event neither declares an error nor was declared wrong."""
    return and_(~Event.declares_error, ~exists().where(_declaration.hash == Event.hash, _declaration.declares_error))


def is_declared_wrong(event_hash: str) -> Select[bool]:
    return select(exists().where(Event.hash == event_hash, Event.declares_error))


def declarations_by(business_id: int, batch_id: int) -> Select[Event]:
    """What a business recorded of a batch and said to be wrong afterwards; the latest first."""
    return (
        select(Event)
        .where(Event.batch_id == batch_id, Event.business_id == business_id, Event.declares_error)
        .order_by(Event.id.desc())
    )


def transformation_of(batch_id: int) -> Select[Event]:
    """The standing event by which a batch was made of others."""
    return standing_events(batch_id).where(Event.type == EventType.TRANSFORMATION.value)


def event_of_handover(batch_id: int, handover_id: int, step: BusinessStep) -> Select[Event]:
    """The standing event by which a delivery was shipped, or received."""
    return standing_events(batch_id).where(Event.handover_id == handover_id, Event.business_step == step.value)
