"""How much memory a long export takes: each in a process of its own, as the peak of a process never falls."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from sqlalchemy.orm import Session

from trace.domain.permissions import SYSTEM
from trace.services.export_tables import COLUMNS, Table, export
from trace.services.exports import csv_parts, xlsx_parts
from trace.storage.batches import Batch
from trace.storage.register import batches_where

from .databases import Filled, open_engine

FEW, LARGE = 10_000, 100_000
WARM = 1_000
WAYS: dict[str, Callable[..., Iterator[bytes]]] = {"XLSX": xlsx_parts, "CSV": csv_parts}


def memory_of_exports(filled: Filled) -> dict[str, tuple[float, float]]:
    """By kind of file: MB that the peak rose by, for few and for many rows."""
    found = {}
    for kind in WAYS:
        few, large = (_alone(filled.url, kind, rows) for rows in (FEW, LARGE))
        found[kind] = few, large
    return found


def _alone(url: str, kind: str, rows: int) -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_export, url, kind, rows).result()


def _export(url: str, kind: str, rows: int) -> float:
    engine = open_engine(url)
    with Session(engine) as session:
        _through(WAYS[kind], session, WARM)  # what is imported and kept once
        before = _peak()
        _through(WAYS[kind], session, rows)
    engine.dispose()
    return (_peak() - before) / 1_000_000


def _through(parts: Callable[..., Iterable[bytes]], session: Session, rows: int) -> int:
    question: Any = batches_where(published=True).order_by(Batch.id).limit(rows)
    found = export(session, SYSTEM, Table.BATCHES, question, {})
    return sum(len(part) for part in parts(COLUMNS[Table.BATCHES], found, "vi"))


def _peak() -> int:
    """Bytes. Linux lets ``ru_maxrss`` begin with the peak of the process that started this one; its own is in ``/proc``."""
    if sys.platform == "darwin":
        return getrusage(RUSAGE_SELF).ru_maxrss
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024
