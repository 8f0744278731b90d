"""Where the batches of a trace stand on paper: time from left to right, a lane for each business.

Columns and rows are counted from 0 and mean nothing in length: a drawing decides how wide and high they are.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Edge = tuple[int, int]
"""The keys of two nodes: the second came from the first."""


@dataclass(frozen=True)
class Node:
    key: int
    lane: int
    day: date


@dataclass(frozen=True)
class Place:
    """``row`` counts through all lanes."""

    column: int
    row: int


@dataclass(frozen=True)
class Lane:
    """``first`` row and how many ``rows``."""

    key: int
    first: int
    rows: int


@dataclass(frozen=True)
class Layout:
    """No two places are the same, every edge goes to a later column, and ``days`` of columns never go back."""

    places: Mapping[int, Place]
    lanes: Sequence[Lane]
    days: Sequence[date]


def arrange(nodes: Collection[Node], edges: Collection[Edge]) -> Layout:
    """Give each node its place. The edges are between these nodes and form no cycle.

    Whoever is dated before what it came from, because a date was corrected, stands right of that all the same.
    """
    before, after = _neighbours(edges)
    moments: dict[int, tuple[date, int]] = {}
    for node in _parents_first(nodes, before, after):
        parents = [moments[parent] for parent in before[node.key]]
        day = max([node.day, *(day for day, _ in parents)])
        moments[node.key] = day, max((depth + 1 for _, depth in parents), default=0)
    columns = {moment: column for column, moment in enumerate(sorted(set(moments.values())))}
    column_of = {key: columns[moment] for key, moment in moments.items()}
    lanes = _lanes(nodes, column_of)
    return Layout(_rows(nodes, column_of, before, lanes), lanes, [day for day, _ in columns])


def nearest(start: int, edges: Iterable[Edge], most: int) -> tuple[set[int], dict[int, int]]:
    """At most so many nodes, those with the fewest steps from ``start``; and how many neighbours of each were left out."""
    before, after = _neighbours(edges)
    chosen, waiting = {start}, deque([start])
    while waiting and len(chosen) < most:
        key = waiting.popleft()
        for neighbour in [*before[key], *after[key]]:
            if neighbour not in chosen and len(chosen) < most:
                chosen.add(neighbour)
                waiting.append(neighbour)
    left_out = {key: sum(other not in chosen for other in {*before[key], *after[key]}) for key in chosen}
    return chosen, {key: count for key, count in left_out.items() if count}


def _neighbours(edges: Iterable[Edge]) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """What each came from, and what came from it."""
    before: dict[int, list[int]] = defaultdict(list)
    after: dict[int, list[int]] = defaultdict(list)
    for start, end in edges:
        before[end].append(start)
        after[start].append(end)
    return before, after


def _parents_first(
    nodes: Collection[Node], before: Mapping[int, Sequence[int]], after: Mapping[int, Sequence[int]]
) -> Iterable[Node]:
    by_key = {node.key: node for node in nodes}
    missing = {node.key: len(before[node.key]) for node in nodes}
    ready = deque(sorted(key for key, count in missing.items() if not count))
    while ready:
        key = ready.popleft()
        yield by_key[key]
        for child in after[key]:
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)


def _lanes(nodes: Collection[Node], column_of: Mapping[int, int]) -> list[Lane]:
    """In the order in which they come into play, each as high as its fullest column."""
    crowds = Counter((node.lane, column_of[node.key]) for node in nodes)
    first_column: dict[int, int] = {}
    heights: Counter[int] = Counter()
    for (lane, column), count in crowds.items():
        first_column[lane] = min(column, first_column.get(lane, column))
        heights[lane] = max(count, heights[lane])
    lanes, row = [], 0
    for lane in sorted(first_column, key=lambda lane: (first_column[lane], lane)):
        lanes.append(Lane(lane, row, heights[lane]))
        row += heights[lane]
    return lanes


def _rows(
    nodes: Collection[Node], column_of: Mapping[int, int], before: Mapping[int, Sequence[int]], lanes: Iterable[Lane]
) -> dict[int, Place]:
    """Each as near to the rows of what it came from as its lane allows, so that few edges cross."""
    lane_of = {lane.key: lane for lane in lanes}
    groups: dict[tuple[int, int], list[Node]] = defaultdict(list)
    for node in nodes:
        groups[column_of[node.key], node.lane].append(node)
    places: dict[int, Place] = {}
    for (column, lane_key), group in sorted(groups.items(), key=lambda item: item[0]):
        lane = lane_of[lane_key]
        wanted = {}
        for node in group:
            rows = [places[parent].row for parent in before[node.key]]
            wanted[node.key] = sum(rows) / len(rows) if rows else lane.first
        following = lane.first
        for place, node in enumerate(sorted(group, key=lambda node: (wanted[node.key], node.key))):
            last = lane.first + lane.rows - (len(group) - place)
            row = max(following, min(round(wanted[node.key]), last))
            places[node.key] = Place(column, row)
            following = row + 1
    return places
