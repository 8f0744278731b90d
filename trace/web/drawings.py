"""A trace as a drawing: ``domain.graphs`` says who stands where, this says how large that is on the screen."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from ..domain.evidence import Evidence
from ..domain.graphs import Lane, Layout, Node, Place, arrange, nearest
from ..domain.handovers import HandoverStatus
from ..services.trace import Marks, Trace
from .trips import Stop, Trip, journey

MOST_DRAWN = 40
BOX_WIDTH, BOX_HEIGHT = 176, 66
COLUMN, ROW = 272, 84
MARGIN, AXIS, LANE_HEAD = 12, 30, 32
"""Pixels: around everything, above it for the days, and above a lane for its business."""
BEND = (COLUMN - BOX_WIDTH) // 2
APART = 18
"""Pixels between two edges that lead from and to the same boxes."""
LETTER = 8
"""Pixels that a letter of a business's name takes at most, on average."""


@dataclass(frozen=True)
class Box:
    """A batch. ``left_out``: how many of its neighbours are not drawn."""

    batch: Any
    x: int
    y: int
    is_start: bool
    is_flagged: bool
    left_out: int


@dataclass(frozen=True)
class Curve:
    """From a batch to one made of it; ``x`` and ``y`` are where its amount is written."""

    path: str
    x: int
    y: int
    parent: Any
    child: Any
    amount: int
    evidence: Evidence


@dataclass(frozen=True)
class StopBox:
    stop: Stop
    x: int
    y: int


@dataclass(frozen=True)
class TripCurve:
    """As ``Curve``, from who gave to who got."""

    path: str
    x: int
    y: int
    trip: Trip


@dataclass(frozen=True)
class Band:
    """A lane; its name is written at ``x``, above its first batch."""

    name: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Drawing:
    """All in pixels. ``days`` are the dates of the axis, each where its first column begins."""

    width: int
    height: int
    days: Sequence[tuple[int, date]]
    bands: Sequence[Band]
    boxes: Sequence[Box]
    curves: Sequence[Curve]
    stops: Sequence[StopBox]
    trips: Sequence[TripCurve]
    drawn: int
    found: int

    @property
    def evidences(self) -> list[Evidence]:
        """What the legend must explain, strongest first."""
        return [kind for kind in Evidence if any(curve.evidence is kind for curve in self.curves)]

    @property
    def statuses(self) -> list[HandoverStatus]:
        """Of the deliveries, which the legend must explain, too."""
        return [status for status in HandoverStatus if any(curve.trip.status is status for curve in self.trips)]


def choose(found: Trace, start: int) -> tuple[set[int], dict[int, int]]:
    """The batches to draw, nearest first, and how many neighbours of each are left out."""
    return nearest(start, [(link.parent_id, link.child_id) for link in found.links], MOST_DRAWN)


def draw(found: Trace, start: int, drawn: Collection[int], left_out: Mapping[int, int], marks: Marks) -> Drawing:
    batches = {key: found.batches[key] for key in sorted(drawn)}
    links = [link for link in found.links if link.parent_id in batches and link.child_id in batches]
    sent = journey(marks.deliveries, batches)
    starts = [sent.node(link.parent_id, batches[link.child_id].business_id) for link in links]
    ends = {
        *zip(starts, (link.child_id for link in links), strict=True),
        *((each.start, each.end) for each in sent.trips),
    }
    nodes = [Node(key, batch.business_id, batch.production_date) for key, batch in batches.items()]
    nodes += [Node(key, stop.lane, stop.day) for key, stop in sent.stops.items()]
    layout = arrange(nodes, sorted(ends))
    corner = {key: _corner(place, layout.lanes) for key, place in layout.places.items()}
    names = {batch.business_id: batch.business for batch in batches.values()}
    names |= {stop.lane: stop.name for stop in sent.stops.values()}
    rows = sum(lane.rows for lane in layout.lanes)
    bands = [
        Band(
            names[lane.key],
            min(corner[node.key][0] for node in nodes if node.lane == lane.key),
            AXIS + number * LANE_HEAD + lane.first * ROW,
            LANE_HEAD + lane.rows * ROW,
        )
        for number, lane in enumerate(layout.lanes)
    ]
    right = max(x + BOX_WIDTH for x, _ in corner.values())
    return Drawing(
        width=max(right, *(band.x + LETTER * len(band.name) for band in bands)) + MARGIN,
        height=AXIS + len(layout.lanes) * LANE_HEAD + rows * ROW + MARGIN,
        days=_days(layout),
        bands=bands,
        boxes=[
            Box(batch, *corner[key], key == start, key in marks.flagged, left_out.get(key, 0))
            for key, batch in batches.items()
        ],
        curves=[
            Curve(
                *_path(corner[start], corner[link.child_id]),
                batches[link.parent_id],
                batches[link.child_id],
                link.amount,
                marks.evidence.get(link.event_id, Evidence.MISSING),
            )
            for start, link in zip(starts, links, strict=True)
        ],
        stops=[StopBox(stop, *corner[key]) for key, stop in sent.stops.items()],
        trips=_trip_curves(sent.trips, corner),
        drawn=len(batches),
        found=len(found.batches),
    )


def _corner(place: Place, lanes: Sequence[Lane]) -> tuple[int, int]:
    """The upper left corner of a box."""
    heads = 1 + next(number for number, lane in enumerate(lanes) if place.row < lane.first + lane.rows)
    return MARGIN + place.column * COLUMN, AXIS + heads * LANE_HEAD + place.row * ROW


def _days(layout: Layout) -> list[tuple[int, date]]:
    """Columns of the same day are told apart by what came from what, and share their date."""
    firsts = [0, *(column for column, (before, day) in enumerate(pairwise(layout.days), start=1) if day != before)]
    return [(MARGIN + column * COLUMN, layout.days[column]) for column in firsts]


def _trip_curves(trips: Sequence[Trip], corner: Mapping[int, tuple[int, int]]) -> list[TripCurve]:
    """Trips between the same two holders that ended differently run side by side."""
    beside: Counter[tuple[int, int]] = Counter()
    curves = []
    for trip in trips:
        ends = trip.start, trip.end
        left, top, right, bottom = _ends(corner[trip.start], corner[trip.end], APART * beside[ends])
        beside[ends] += 1
        # it bends at once and runs level in the lane of who got it, so that it seems to come from no other box
        path = f"M{left} {top}C{left + BEND} {top} {left + BEND} {bottom} {left + 2 * BEND} {bottom}H{right}"
        curves.append(TripCurve(path, left + BEND, (top + bottom) // 2, trip))
    return curves


def _path(start: tuple[int, int], end: tuple[int, int]) -> tuple[str, int, int]:
    """The path from box to box, and where its amount is written."""
    left, top, right, bottom = _ends(start, end)
    # it bends within the gap before the later box, and runs level until there
    path = f"M{left} {top}H{right - 2 * BEND}C{right - BEND} {top} {right - BEND} {bottom} {right} {bottom}"
    return path, right - BEND, (top + bottom) // 2


def _ends(start: tuple[int, int], end: tuple[int, int], shift: int = 0) -> tuple[int, int, int, int]:
    """From the right side of one box to the left side of another."""
    return start[0] + BOX_WIDTH, start[1] + BOX_HEIGHT // 2 + shift, end[0], end[1] + BOX_HEIGHT // 2 + shift
