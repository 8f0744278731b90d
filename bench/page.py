"""Topic ``page``: how fast the shopper's page is beside the same bytes from a bare server and from bare Flask."""

from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from .client import Sample, measure, requests
from .contenders import BYTES
from .databases import Databases, Filled
from .looks import Page, look
from .report import Bar, Figures, Section, table
from .servers import environment_of_service, serving

LOW, HIGH = 2, 8  # requests under way at once, for latency and for throughput
FEW = 1_000
BARE_SERVER, BARE_FLASK = "bare server", "bare Flask"
TEXT = """Every contender is served by the same server with the settings of `make run`. They take turns, round after round, so that
whatever else the machine does disturbs all of them alike; ratios are what to compare. Each answer is the whole page as a
phone gets it, compressed. *Bare server* is a WSGI callable that returns those bytes, *bare Flask* one view without any
extension that returns them. Our page is rendered and compressed anew for every request, for codes in random order, and
each look is written down."""


def measure_page(databases: Databases, *, quick: bool) -> Section:
    rounds, seconds = (3, 0.5) if quick else (10, 1.5)
    filled = [*databases.filled(FEW), *databases.filled(databases.many)]
    pages = {database.name: look(database, databases.folder / database.engine) for database in filled}
    longest = max(pages.values(), key=lambda page: len(page.body))
    figures = run(filled, longest, databases.folder, rounds, seconds)
    lines = table(
        ["contender", f"p50, ms ({LOW} at a time)", "p99, ms", f"answers a second ({HIGH} at a time)"],
        [[name, f"{one.p50:.2f}", f"{one.p99:.2f}", f"{one.throughput:,.0f}"] for name, one in figures.items()],
    )
    return Section("The shopper's page", TEXT, lines, judge(figures, pages, filled, databases.many))


def run(databases: list[Filled], page: Page, folder: Path, rounds: int, seconds: float) -> dict[str, Figures]:
    """Let all contenders take turns."""
    body = folder / "page.gz"
    body.write_bytes(page.body)
    peers = {BARE_SERVER: "bench.contenders:bare", BARE_FLASK: "bench.contenders:flask"}
    latency: dict[str, list[Sample]] = defaultdict(list)
    throughput: dict[str, list[Sample]] = defaultdict(list)
    with ExitStack() as servers:
        contenders: dict[str, tuple[int, list[bytes]]] = {}
        for name, target in peers.items():
            port = servers.enter_context(serving(target, {BYTES: str(body)}, factory=True))
            contenders[name] = port, requests(databases[0].codes)
        for database in databases:
            environment = environment_of_service(database.url, folder / f"{database.engine}-{database.batches}")
            port = servers.enter_context(serving("wsgi:app", environment))
            contenders[database.name] = port, requests(database.codes)
        for port, asked in contenders.values():
            measure(port, asked, connections=HIGH, seconds=seconds * 2)  # warm
        names = list(contenders)
        for turn in range(rounds):
            print(f"  round {turn + 1} of {rounds}", flush=True)
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                port, asked = contenders[name]
                start = turn * len(asked) // rounds
                turned = asked[start:] + asked[:start]
                latency[name].append(measure(port, turned, connections=LOW, seconds=seconds))
                throughput[name].append(measure(port, turned, connections=HIGH, seconds=seconds))
    return {name: Figures.of(latency[name], throughput[name]) for name in contenders}


def judge(figures: dict[str, Figures], pages: dict[str, Page], databases: list[Filled], many: int) -> list[Bar]:
    """The bars of the service's design."""
    bare = figures[BARE_FLASK].throughput
    bars = [
        Bar(f"answers a second ÷ bare Flask ({one.name})", figures[one.name].throughput / bare, 0.25, at_least=True)
        for one in databases
    ]
    for engine in dict.fromkeys(one.engine for one in databases):
        small, large = (figures[one.name] for one in databases if one.engine == engine)
        for measured in ("p50", "p99"):
            ratio = getattr(large, measured) / getattr(small, measured)
            bars.append(Bar(f"{measured} at {many:,} ÷ at {FEW:,} ({engine})", ratio, 1.3))
    bars.append(Bar("page, compressed, kB", max(len(page.body) for page in pages.values()) / 1000, 14))
    bars.append(Bar("queries for a page", max(page.queries for page in pages.values()), 8))
    return bars
