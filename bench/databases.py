"""The databases that the page is measured on: filled once, kept under ``instance/bench``, used again while they fit."""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random

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

ROOT = Path(__file__).resolve().parent.parent
PUBLIC_URL = "https://bench.example"
CODES = 20_000


@dataclass(frozen=True)
class Filled:
    """A database ready to be read. ``engine`` is its kind, ``codes`` some of its public codes in random order."""

    engine: str
    batches: int
    url: str
    codes: Sequence[str]

    @property
    def name(self) -> str:
        return f"{self.engine}, {self.batches:,} batches"


@contextmanager
def filled_databases(sizes: Sequence[int]) -> Iterator[list[Filled]]:
    """One of each size on SQLite and on PostgreSQL; the two engines are filled side by side."""
    folder = ROOT / "instance" / "bench" / _shape()
    for old in folder.parent.glob("*") if folder.parent.exists() else ():
        if old != folder:
            shutil.rmtree(old)
    (folder / "postgres").mkdir(parents=True, exist_ok=True)
    with running_postgres(durable=True, keep=folder / "postgres") as server:
        urls = {("SQLite", size): f"sqlite:///{folder / f'{size}.sqlite'}" for size in sizes}
        if server:
            urls |= {("PostgreSQL", size): _postgres_url(server, size) for size in sizes}
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            waiting: list[Future[None]] = []
            for (engine, size), url in sorted(urls.items(), key=lambda each: -each[0][1]):
                done = folder / f"{engine}-{size}.filled"
                if not done.exists():
                    waiting.append(pool.submit(_fill, f"{engine} {size:,}", url, size, done))
            for one in waiting:
                one.result()
        yield [Filled(engine, size, url, _codes(url, size)) for (engine, size), url in urls.items()]


def open_engine(url: str) -> Engine:
    return prepare_engine(create_engine(url))


def _fill(name: str, url: str, size: int, done: Path) -> None:
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
    )
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    done.touch()


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


def _postgres_url(server: str, size: int) -> str:
    url = make_url(server).set(drivername="postgresql+psycopg", database=f"bench_{size}")
    return url.render_as_string(hide_password=False)


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
        *(ROOT / "trace/services/demo" / name for name in ("crowd.py", "scale.py")),
    ]
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
