"""``python -m bench [--quick] [--only TOPIC]``: fills the databases, measures topic by topic, prints and keeps the report."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from .coverage import measure_coverage
from .databases import ROOT, open_databases
from .page import measure_page
from .recalls import measure_recalls
from .report import Section, rewrite, write
from .stamps import measure_stamps
from .symbols import measure_symbols
from .trace import measure_trace
from .writes import measure_writes

TOPICS: dict[str, Callable[..., Section]] = {
    "page": measure_page,
    "trace": measure_trace,
    "writes": measure_writes,
    "recalls": measure_recalls,
    "stamps": measure_stamps,
    "symbols": measure_symbols,
    "coverage": measure_coverage,
}
MANY, MANY_QUICKLY = 1_000_000, 20_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20,000 batches instead of a million, in short turns")
    parser.add_argument("--only", choices=TOPICS, help="one topic, written in its place in the report unless quick")
    asked = parser.parse_args(arguments)
    chosen = [asked.only] if asked.only else list(TOPICS)
    with open_databases(MANY_QUICKLY if asked.quick else MANY) as databases:
        sections = []
        for name in chosen:
            print(f"{name}:", flush=True)
            sections.append(TOPICS[name](databases, quick=asked.quick))
            print(f"\n{sections[-1].markdown()}\n", flush=True)
        postgres = databases.postgres_version()
    if asked.only and not asked.quick:
        rewrite(sections[0])
    elif not asked.only:
        command = "make bench ARGS=--quick" if asked.quick else "make bench"
        write(sections, command=command, today=datetime.now(UTC).date(), postgres=postgres)
    if not postgres:
        print("PostgreSQL did not start here: its figures are missing.")
    met = all(bar.met for section in sections for bar in section.bars)
    return 0 if postgres and (asked.quick or met) else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
