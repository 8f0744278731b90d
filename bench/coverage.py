"""Topic ``coverage``: the department's screens, its headline beside counting it anew, a day's snapshot, and long exports."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack

from .databases import Databases, Filled
from .exporting import FEW, LARGE, memory_of_exports
from .headline import compare
from .report import Bar, Section, table
from .screens import Room, Screen, open_in_turn
from .snapshots import Taken, take_two

SHOWN = 12
MOST_MS, MOST_QUERIES, GROWTH = 300, 12, 1.3
TEXT = f"""20,000 businesses in all 126 communes, a million batches, ten million events on PostgreSQL (*whole*); a tenth and a
hundredth of that beside it. Every page of the department's room is opened by an officer of the city, in this process,
with what that database has; lists also as somebody narrows them down. They take turns, screen by screen and database by
database. The table has the {SHOWN} slowest of all; growth compares medians.

*Counted anew* is the same headline by one straightforward query with the same indexes: listed businesses that are
active and have a batch of the period which is published, complete (as it is kept), labelled, delivered with both sides'
confirmation, and made of nothing incomplete. *Snapshot* is the first of a day, and that of the next day, after
{{writes:,}} events recorded by the service (a tenth and a hundredth of them beside it). *Export* is the list of batches with {FEW:,} and with {LARGE:,} rows, each in
a process of its own: how much its memory peaked above where it began."""


def measure_coverage(databases: Databases, *, quick: bool) -> Section:
    rounds, writes = (5, 200) if quick else (25, 10_000)
    many = databases.many
    asked = [("PostgreSQL", many), ("PostgreSQL", many // 10), ("SQLite", many // 10), ("SQLite", many // 100)]
    filled = [one for one in (databases.of_department(*each) for each in asked) if one]
    with ExitStack() as stack:
        rooms = [Room(one, databases.folder / f"department-{one.engine}-{one.batches}") for one in filled]
        for room in rooms:
            stack.callback(room.engine.dispose)
        pairs = [[room for room in rooms if room.filled.engine == engine] for engine in ("PostgreSQL", "SQLite")]
        screens: dict[str, list[Screen]] = {}
        for pair in pairs:
            if pair:
                screens[pair[0].filled.engine] = open_in_turn(pair, rounds)
        headlines = {room.filled.name: compare(room.engine) for room in rooms}
    snapshots = {one.name: take_two(one, writes * one.batches // many) for one in filled}
    memory = memory_of_exports(filled[0])
    figures = "\n\n".join(
        [
            _slowest(screens, filled),
            table(
                ["database", "headline, ms", "counted anew, ms", "×"],
                [
                    [name, f"{ours:.2f}", f"{anew:,.0f}", f"{anew / ours:,.0f}"]
                    for name, (ours, anew) in headlines.items()
                ],
            ),
            table(
                ["database", "snapshot, s", "next day's, s"],
                [[name, f"{one.first:.2f}", f"{one.second:.2f}"] for name, one in snapshots.items()],
            ),
            table(
                ["export", f"{FEW:,} rows, MB", f"{LARGE:,} rows, MB"],
                [[kind, *(f"{size:.1f}" for size in sizes)] for kind, sizes in memory.items()],
            ),
        ]
    )
    bars = [
        *_judge(screens, filled),
        *(
            Bar(f"counted anew ÷ headline ({name})", anew / ours, 50, at_least=True)
            for name, (ours, anew) in headlines.items()
            if name in {pair[0].filled.name for pair in pairs if pair}  # the small ones are there to see the growth
        ),
        *(bar for name, one in snapshots.items() for bar in _of_snapshots(name, one)),
        *(
            Bar(f"MB more for {LARGE - FEW:,} rows more ({kind})", sizes[1] - sizes[0], 8)
            for kind, sizes in memory.items()
        ),
    ]
    return Section("The department's screens", TEXT.format(writes=writes), figures, bars)


def _slowest(screens: dict[str, list[Screen]], filled: Sequence[Filled]) -> str:
    p95: dict[str, dict[str, float]] = defaultdict(dict)
    queries: dict[str, int] = defaultdict(int)
    for found in screens.values():
        for screen in found:
            p95[screen.address] |= {name: screen.p95(name) for name in screen.times}
            queries[screen.address] = max(queries[screen.address], screen.queries)
    slowest = sorted(p95, key=lambda address: -max(p95[address].values()))[:SHOWN]
    return table(
        [f"screen, p95 in ms (of {len(p95)})", *(one.name for one in filled), "queries"],
        [
            [f"`{address}`", *(f"{p95[address][one.name]:.0f}" for one in filled), f"{queries[address]}"]
            for address in slowest
        ],
    )


def _judge(screens: dict[str, list[Screen]], filled: Sequence[Filled]) -> list[Bar]:
    bars = []
    for engine, found in screens.items():
        large, small = sorted((one for one in filled if one.engine == engine), key=lambda one: -one.batches)
        bars.append(Bar(f"slowest screen, p95, ms ({large.name})", max(one.p95(large.name) for one in found), MOST_MS))
        bars.append(Bar(f"most queries of a screen ({engine})", max(one.queries for one in found), MOST_QUERIES))
        growth = max(found, key=lambda one: one.middle(large.name) / one.middle(small.name))
        ratio = growth.middle(large.name) / growth.middle(small.name)
        bars.append(Bar(f"largest growth from a tenth ({engine}: `{growth.address}`)", ratio, GROWTH))
        grown = [one for one in found if one.middle(large.name) > GROWTH * one.middle(small.name)]
        bars.append(Bar(f"screens that grow more than {GROWTH} × ({engine})", len(grown), 0))
    return bars


def _of_snapshots(name: str, one: Taken) -> list[Bar]:
    return [Bar(f"a day's snapshot, s ({name})", max(one.first, one.second), 60)]
