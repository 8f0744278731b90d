"""Topic ``trace``: following a batch to everything made of it, beside a graph in memory and beside asking batch by batch."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from random import Random
from statistics import median
from time import perf_counter

import networkx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from trace.domain.balance import Direction
from trace.domain.permissions import SYSTEM
from trace.services.demo.families import MEMBERS, member_at
from trace.services.trace import follow
from trace.storage.balance import Link
from trace.storage.batches import Batch

from .client import HOST
from .databases import FAMILY, Databases, Filled, open_engine
from .events_of_lot import DATABASE
from .report import Bar, Section, table
from .servers import serving

SIZE = 10_000
DESCENDANTS = FAMILY - 1
TYPICAL = 200  # families of fifty, each followed once a round
TEXT = f"""Forward from one batch to {DESCENDANTS:,} descendants, and to the {MEMBERS} of a typical family, through the service in this
process: permission, both questions, and all rows with their names. *NetworkX* walks the same edges, kept in memory, and
names nothing: the floor. *One query per node* is what an EPCIS client does: it asks a repository over HTTP for the
events in which a lot went into others, reads the lots that came out, and asks again for each of those. Ours is generous:
one view on bare Flask, one indexed question past any mapper, no permission; the large family is walked once. The database
has that many batches beside the large family."""


@dataclass(frozen=True)
class Roots:
    """Public codes."""

    large: str
    typical: Sequence[str]


class Walker:
    """Something that follows a batch forward and says how many it found, itself included.

    One that ``tires`` walks the large family once, and fewer of the others.
    """

    def __init__(self, name: str, walk: Callable[[str], int], *, tires: bool = False) -> None:
        self.name, self.walk, self.tires = name, walk, tires
        self.times: dict[bool, list[float]] = defaultdict(list)

    def round(self, roots: "Roots", *, first: bool) -> None:
        if first or not self.tires:
            self.turn(roots.large, large=True)
        for code in roots.typical[:5] if self.tires else roots.typical:
            self.turn(code, large=False)

    def turn(self, code: str, *, large: bool) -> None:
        begun = perf_counter()
        found = self.walk(code)
        self.times[large].append((perf_counter() - begun) * 1000)
        if found != (FAMILY if large else MEMBERS):
            raise RuntimeError(f"{self.name} found {found} from {code}")

    def milliseconds(self, *, large: bool) -> float:
        return median(self.times[large])


def measure_trace(databases: Databases, *, quick: bool) -> Section:
    rounds = 3 if quick else 7
    services: dict[tuple[str, int], Walker] = {}
    clients: dict[tuple[str, int], Walker] = {}
    graphs: dict[tuple[str, int], Walker] = {}
    with ExitStack() as open_ones:
        work = []
        for filled in [each for size in (SIZE, databases.many) for each in databases.filled(size)]:
            engine, key = open_engine(filled.url), (filled.engine, filled.batches)
            open_ones.callback(engine.dispose)
            roots = roots_of(engine, filled)
            port = open_ones.enter_context(serving("bench.events_of_lot:app", {DATABASE: filled.url}, factory=True))
            services[key] = Walker(filled.name, _service(engine))
            graphs[key] = Walker(f"NetworkX in memory, {filled.batches:,} batches", _graph(engine))
            clients[key] = Walker(f"one query per node, {filled.name}", _client(port), tires=True)
            work.append((roots, [services[key], graphs[key], clients[key]]))
        for turn in range(rounds):
            print(f"  round {turn + 1} of {rounds}", flush=True)
            for roots, walkers in work:
                for walker in walkers:
                    walker.round(roots, first=turn == 0)
    walkers = [*[graphs["SQLite", size] for size in (SIZE, databases.many)], *services.values(), *clients.values()]
    figures = table(
        ["contender", f"{DESCENDANTS:,} descendants, ms", f"family of {MEMBERS}, ms"],
        [[one.name, *(f"{one.milliseconds(large=large):,.2f}" for large in (True, False))] for one in walkers],
    )
    return Section("Following a batch", TEXT, figures, _judge(services, clients, databases.many))


def _judge(services: dict[tuple[str, int], Walker], clients: dict[tuple[str, int], Walker], many: int) -> Sequence[Bar]:
    bars = []
    for key, one in services.items():
        bars.append(Bar(f"{DESCENDANTS:,} descendants, ms ({one.name})", one.milliseconds(large=True), 1000))
        bars.append(Bar(f"family of {MEMBERS}, ms ({one.name})", one.milliseconds(large=False), 15))
        for large, what in ((True, f"{DESCENDANTS:,} descendants"), (False, f"family of {MEMBERS}")):
            ratio = clients[key].milliseconds(large=large) / one.milliseconds(large=large)
            bars.append(Bar(f"one query per node ÷ ours, {what} ({one.name})", ratio, 20, at_least=True))
    for engine in dict.fromkeys(engine for engine, _ in services):
        for large, what in ((True, f"{DESCENDANTS:,} descendants"), (False, f"family of {MEMBERS}")):
            few, most = (services[engine, size].milliseconds(large=large) for size in (SIZE, many))
            bars.append(Bar(f"{what} at {many:,} ÷ at {SIZE:,} ({engine})", most / few, 1.3))
    return bars


def roots_of(engine: Engine, filled: Filled) -> Roots:
    """The first members of the large family and of some others: a batch's number is its place among the others."""
    count = filled.batches + FAMILY
    members = ((place + 1, member_at(place, count, FAMILY)) for place in range(count))
    first = {member.family: number for number, member in members if member and member.number == 0}
    chosen = Random(5).sample(sorted(set(first) - {0}), min(TYPICAL, len(first) - 1))
    with engine.connect() as connection:
        codes = {
            family: connection.scalars(select(Batch.public_code).where(Batch.id == first[family])).one() or ""
            for family in (0, *chosen)
        }
    return Roots(codes[0], [codes[family] for family in chosen])


def _service(engine: Engine) -> Callable[[str], int]:
    def walk(code: str) -> int:
        with Session(engine) as session:
            return len(follow(session, SYSTEM, code, Direction.FORWARD).batches)

    return walk


def _graph(engine: Engine) -> Callable[[str], int]:
    graph = networkx.DiGraph()
    with Session(engine) as session:
        codes = dict(session.execute(select(Batch.id, Batch.public_code)).all())
        for parent, child in session.execute(select(Link.parent_id, Link.child_id)):
            graph.add_edge(codes[parent], codes[child])

    def walk(code: str) -> int:
        reached = networkx.descendants(graph, code) | {code}
        graph.subgraph(reached).number_of_edges()
        return len(reached)

    return walk


def _client(port: int) -> Callable[[str], int]:
    connection = HTTPConnection(HOST, port)

    def walk(code: str) -> int:
        connection.close()  # it may have been idle for too long; the next request opens it again
        found, waiting = {code}, [code]
        while waiting:
            connection.request("GET", f"/events?MATCH_inputEPCClass={waiting.pop()}")
            for event in json.loads(connection.getresponse().read()):
                for made in event["outputQuantityList"]:
                    lot = made["epcClass"].rpartition("/")[2]
                    if lot not in found:
                        found.add(lot)
                        waiting.append(lot)
        return len(found)

    return walk
