"""A trace as a spreadsheet: its batches, the links between them, and every event with its key data elements."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from ..domain.balance import Direction
from ..domain.batches import BatchStatus
from ..domain.dates import vietnam_date
from ..domain.errors import N_
from ..domain.evidence import Evidence
from ..domain.handovers import evidence_of
from ..domain.permissions import Actor, Permission, require
from ..domain.public_code import grouped
from ..domain.quantities import Unit
from ..domain.tracking import critical_tracking_event
from ..domain.vocabulary import BusinessStep, BusinessTransactionType, Disposition
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from ..storage.chain import Event
from ..storage.database import reading
from ..storage.trace import deliveries_reached, events_reached
from . import audit
from .exports import Cell, Column, Sheet
from .trace import Trace, follow_as

AT_A_TIME = 500


@dataclass(frozen=True)
class _Reached:
    """A batch, and what else of the trace it is linked with. ``amount`` is None where it is another business's affair."""

    row: Any
    amount: int | None
    parents: Sequence[Any]
    children: Sequence[Any]


@dataclass(frozen=True)
class _Linked:
    parent: Any
    child: Any
    amount: int


@dataclass(frozen=True)
class _Tracked:
    """An event of a batch, at a place; ``whole`` where the reader may know its amounts and papers.

    ``before`` and ``after``: the names of who gave and who took, or what the batch was made of and what was made of it.
    """

    event: Event
    batch: _Reached
    place: str
    whole: bool
    before: str
    after: str
    evidence: Evidence


@dataclass(frozen=True)
class _Delivered:
    """A row of ``storage.trace.deliveries_reached``, and its batch."""

    row: Any
    batch: Any


def sheets(
    session: Session, actor: Actor, batch: Batch, direction: Direction, *, business_id: int | None = None
) -> list[Sheet[Any]]:
    """As the business sees it, or, where none is named, as the department does. Written down for anyone but its people."""
    require(actor, Permission.BATCHES_READ, business_id)
    if business_id is None or business_id not in actor.memberships:
        audit.record_look(session, actor, "exports:trace", batch, changes={"direction": direction.value})
    businesses = None if business_id is None else [business_id]
    found = follow_as(session, batch.public_code or "", direction, businesses)
    reached = _reached(found, business_id)
    links = [_Linked(found.batches[each.parent_id], found.batches[each.child_id], each.amount) for each in found.links]
    asked = (session.get_bind(), reached, batch.public_code or "", direction, business_id)
    return [
        Sheet(N_("Lô hàng"), BATCHES, reached.values()),
        Sheet(N_("Lô nào vào lô nào"), LINKS, links),
        Sheet(N_("Sự kiện (FSMA 204)"), EVENTS, _tracked(*asked), bilingual=True),
        Sheet(N_("Giao nhận"), DELIVERIES, _delivered(*asked)),
    ]


def _reached(found: Trace, business_id: int | None) -> dict[int, _Reached]:
    parents, children = defaultdict(list), defaultdict(list)
    for link in found.links:
        parents[link.child_id].append(found.batches[link.parent_id])
        children[link.parent_id].append(found.batches[link.child_id])
    return {
        key: _Reached(row, row.amount if business_id in (None, row.business_id) else None, parents[key], children[key])
        for key, row in found.batches.items()
    }


def _tracked(
    bind: Engine | Connection, reached: Mapping[int, _Reached], code: str, direction: Direction, business_id: int | None
) -> Iterator[_Tracked]:
    """In a session of its own: a file goes on after the request, whose session is closed by then."""
    question, values = events_reached(direction, None if business_id is None else 1), _values(code, business_id)
    with Session(bind) as session:
        with reading():
            rows: Any = session.execute(question, values, execution_options={"yield_per": AT_A_TIME})
        for event, name, site_code, gln, commune, seller, buyer, status, inspected in rows:
            if batch := reached.get(event.batch_id):
                whole = business_id in (None, event.business_id)
                place = ", ".join(filter(None, [*([name, gln or site_code] if whole else []), _commune(commune)]))
                parties = (seller, buyer) if whole else ("", "")
                given = event.business_step in (BusinessStep.SHIPPING, BusinessStep.RECEIVING)
                before, after = parties if given else (_codes(batch.parents), _codes(batch.children))
                known = evidence_of(event.evidence, status, inspected=inspected)
                yield _Tracked(event, batch, place, whole, before, after, known)


def _delivered(
    bind: Engine | Connection, reached: Mapping[int, _Reached], code: str, direction: Direction, business_id: int | None
) -> Iterator[_Delivered]:
    """As ``_tracked``."""
    question, values = deliveries_reached(direction, None if business_id is None else 1), _values(code, business_id)
    with Session(bind) as session:
        with reading():
            rows: Any = session.execute(question, values, execution_options={"yield_per": AT_A_TIME})
        for row in rows:
            if batch := reached.get(row.batch_id):
                yield _Delivered(row, batch.row)


def _values(code: str, business_id: int | None) -> dict[str, Any]:
    return {"code": code} if business_id is None else {"code": code, "business_0": business_id}


def _commune(code: str | None) -> str:
    return gazetteer().commune(code).full_name if code else ""


def _measured(amount: int | None, unit: Unit) -> Cell:
    return None if amount is None else Decimal(amount) / unit.base_units


def _codes(rows: Sequence[Any]) -> str:
    return "; ".join(f"{grouped(row.code)} ({row.business})" for row in rows)


def _quantity(tracked: _Tracked) -> Cell:
    body = tracked.event.body if tracked.whole else {}
    quantities = body.get("outputQuantityList") or body.get("quantityList") or [{}]
    number = quantities[0].get("quantity")
    return None if number is None else Decimal(str(number))


def _papers(tracked: _Tracked) -> str:
    papers = tracked.event.body.get("bizTransactionList", []) if tracked.whole else []
    return "; ".join(f"{_paper(paper['type'])} {paper['bizTransaction']}" for paper in papers)


def _paper(kind: str) -> str:
    return next((member.name.replace("_", " ").lower() for member in BusinessTransactionType if member == kind), kind)


def _step(tracked: _Tracked) -> Cell:
    return BusinessStep(tracked.event.business_step)


BATCHES: Sequence[Column[_Reached]] = [
    Column(N_("Mã truy xuất"), lambda each: grouped(each.row.code)),
    Column(N_("Mã lô"), lambda each: each.row.lot, 22),
    Column(N_("Sản phẩm"), lambda each: each.row.product, 32),
    Column(N_("Cơ sở"), lambda each: each.row.business, 42),
    Column(N_("Xã, phường"), lambda each: _commune(each.row.commune_code), 36),
    Column(N_("Ngày sản xuất"), lambda each: each.row.production_date),
    Column(N_("Số lượng"), lambda each: _measured(each.amount, each.row.unit)),
    Column(N_("Đơn vị"), lambda each: each.row.unit),
    Column(N_("Tình trạng"), lambda each: Disposition.RECALLED if each.row.recall_id else BatchStatus(each.row.status)),
    Column(N_("Làm từ"), lambda each: _codes(each.parents), 42),
    Column(N_("Làm ra"), lambda each: _codes(each.children), 42),
]
LINKS: Sequence[Column[_Linked]] = [
    Column(N_("Từ mã truy xuất"), lambda each: grouped(each.parent.code)),
    Column(N_("Từ lô"), lambda each: each.parent.lot, 22),
    Column(N_("Từ cơ sở"), lambda each: each.parent.business, 42),
    Column(N_("Vào mã truy xuất"), lambda each: grouped(each.child.code)),
    Column(N_("Vào lô"), lambda each: each.child.lot, 22),
    Column(N_("Vào lô của cơ sở"), lambda each: each.child.business, 42),
    Column(N_("Số lượng"), lambda each: _measured(each.amount, each.parent.unit)),
    Column(N_("Đơn vị"), lambda each: each.parent.unit),
]
DELIVERIES: Sequence[Column[_Delivered]] = [
    Column(N_("Mã truy xuất"), lambda each: grouped(each.batch.code)),
    Column(N_("Mã lô"), lambda each: each.batch.lot, 22),
    Column(N_("Sản phẩm"), lambda each: each.batch.product, 32),
    Column(N_("Bên giao"), lambda each: each.row.seller, 42),
    Column(N_("Bên nhận"), lambda each: each.row.buyer, 42),
    Column(N_("Giao lúc"), lambda each: each.row.shipped_at, 20),
    Column(N_("Đã giao"), lambda each: _measured(each.row.sent, each.batch.unit)),
    Column(N_("Nhận lúc"), lambda each: each.row.received_at, 20),
    Column(N_("Thực nhận"), lambda each: _measured(each.row.received, each.batch.unit)),
    Column(N_("Đơn vị"), lambda each: each.batch.unit),
    Column(N_("Tình trạng"), lambda each: each.row.status, 30),
    Column(N_("Trong thùng"), lambda each: each.row.case, 24),
]
EVENTS: Sequence[Column[_Tracked]] = [
    Column(
        N_("Sự kiện theo dõi trọng yếu"),
        lambda each: critical_tracking_event(each.event.type, each.event.business_step),
        30,
    ),
    Column(N_("Công đoạn"), _step, 26),
    Column(N_("Mã lô truy xuất"), lambda each: grouped(each.batch.row.code), 20),
    Column(N_("Mã lô của cơ sở"), lambda each: each.batch.row.lot, 22),
    Column(N_("Mô tả sản phẩm"), lambda each: each.batch.row.product, 32),
    Column(N_("Số lượng"), _quantity),
    Column(N_("Đơn vị đo"), lambda each: each.batch.row.unit),
    Column(N_("Mô tả địa điểm"), lambda each: each.place, 42),
    Column(N_("Ngày"), lambda each: vietnam_date(each.event.event_time)),
    Column(N_("Giờ"), lambda each: each.event.event_time, 20),
    Column(N_("Nguồn của mã lô truy xuất"), lambda each: each.batch.row.business, 42),
    Column(N_("Nguồn liền trước"), lambda each: each.before, 42),
    Column(N_("Nơi nhận liền sau"), lambda each: each.after, 42),
    Column(N_("Loại và số chứng từ"), _papers, 30),
    Column(N_("Căn cứ"), lambda each: each.evidence, 30),
]
