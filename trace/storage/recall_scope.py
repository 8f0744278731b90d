"""Which batches a recall reaches, and what is known of them: every question one statement, however many they are."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    join,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from ..domain.balance import MovementKind
from ..domain.batches import BatchStatus
from ..domain.handovers import HandoverStatus
from ..domain.quantities import Unit
from ..domain.recalls import Period, Scope, ScopeKind
from .balance import Holding, Link, Movement
from .batches import Batch
from .businesses import Business
from .diary import BatchSeason, DiaryEntry, Season
from .handovers import Handover
from .labels import SINGLE, LabelIssue
from .products import Product
from .recalls import RecallBatch

ON_THE_WAY = Handover.status == HandoverStatus.OFFERED
Reached = CTE | Subquery
"""Has one column, ``id``."""
_PERIODS = Path(__file__).resolve().parent.parent / "data" / "recall_periods.csv"


def roots(scope: Scope) -> Select[int]:
    """The ids of the published batches where the recall begins."""
    statement = select(Batch.id).where(Batch.status != BatchStatus.DRAFT)
    if scope.kind is ScopeKind.BATCHES:
        return statement.where(Batch.public_code.in_(scope.codes))
    if scope.business_id is not None:
        statement = statement.where(Batch.business_id == scope.business_id)
    if scope.kind is ScopeKind.SITE:
        return statement.where(Batch.site_id == scope.site_id, Batch.production_date.between(scope.since, scope.until))
    return statement.where(_made_with(scope.material, scope.lot))


def _made_with(material: str, lot: str) -> ColumnElement[bool]:
    """A batch that was harvested, after it was used, from a season whose diary names the material and its lot.

    A batch that names no season may come from any of its product at its site that was running on its day.
    """
    later = aliased(DiaryEntry)
    root = func.coalesce(DiaryEntry.corrects_id, DiaryEntry.id)
    corrected = exists().where(or_(later.corrects_id == root, later.id == root), later.id > DiaryEntry.id)
    named = (
        exists().where(BatchSeason.batch_id == Batch.id, BatchSeason.season_id == Season.id).correlate(Batch, Season)
    )
    running = and_(
        ~exists().where(BatchSeason.batch_id == Batch.id).correlate(Batch),
        Season.site_id == Batch.site_id,
        Season.product_id == Batch.product_id,
        or_(Season.closed_at.is_(None), Season.closed_at >= Batch.production_date),
    )
    used = (
        exists()
        .where(DiaryEntry.season_id == Season.id, DiaryEntry.happened_on <= Batch.production_date, ~corrected)
        .where(func.lower(DiaryEntry.material) == func.lower(material))
        .correlate(Batch, Season)
    )
    if lot:
        used = used.where(
            or_(DiaryEntry.material.contains(lot, autoescape=True), DiaryEntry.note.contains(lot, autoescape=True))
        )
    return exists().where(Season.business_id == Batch.business_id, or_(named, running), used).correlate(Batch)


def forward(scope: Scope) -> CTE:
    """The batches where the recall begins, and everything that was made of them."""
    reached = roots(scope).cte("reached", recursive=True)
    return reached.union(select(Link.child_id).join(reached, Link.parent_id == reached.c.id))


def covered(recall_id: int) -> Subquery:
    """The same of a recall that was confirmed."""
    return select(RecallBatch.batch_id.label("id")).where(RecallBatch.recall_id == recall_id).subquery("covered")


def count(reached: Reached) -> Select[int]:
    return select(func.count()).select_from(reached)


def counts(reached: Reached) -> Select[int, int]:
    """How many batches they are, and how many labels were printed for them."""
    return select(count(reached).scalar_subquery(), labels_printed(reached).scalar_subquery())


def batches(reached: Reached) -> Select[Batch]:
    return select(Batch).where(Batch.id.in_(select(reached.c.id)))


def businesses(reached: Reached) -> Select[Business]:
    """Those that hold or held any of it, or that some of it was sent to."""
    held = select(Holding.business_id).join(reached, Holding.batch_id == reached.c.id)
    sent = select(Handover.buyer_id).join(reached, Handover.batch_id == reached.c.id).where(ON_THE_WAY)
    return select(Business).where(or_(Business.id.in_(held), Business.id.in_(sent)))


def made_by_others(scope: Scope, business_id: int) -> Select[bool]:
    """Whether the recall begins at another business's batch."""
    return select(exists().where(Batch.id.in_(roots(scope)), Batch.business_id != business_id))


def held_nowhere_near(scope: Scope, business_id: int) -> Select[bool]:
    """Whether the recall begins at a batch that the business neither made nor ever held."""
    held = exists().where(Holding.batch_id == Batch.id, Holding.business_id == business_id)
    return select(exists().where(Batch.id.in_(roots(scope)), Batch.business_id != business_id, ~held))


def amounts(reached: Reached) -> Select[MovementKind | None, bool, Unit, int]:
    """Rows of amounts by unit: in stock (no kind), on the way (True), and what left stock by kind."""
    products = join(reached, Batch, Batch.id == reached.c.id).join(Product, Product.id == Batch.product_id)
    nothing, unit = cast(null(), Movement.kind.type), Product.unit
    held = select(
        nothing.label("kind"), literal(False).label("on_the_way"), unit, func.sum(Holding.amount)
    ).select_from(products.join(Holding, Holding.batch_id == reached.c.id))
    sent = select(nothing, literal(True), unit, func.sum(Handover.sent)).select_from(
        products.join(Handover, Handover.batch_id == reached.c.id)
    )
    gone = select(Movement.kind, literal(False), unit, func.sum(Movement.amount)).select_from(
        products.join(Movement, Movement.batch_id == reached.c.id)
    )
    every = union_all(
        held.where(Holding.amount > 0).group_by(unit),
        sent.where(ON_THE_WAY).group_by(unit),
        gone.group_by(unit, Movement.kind),
    ).subquery()
    return select(every)


def holders(reached: Reached) -> Select[int, str, Unit, int, int]:
    """Rows: business id, its name, unit, how many batches, how much is in stock; the largest stock first."""
    return (
        select(
            Business.id,
            Business.legal_name,
            Product.unit,
            func.count().label("batches"),
            func.sum(Holding.amount).label("amount"),
        )
        .select_from(reached)
        .join(Holding, Holding.batch_id == reached.c.id)
        .join(Batch, Batch.id == reached.c.id)
        .join(Product, Product.id == Batch.product_id)
        .join(Business, Business.id == Holding.business_id)
        .group_by(Business.id, Business.legal_name, Product.unit)
        .order_by(func.sum(Holding.amount).desc(), Business.id)
    )


def to_be_phoned(reached: Reached) -> Select[str, str]:
    """Name and telephone number of each counterparty that is not enrolled and was sent some of it."""
    return (
        select(Handover.buyer_name, Handover.buyer_phone)
        .join(reached, Handover.batch_id == reached.c.id)
        .where(ON_THE_WAY, Handover.buyer_id.is_(None))
        .distinct()
    )


def labels_printed(reached: Reached) -> Select[int]:
    return (
        select(func.coalesce(func.sum(LabelIssue.count), 0))
        .join(reached, reached.c.id == LabelIssue.batch_id)
        .where(LabelIssue.format.not_in(SINGLE))
    )


def held_by_nobody(reached: Reached) -> Select[Batch]:
    """Batches that no holder was ever noted for: nobody would be asked about them."""
    return batches(reached).where(~exists().where(Holding.batch_id == Batch.id)).order_by(Batch.id)


def deliveries_waiting(reached: Reached) -> Select[int]:
    """How many deliveries were sent and not answered."""
    return select(func.count()).select_from(Handover).join(reached, reached.c.id == Handover.batch_id).where(ON_THE_WAY)


def any_batch(business_id: int | None) -> Select[Batch]:
    """A published batch by chance, of those that others were made of where there are any; of one business, or of all."""
    made_of = exists().where(Link.parent_id == Batch.id)
    statement = select(Batch).where(Batch.status == BatchStatus.PUBLISHED, Batch.recall_id.is_(None))
    if business_id is not None:
        statement = statement.where(Batch.business_id == business_id)
    return statement.order_by(case((made_of, 0), else_=1), func.random()).limit(1)


def product_names(scope: Scope) -> Select[str]:
    return (
        select(Product.name)
        .join(Batch, Batch.product_id == Product.id)
        .where(Batch.id.in_(roots(scope)))
        .distinct()
        .order_by(Product.name)
        .limit(3)
    )


@cache
def periods() -> tuple[Period, ...]:
    with _PERIODS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Period(row["name"], int(row["hours"]), date.fromisoformat(row["from"]), row["source"])
            for row in csv.DictReader(file)
        )
