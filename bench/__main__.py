"""``python -m bench [--quick]``: fills the databases, lets the contenders take turns, prints and keeps the table."""

import argparse
import os
import sys
from collections import defaultdict
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from .client import Sample, measure, requests
from .contenders import BYTES
from .databases import ROOT, Filled, filled_databases
from .page import Page, look
from .report import Bar, Figures, tables, write
from .servers import environment_of_service, serving

LOW, HIGH = 2, 8  # requests under way at once, for latency and for throughput
FEW, MANY = 1_000, 1_000_000
BARE_SERVER, BARE_FLASK = "bare server", "bare Flask"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 batches instead of a million, in short turns")
    quick = parser.parse_args(arguments).quick
    many, rounds, seconds = (20_000, 3, 0.5) if quick else (MANY, 10, 1.5)
    print("Filling the databases (the first time takes minutes) …", flush=True)
    with filled_databases([FEW, many]) as databases:
        folder = ROOT / "instance" / "bench" / "run"
        pages = {database.name: look(database, folder / database.engine) for database in databases}
        figures = run(databases, max(pages.values(), key=lambda page: len(page.body)), folder, rounds, seconds)
        postgres = _postgres_version(databases)
    bars = judge(figures, pages, databases, many)
    text = tables(figures, bars, low=LOW, high=HIGH)
    print(f"\n{text}\n")
    if not quick:
        write(text, command="make bench", today=datetime.now(UTC).date(), postgres=postgres)
    if not postgres:
        print("PostgreSQL did not start here: its figures are missing.")
    return 0 if postgres and (quick or all(bar.met for bar in bars)) else 1


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


def _postgres_version(databases: list[Filled]) -> str:
    for database in databases:
        if database.engine == "PostgreSQL":
            url = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
            with psycopg.connect(url) as connection:
                major, minor = divmod(connection.info.server_version, 10_000)
                return f"{major}.{minor}"
    return ""


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
