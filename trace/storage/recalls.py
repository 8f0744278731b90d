"""Recalls: the case, the batches it covers, who had them, and what each said became of them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.quantities import Unit
from ..domain.recalls import Disposal, RecallClass, RecallKind, RecallStatus
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile
from .handovers import Handover
from .products import Product

PUBLIC = (RecallStatus.OPEN, RecallStatus.CLOSED)


class Recall(Base):
    """A proposal until it is confirmed; then everything about its batches is fixed, and its number is public."""

    __tablename__ = "recalls"
    __table_args__ = (
        Index("ix_recalls_business", "business_id", "id"),
        Index("ix_recalls_status", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    number: Mapped[str | None] = mapped_column(unique=True)
    """``TH-2026-0012``, given at confirmation."""
    kind: Mapped[RecallKind]
    recall_class: Mapped[RecallClass]
    status: Mapped[RecallStatus]
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    """Who proposed it; None where an officer did."""
    product: Mapped[str]
    """What shoppers know the goods by."""
    reason: Mapped[str]
    instructions: Mapped[str]
    """Where to bring the goods, beyond what the class says by itself."""
    phone: Mapped[str]
    """E.164; whom shoppers may call."""
    scope: Mapped[dict[str, Any]]
    """``domain.recalls.scope_as_json``."""
    created_at: Mapped[datetime]
    created_by_name: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_name: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    batch_count: Mapped[int] = mapped_column(default=0)
    """Counted at confirmation, as are the holders."""
    holder_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business | None] = relationship()


class RecallBatch(Base):
    """One batch of a recall's closure: its scope, and everything that was made of it."""

    __tablename__ = "recall_batches"

    recall_id: Mapped[int] = mapped_column(ForeignKey("recalls.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True, index=True)


class RecallHolder(Base):
    """Who has, or had, goods of a recall, and must say what was found."""

    __tablename__ = "recall_holders"
    __table_args__ = (
        UniqueConstraint("recall_id", "business_id"),
        Index("ix_recall_holders_business", "business_id", "id"),
    )

    id: Mapped[PrimaryKey]
    recall_id: Mapped[int] = mapped_column(ForeignKey("recalls.id"))
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str] = mapped_column(default="")
    """Of a counterparty that is not enrolled, who must be phoned."""
    phone: Mapped[str] = mapped_column(default="")
    reminders: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))

    recall: Mapped[Recall] = relationship()
    business: Mapped[Business | None] = relationship()
    evidence: Mapped[StoredFile | None] = relationship()
    items: Mapped[list["RecallItem"]] = relationship(order_by="RecallItem.id", back_populates="holder")


class RecallItem(Base):
    """How much of a batch a holder had at confirmation, and what it found. Amounts in the base unit of the product.

    What is sent back afterwards moves from the item of whom it was sent to into the one of who sent it.
    """

    __tablename__ = "recall_items"
    __table_args__ = (
        UniqueConstraint("holder_id", "batch_id", "on_the_way"),
        CheckConstraint("located >= 0 AND located <= amount", name="located_within_amount"),
    )

    id: Mapped[PrimaryKey]
    holder_id: Mapped[int] = mapped_column(ForeignKey("recall_holders.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), index=True)
    amount: Mapped[int]
    on_the_way: Mapped[bool] = mapped_column(default=False)
    """Sent to this holder, which had not taken delivery of it."""
    located: Mapped[int | None]
    disposal: Mapped[Disposal | None]

    batch: Mapped[Batch] = relationship()
    holder: Mapped[RecallHolder] = relationship(back_populates="items")

    @property
    def product(self) -> Product:
        return self.batch.product

    @property
    def destroyed(self) -> int:
        return (self.located or 0) if self.disposal is Disposal.DESTROY else 0


class RecallDrill(Base):
    """One rehearsal: what a recall of a batch would have found, and how fast. It touched nothing."""

    __tablename__ = "recall_drills"
    __table_args__ = (Index("ix_recall_drills_business", "business_id", "id"),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    """Who rehearsed; None where an officer did."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    at: Mapped[datetime]
    by_name: Mapped[str]
    result: Mapped[dict[str, Any]]
    """The fields of ``services.recall_drills.Scorecard``."""

    batch: Mapped[Batch] = relationship()
    business: Mapped[Business | None] = relationship()


def recalls_where(
    *, statuses: Collection[RecallStatus] = (), business_id: int | None = None, proposer_id: int | None = None
) -> Select[Recall]:
    """``business_id``: those that it proposed, or that it must answer."""
    statement = select(Recall).options(joinedload(Recall.business))
    if statuses:
        statement = statement.where(Recall.status.in_(statuses))
    if business_id is not None:
        asked = select(RecallHolder.recall_id).where(RecallHolder.business_id == business_id)
        statement = statement.where(or_(Recall.business_id == business_id, Recall.id.in_(asked)))
    if proposer_id is not None:
        statement = statement.where(Recall.business_id == proposer_id)
    return statement


def public_recall(number: str) -> Select[Recall]:
    return select(Recall).where(Recall.number == number, Recall.status.in_(PUBLIC)).options(joinedload(Recall.business))


def holder_of(recall_id: int, business_id: int) -> Select[RecallHolder]:
    return select(RecallHolder).where(RecallHolder.recall_id == recall_id, RecallHolder.business_id == business_id)


def holders_of(recall_id: int, *, silent: bool | None = None) -> Select[RecallHolder]:
    """With their businesses; ``silent``: those that have, or have not, said everything."""
    statement = (
        select(RecallHolder)
        .where(RecallHolder.recall_id == recall_id)
        .options(joinedload(RecallHolder.business), joinedload(RecallHolder.evidence))
    )
    if silent is not None:
        silence = RecallHolder.acknowledged_at.is_(None)
        statement = statement.where(silence if silent else ~silence)
    return statement


def silent_count(recall_id: int) -> Select[int]:
    return select(func.count()).where(RecallHolder.recall_id == recall_id, RecallHolder.acknowledged_at.is_(None))


def open_recalls_of(handover_id: int) -> Select[int]:
    """The ids of the open recalls that cover the batch of a delivery."""
    return (
        select(Recall.id)
        .join(RecallBatch, RecallBatch.recall_id == Recall.id)
        .join(Handover, Handover.batch_id == RecallBatch.batch_id)
        .where(Handover.id == handover_id, Recall.status == RecallStatus.OPEN)
        .order_by(Recall.id)
    )


def item_of(recall_id: int, business_id: int, batch_id: int, *, on_the_way: bool) -> Select[RecallItem]:
    return (
        select(RecallItem)
        .join(RecallItem.holder)
        .where(RecallHolder.recall_id == recall_id, RecallHolder.business_id == business_id)
        .where(RecallItem.batch_id == batch_id, RecallItem.on_the_way.is_(on_the_way))
    )


def unanswered_of(business_id: int) -> Select[int]:
    """How many open recalls wait for a business's answer."""
    return (
        select(func.count())
        .select_from(RecallHolder)
        .join(RecallHolder.recall)
        .where(
            RecallHolder.business_id == business_id,
            RecallHolder.acknowledged_at.is_(None),
            Recall.status == RecallStatus.OPEN,
        )
    )


def outcomes_of(recall_id: int) -> Select[Disposal | None, Unit, int, int]:
    """Rows by what becomes of it, and unit: how much was out, in stock or on the way, and how much of it was located."""
    return (
        select(
            RecallItem.disposal,
            Product.unit,
            func.sum(RecallItem.amount),
            func.sum(func.coalesce(RecallItem.located, 0)),
        )
        .join(RecallItem.holder)
        .join(RecallItem.batch)
        .join(Product, Product.id == Batch.product_id)
        .where(RecallHolder.recall_id == recall_id)
        .group_by(RecallItem.disposal, Product.unit)
    )


def items_of(holder_id: int) -> Select[RecallItem]:
    """With batch and product; those still unanswered first."""
    return (
        select(RecallItem)
        .where(RecallItem.holder_id == holder_id)
        .options(joinedload(RecallItem.batch).joinedload(Batch.product))
        .order_by(RecallItem.located.is_not(None), RecallItem.id)
    )


def report_rows(recall_id: int) -> Select[RecallHolder, RecallItem]:
    """Each holder with each of its items; None where it had none."""
    return (
        select(RecallHolder, RecallItem)
        .outerjoin(RecallItem, RecallItem.holder_id == RecallHolder.id)
        .where(RecallHolder.recall_id == recall_id)
        .options(
            joinedload(RecallHolder.business), joinedload(RecallItem.batch).joinedload(Batch.product, innerjoin=False)
        )
        .order_by(RecallHolder.id, RecallItem.id)
    )


def batch_ids_of(recall_id: int) -> Select[int]:
    return select(RecallBatch.batch_id).where(RecallBatch.recall_id == recall_id)


def batches_of_recall(recall_id: int) -> Select[Batch]:
    return (
        select(Batch)
        .join(RecallBatch, RecallBatch.batch_id == Batch.id)
        .where(RecallBatch.recall_id == recall_id)
        .options(joinedload(Batch.product).joinedload(Product.photo), joinedload(Batch.business))
    )


def drills_of(business_id: int | None) -> Select[RecallDrill]:
    """Of one business; None: everybody's, for the department."""
    statement = select(RecallDrill).options(
        joinedload(RecallDrill.batch).joinedload(Batch.product), joinedload(RecallDrill.business)
    )
    return statement if business_id is None else statement.where(RecallDrill.business_id == business_id)
