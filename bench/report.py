"""The figures as a table with the bars that they must meet, on the screen and in ``docs/performance.md``."""

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from .client import Sample

PACKAGES = ("granian", "flask", "sqlalchemy", "jinja2", "psycopg", "isal", "networkx", "numpy", "reportlab")
PEERS = ("qrcode", "segno", "zxing-cpp")
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

    def row(self) -> list[str]:
        value, limit = (f"{number:,.2f}".removesuffix(".00") for number in (self.value, self.limit))
        return [self.name, value, f"{'≥' if self.at_least else '≤'} {limit}", "met" if self.met else "**missed**"]


@dataclass(frozen=True)
class Section:
    """One topic of the report; ``figures`` is a table in Markdown."""

    title: str
    text: str
    figures: str
    bars: Sequence[Bar]

    def markdown(self) -> str:
        judged = table(["measure", "value", "bar", ""], [bar.row() for bar in self.bars])
        return f"## {self.title}\n\n{self.text}\n\n{self.figures}\n\n{judged}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """In Markdown; what stands right of the first column are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rewrite(section: Section, document: Path = DOCUMENT) -> None:
    """Put one topic, measured by itself, in the place that it has in the report, or at its end."""
    parts = document.read_text(encoding="utf-8").rstrip().split("\n\n## ")
    written = section.markdown().removeprefix("## ")
    titles = [part.partition("\n")[0] for part in parts]
    if section.title in titles:
        parts[titles.index(section.title)] = written
    else:
        parts.append(written)
    document.write_text("\n\n## ".join(parts) + "\n", encoding="utf-8")


def write(sections: Sequence[Section], *, command: str, today: date, postgres: str) -> None:
    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions += [f"PostgreSQL {postgres}"] if postgres else []
    versions += [f"{name} {version(name)}" for name in (*PACKAGES, *PEERS)]
    head = f"`{command}`, {today:%d/%m/%Y}, on two cores that also ran the clients. {', '.join(versions)}."
    parts = ["# Performance", head, *(section.markdown() for section in sections)]
    DOCUMENT.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
