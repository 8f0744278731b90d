"""The figures as a table with the bars that they must meet, on the screen and in ``docs/performance.md``."""

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from .client import Sample

PACKAGES = ("granian", "flask", "sqlalchemy", "jinja2", "psycopg", "isal")
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


@dataclass(frozen=True)
class Figures:
    """Of one contender: milliseconds, and answers a second."""

    p50: float
    p99: float
    throughput: float

    @classmethod
    def of(cls, latency: Sequence[Sample], throughput: Sequence[Sample]) -> "Figures":
        """All rounds together; the throughput is the median round's, as one round may share the machine."""
        times = sorted(time for sample in latency for time in sample.latencies)
        rates = sorted(len(sample.latencies) / sample.seconds for sample in throughput)
        return cls(
            p50=times[len(times) // 2] * 1000,
            p99=times[min(len(times) - 1, len(times) * 99 // 100)] * 1000,
            throughput=rates[len(rates) // 2],
        )


@dataclass(frozen=True)
class Bar:
    """``limit`` is the most allowed, or the least where ``at_least``."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def row(self) -> str:
        value, limit = (f"{number:,.2f}".removesuffix(".00") for number in (self.value, self.limit))
        return f"| {self.name} | {value} | {'≥' if self.at_least else '≤'} {limit} | {'met' if self.met else '**missed**'} |"


def tables(figures: dict[str, Figures], bars: Sequence[Bar], *, low: int, high: int) -> str:
    """Two tables in Markdown."""
    lines = [
        f"| contender | p50, ms ({low} at a time) | p99, ms | answers a second ({high} at a time) |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {name} | {one.p50:.2f} | {one.p99:.2f} | {one.throughput:,.0f} |" for name, one in figures.items()),
        "",
        "| measure | value | bar | |",
        "| --- | ---: | ---: | --- |",
        *(bar.row() for bar in bars),
    ]
    return "\n".join(lines)


def write(text: str, *, command: str, today: date, postgres: str) -> None:
    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions += [f"PostgreSQL {postgres}"] if postgres else []
    versions += [f"{name} {version(name)}" for name in PACKAGES]
    DOCUMENT.write_text(
        f"""# Performance

`{command}`, {today:%d/%m/%Y}, on two cores that also ran the client. {", ".join(versions)}.

Every contender is served by the same server with the settings of `make run`. They take turns, round after round, so that
whatever else the machine does disturbs all of them alike; ratios are what to compare. Each answer is the whole page as a
phone gets it, compressed. *Bare server* is a WSGI callable that returns those bytes, *bare Flask* one view without any
extension that returns them. Our page is rendered and compressed anew for every request, for codes in random order, and
each look is written down.

{text}
""",
        encoding="utf-8",
    )
