"""Deliveries in the drawing of a trace: whoever got a batch has a stop in its own lane, and trips lead there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.dates import vietnam_date
from ..domain.handovers import HandoverStatus


@dataclass(frozen=True)
class Stop:
    """A batch at a business that passed it on or was to get it; ``received`` is how much came there, None for nothing.

    ``lane`` is the business's id, or less than 0 for one that is not enrolled.
    """

    batch: Any
    lane: int
    name: str
    day: date
    received: int | None


@dataclass(frozen=True)
class Trip:
    """The deliveries of a batch from one holder to another that ended alike, taken together. It leads from node to node."""

    batch: Any
    start: int
    end: int
    buyer: str
    status: HandoverStatus
    sent: int
    received: int
    count: int


@dataclass(frozen=True)
class Journey:
    """``stops`` by the keys of their nodes, which are less than 0, as the nodes of batches are their ids."""

    stops: Mapping[int, Stop]
    trips: Sequence[Trip]
    nodes: Mapping[tuple[int, int], int]

    def node(self, batch_id: int, business_id: int) -> int:
        """Where a batch is when this business has it."""
        return self.nodes.get((batch_id, business_id), batch_id)


def journey(deliveries: Sequence[Any], batches: Mapping[int, Any]) -> Journey:
    """``deliveries`` are rows of ``storage.trace.deliveries_of``, the first one sent first.

    What goes back to somebody who had it before is left to the table: a drawing without cycles shows where it came from.
    """
    nodes = {(key, batch.business_id): key for key, batch in batches.items()}
    strangers: dict[str, int] = {}
    arrived: dict[int, list[Any]] = {}
    stops: dict[int, Stop] = {}
    groups: dict[tuple[int, int, HandoverStatus], list[Any]] = {}
    for row in deliveries:
        buyer = row.buyer_id or strangers.setdefault(row.buyer, -row.id)
        day = vietnam_date(row.received_at or row.shipped_at)
        for lane, name in ((row.seller_id, row.seller), (buyer, row.buyer)):
            key = nodes.setdefault((row.batch_id, lane), -1 - len(nodes))
            if key < 0 and key not in stops:
                stops[key] = Stop(batches[row.batch_id], lane, name, day, None)
        start, end = nodes[row.batch_id, row.seller_id], nodes[row.batch_id, buyer]
        if end < 0 and (start > 0 or end < start):  # stops are numbered as they come into play
            groups.setdefault((start, end, row.status), []).append(row)
            arrived.setdefault(end, []).append(row)
    for key, rows in arrived.items():
        came = [row.received for row in rows if row.received is not None]
        stops[key] = Stop(**{**vars(stops[key]), "received": sum(came) if came else None})
    return Journey(stops, [_trip(ends, rows, batches) for ends, rows in groups.items()], nodes)


def _trip(ends: Any, rows: Sequence[Any], batches: Mapping[int, Any]) -> Trip:
    start, end, status = ends
    return Trip(
        batches[rows[0].batch_id],
        start,
        end,
        rows[0].buyer,
        status,
        sum(row.sent for row in rows),
        sum(row.received or 0 for row in rows),
        len(rows),
    )
