"""Rehearsing a recall: everything that a recall looks up, timed, and nothing of what it does.

No batch is blocked, no page changes and nobody is told: a drill writes its own row and its line in the audit trail.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.balance import MovementKind
from ..domain.dates import format_moment
from ..domain.errors import N_, NotFound
from ..domain.permissions import Actor, Permission, require
from ..domain.quantities import Unit, format_amount
from ..domain.recalls import NothingToRehearse, Scope, ScopeKind
from ..storage import recall_scope as questions
from ..storage.batches import Batch
from ..storage.recalls import RecallDrill
from . import audit, recalls
from .clock import now
from .exports import Column, Sheet
from .recalls import Reach
from .wording import say

MOST_LISTED = 500
"""Holders, and gaps of each kind, that a scorecard names; it counts all."""
_LEFT = (MovementKind.SOLD, MovementKind.OWN_USE, MovementKind.LOST, MovementKind.DESTROYED)


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """What a recall would have found."""

    closure_ms: int
    """Until every batch was known."""
    total_ms: int
    """Until every holder and amount was known too."""
    batches: int
    labels: int
    holder_count: int
    holders: list[dict[str, Any]]
    """``name``, ``unit``, ``batches``, ``amount`` in base units."""
    amounts: list[dict[str, Any]]
    """By ``unit``, in base units: ``held`` in stock, ``on_the_way``, and ``left`` the chain (sold, eaten, lost)."""
    unheld_count: int
    unheld: list[str]
    """Lots that no holder was noted for."""
    party_count: int
    parties: list[str]
    """Who is not enrolled and would have to be phoned."""
    deliveries_waiting: int

    @property
    def has_gaps(self) -> bool:
        return bool(self.unheld_count or self.party_count or self.deliveries_waiting)


def rehearse(session: Session, actor: Actor, *, business_id: int | None, code: str = "") -> RecallDrill:
    """Look up what a recall of one batch would reach: the one with this code, or any. ``business_id`` None: an officer.

    Raises NothingToRehearse (also for a batch that the business neither made nor held), InvalidPublicCode.
    """
    require(actor, Permission.RECALLS_ORDER if business_id is None else Permission.RECALLS_WRITE, business_id)
    batch = _batch(session, business_id, code)
    drill = RecallDrill(
        business_id=business_id, batch_id=batch.id, at=now(), by_name=actor.name, result=asdict(_score(session, batch))
    )
    session.add(drill)
    audit.record(session, actor, "recalls:rehearse", drill, changes={"code": batch.public_code})
    session.commit()
    return drill


def of(session: Session, drill_id: int, business_id: int | None) -> RecallDrill:
    """A drill for its business, or for an officer (None), who sees everybody's. Raises NotFound."""
    drill = session.get(RecallDrill, drill_id)
    if drill is None or (business_id is not None and drill.business_id != business_id):
        raise NotFound
    return drill


def scorecard(drill: RecallDrill) -> Scorecard:
    rows = {
        name: [{**each, "unit": Unit(each["unit"])} for each in drill.result[name]] for name in ("holders", "amounts")
    }
    return Scorecard(**{**drill.result, **rows})


def sheets(drill: RecallDrill, locale: str) -> list[Sheet[Any]]:
    """For ``exports.book_parts``: the figures, the holders, and the gaps by name."""
    card = scorecard(drill)
    gaps = [(N_("Lô chưa có nơi giữ"), lot) for lot in card.unheld]
    gaps += [(N_("Phải gọi điện"), name) for name in card.parties]
    pair: list[Column[Any]] = [
        Column(N_("Mục"), lambda row: say(row[0], locale), 44),
        Column(N_("Kết quả"), lambda row: row[1], 40),
    ]
    holder: list[Column[Any]] = [
        Column(N_("Nơi giữ hàng"), lambda row: row["name"], 42),
        Column(N_("Số lô hàng"), lambda row: row["batches"]),
        Column(N_("Đang trong kho"), lambda row: format_amount(row["amount"], row["unit"], locale)),
    ]
    return [
        Sheet(N_("Phiếu điểm"), pair, _figures(drill, card, locale)),
        Sheet(N_("Nơi giữ hàng"), holder, card.holders),
        Sheet(N_("Lỗ hổng"), pair, gaps),
    ]


def _batch(session: Session, business_id: int | None, code: str) -> Batch:
    if not code:
        batch = session.scalars(questions.any_batch(business_id)).first()
    else:
        scope = Scope(kind=ScopeKind.BATCHES, codes=(public_code.parse(code),))
        batch = session.scalars(select(Batch).where(Batch.id.in_(questions.roots(scope)))).one_or_none()
        if business_id is not None and session.scalars(questions.held_nowhere_near(scope, business_id)).one():
            batch = None
    if batch is None:
        raise NothingToRehearse(field="code")
    return batch


def _score(session: Session, batch: Batch) -> Scorecard:
    reached = questions.forward(Scope(kind=ScopeKind.BATCHES, codes=(batch.public_code or "",)))
    began = perf_counter()
    session.scalars(questions.count(reached)).one()
    closed = perf_counter()
    reach = recalls.reach_of(session, reached)
    unheld = session.scalars(questions.held_by_nobody(reached)).all()
    waiting = session.scalars(questions.deliveries_waiting(reached)).one()
    return Scorecard(
        closure_ms=_milliseconds(closed - began),
        total_ms=_milliseconds(perf_counter() - began),
        batches=reach.batches,
        labels=int(reach.labels),
        holder_count=len({row.id for row in reach.holders}),
        holders=[
            {"name": row.legal_name, "unit": row.unit.value, "batches": row.batches, "amount": int(row.amount)}
            for row in reach.holders[:MOST_LISTED]
        ],
        amounts=_amounts(reach),
        unheld_count=len(unheld),
        unheld=[each.lot for each in unheld[:MOST_LISTED]],
        party_count=len(reach.to_be_phoned),
        parties=[party.buyer_name for party in reach.to_be_phoned[:MOST_LISTED]],
        deliveries_waiting=waiting,
    )


def _amounts(reach: Reach) -> list[dict[str, Any]]:
    left = [reach.gone.get(kind, {}) for kind in _LEFT]
    units = [unit for unit in Unit if any(unit in each for each in (reach.held, reach.on_the_way, *left))]
    return [
        {
            "unit": unit.value,
            "held": reach.held.get(unit, 0),
            "on_the_way": reach.on_the_way.get(unit, 0),
            "left": sum(each.get(unit, 0) for each in left),
        }
        for unit in units
    ]


def _figures(drill: RecallDrill, card: Scorecard, locale: str) -> Sequence[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        (N_("Diễn tập lúc"), format_moment(drill.at)),
        (N_("Người diễn tập"), drill.by_name),
        (N_("Bắt đầu từ lô"), f"{drill.batch.product.name} · {drill.batch.lot} · {drill.batch.public_code}"),
        (N_("Tìm ra mọi lô sau (mili giây)"), card.closure_ms),
        (N_("Biết mọi nơi giữ và số lượng sau (mili giây)"), card.total_ms),
        (N_("Số lô hàng"), card.batches),
        (N_("Số nơi giữ hàng"), card.holder_count),
        (N_("Tem đã in"), card.labels),
    ]
    for each in card.amounts:
        unit = each["unit"]
        rows += [
            (N_("Đang trong kho"), format_amount(each["held"], unit, locale)),
            (N_("Đang trên đường, chưa ai nhận"), format_amount(each["on_the_way"], unit, locale)),
            (N_("Đã bán, đã dùng hoặc hao hụt"), format_amount(each["left"], unit, locale)),
        ]
    return [
        *rows,
        (N_("Lô chưa có nơi giữ"), card.unheld_count),
        (N_("Phải gọi điện"), card.party_count),
        (N_("Chuyến hàng chưa ai nhận"), card.deliveries_waiting),
    ]


def _milliseconds(seconds: float) -> int:
    return max(1, round(1000 * seconds))
