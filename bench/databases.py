"""The databases that are measured: filled once, kept under ``instance/bench``, used again while they fit."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, make_url, select
from sqlalchemy.orm import Session

from setup.postgres import running_postgres
from trace.domain.files import Audience, FileKind
from trace.services.clock import now
from trace.services.demo.scale import load_batches
from trace.storage import migrations
from trace.storage.batches import Batch
from trace.storage.database import prepare_engine
from trace.storage.files import StoredFile

from .department import add_affairs

ROOT = Path(__file__).resolve().parent.parent
PUBLIC_URL = "https://bench.example"
CODES = 20_000
FAMILY = 10_001
"""A batch and its descendants, beside the others in each database of at least ``WITH_FAMILY``."""
WITH_FAMILY = 10_000


@dataclass(frozen=True)
class Filled:
    """A database ready to be read. ``engine`` is its kind, ``codes`` some of its public codes in random order."""

    engine: str
    batches: int
    url: str
    codes: Sequence[str]
    values: Mapping[str, Any] = field(default_factory=dict)
    """Of the places of addresses, where it is a department's."""

    @property
    def name(self) -> str:
        return f"{self.engine}, {self.batches:,} batches"


@dataclass(frozen=True)
class Databases:
    """``many`` is how many batches the largest ones have, ``folder`` is for what a run leaves behind."""

    many: int
    folder: Path
    kept: Path
    server: str | None

    def filled(self, size: int) -> list[Filled]:
        """One of this size of each kind, filled side by side where that was not done before."""
        urls = self._urls(f"{size}")
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            waiting: list[Future[None]] = []
            for engine, url in urls.items():
                done = self.kept / f"{engine}-{size}.filled"
                if not done.exists():
                    waiting.append(pool.submit(_fill, f"{engine} {size:,}", url, size, done))
            for one in waiting:
                one.result()
        return [Filled(engine, size, url, _codes(url, size)) for engine, url in urls.items()]

    def of_department(self, engine: str, size: int) -> Filled | None:
        """``size`` batches of fifty times fewer businesses, with ten events each, and all that a department has to do
        with them; None without PostgreSQL."""
        url = self._urls(f"department_{size}").get(engine)
        if url is None:
            return None
        done = self.kept / f"{engine}-department-{size}.filled"
        if not done.exists():
            fill_department(f"department, {engine} {size:,}", url, size, done)
        return Filled(engine, size, url, _codes(url, size), json.loads(done.read_text()))

    def to_write_in(self, size: int) -> list[Filled]:
        """The same, but filled anew each time."""
        for engine, url in self._urls("written").items():
            _fill(f"{engine} to write in", url, size, self.kept / f"{engine}-written.filled")
        return [Filled(engine, size, url, _codes(url, size)) for engine, url in self._urls("written").items()]

    def postgres_version(self) -> str:
        if not self.server:
            return ""
        with psycopg.connect(self.server) as connection:
            major, minor = divmod(connection.info.server_version, 10_000)
            return f"{major}.{minor}"

    def _urls(self, name: str) -> dict[str, str]:
        urls = {"SQLite": f"sqlite:///{self.kept / f'{name}.sqlite'}"}
        if self.server:
            url = make_url(self.server).set(drivername="postgresql+psycopg", database=f"bench_{name}")
            urls["PostgreSQL"] = url.render_as_string(hide_password=False)
        return urls


@contextmanager
def open_databases(many: int) -> Iterator[Databases]:
    """What is filled stays for the next time; what has another shape by now is thrown away."""
    kept = ROOT / "instance" / "bench" / _shape()
    for old in kept.parent.glob("*") if kept.parent.exists() else ():
        if old != kept:
            shutil.rmtree(old)
    (kept / "postgres").mkdir(parents=True, exist_ok=True)
    with running_postgres(durable=True, keep=kept / "postgres") as server:
        yield Databases(many, kept.parent / "run", kept, server)


def open_engine(url: str) -> Engine:
    return prepare_engine(create_engine(url))


def _fill(name: str, url: str, size: int, done: Path) -> None:
    family = FAMILY if size >= WITH_FAMILY else 0
    with _filling(name, url, size + family, largest_family=family):
        pass
    done.touch()


def fill_department(name: str, url: str, size: int, done: Path) -> dict[str, Any]:
    """Returns what fills the places of addresses."""
    growers, traders = size * 16 // 1000, size * 4 // 1000
    with _filling(name, url, size, growers=growers, traders=traders) as engine:
        values = add_affairs(engine)
    done.write_text(json.dumps(values))
    return values


@contextmanager
def _filling(name: str, url: str, size: int, **options: int) -> Iterator[Engine]:
    """A new database with so many batches, ready for more; what is there at the end is made fast to read."""
    _make_empty(url)
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def hurry(connection: object, _record: object) -> None:
            for pragma in ("synchronous=OFF", "cache_size=-1000000"):
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    migrations.upgrade(engine)
    load_batches(
        engine,
        size,
        photos=[_photo(engine)],
        public_url=PUBLIC_URL,
        say=lambda said: print(f"  {name}: {said}", flush=True) if "00000 of" in said else None,
        **options,
    )
    yield engine
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _photo(engine: Engine) -> int:
    """A photo that no page here will ask for: only its row."""
    with Session(engine) as session:
        row = StoredFile(
            sha256="0" * 64,
            kind=FileKind.PHOTO,
            audience=Audience.PUBLIC,
            media_type="image/jpeg",
            byte_size=1,
            width=1200,
            height=900,
            created_at=now(),
        )
        session.add(row)
        session.commit()
        return row.id


def _make_empty(url: str) -> None:
    parsed = make_url(url)
    assert parsed.database
    if parsed.drivername == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(parsed.database + suffix).unlink(missing_ok=True)
        return
    server = parsed.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {parsed.database}")
        connection.execute(f"CREATE DATABASE {parsed.database}")


def _codes(url: str, size: int) -> list[str]:
    engine = open_engine(url)
    wanted = Random(7).sample(range(1, size + 1), min(size, CODES))
    with engine.connect() as connection:
        codes: list[str] = []
        for start in range(0, len(wanted), 500):
            part = select(Batch.public_code).where(Batch.id.in_(wanted[start : start + 500]))
            codes += [code for code in connection.scalars(part) if code]
    engine.dispose()
    return codes


def _shape() -> str:
    """Changes when the tables or what fills them change."""
    files = [
        *sorted((ROOT / "trace/storage/migrations/versions").glob("*.py")),
        *(
            ROOT / "trace/services/demo" / name
            for name in ("crowd.py", "families.py", "forms.py", "scale.py", "trade.py")
        ),
        Path(__file__),
        Path(__file__).parent / "department.py",
    ]
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
