"""``make test``: bring up what the tests need, run them on each database, say what ran where.

All run on SQLite; on PostgreSQL those that ask for a database (see tests/conftest.py).

``TRACE_TEST_REQUIRE=postgres,redis,browser`` makes what is missing a failure; otherwise it is only named.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import machine, translations
from .postgres import running_postgres

WORKERS = str(min(os.cpu_count() or 1, 8))
NO_TESTS = 5
"""pytest's exit status where nothing was collected."""


@dataclass(frozen=True)
class Outcome:
    """Of one run of the whole suite."""

    database: str
    status: int
    tests: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        passed = self.tests - self.failed - self.skipped
        counts = f"{passed:6} passed {self.failed:5} failed {self.skipped:5} skipped"
        return f"{self.database:12} {counts} {self.seconds:7.0f} s {'' if self.status == 0 else '  FAILED'}"


def main(arguments: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped
    translations.compile_catalogs()
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRACE_") or name.startswith("TRACE_TEST_") or name == "TRACE_CHROMIUM"
    }
    found: dict[str, str | None] = {}
    with ExitStack() as stack:
        found["browser"] = machine.find_chromium() or machine.install_chromium()
        found["pdftoppm"] = machine.find_program("pdftoppm", package="poppler-utils")
        found["zbar"] = machine.find_library("zbar", package="libzbar0")
        found["fonts"] = machine.find_vietnamese_font()
        found["redis"] = environ.get("TRACE_TEST_REDIS_URL") or stack.enter_context(running_redis())
        found["postgres"] = environ.get("TRACE_TEST_POSTGRES_URL") or stack.enter_context(running_postgres())
        for name, variable in (("browser", "TRACE_CHROMIUM"), ("redis", "TRACE_TEST_REDIS_URL")):
            if value := found[name]:
                environ[variable] = value
        outcomes = [run_suite("SQLite", {**environ, "TRACE_TEST_DATABASE": "sqlite"}, arguments)]
        if url := found["postgres"]:
            postgres = {**environ, "TRACE_TEST_DATABASE": "postgres", "TRACE_TEST_POSTGRES_URL": url}
            outcomes.append(run_suite("PostgreSQL", postgres, arguments))

    required = set(filter(None, environ.get("TRACE_TEST_REQUIRE", "").split(",")))
    print("\n── What ran where")
    for outcome in outcomes:
        print(outcome)
    for name, value in found.items():
        print(
            f"{name:12} {value or ('MISSING, AND REQUIRED' if name in required else 'MISSING: its tests did not run')}"
        )
    missing = [name for name in required if not found.get(name)]
    return int(bool(missing) or any(outcome.status for outcome in outcomes))


def run_suite(database: str, environ: dict[str, str], arguments: Sequence[str]) -> Outcome:
    print(f"\n── {database}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-n", WORKERS, "-q", "--durations=15", f"--junitxml={report}"]
        status = subprocess.run([*command, *arguments], env=environ, check=False).returncode
        if status == NO_TESTS and database != "SQLite":
            return Outcome(database, 0)
        if not report.exists():
            return Outcome(database, status or 1)
        suite = next(ElementTree.parse(report).iter("testsuite"))  # noqa: S314 - we wrote it
    count = {name: int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    return Outcome(
        database,
        status,
        tests=count["tests"],
        failed=count["failures"] + count["errors"],
        skipped=count["skipped"],
        seconds=time.monotonic() - started,
    )


@contextmanager
def running_redis() -> Iterator[str | None]:
    """The URL of a Redis of our own that keeps nothing; None where there is no redis-server."""
    program = machine.find_program("redis-server", package="redis-server")
    if program is None:
        yield None
        return
    port = machine.free_port()
    with tempfile.TemporaryDirectory() as folder:
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
        server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            yield f"redis://127.0.0.1:{port}/0" if machine.answers(port) else None
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
