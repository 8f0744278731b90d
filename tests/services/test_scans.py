"""Looks are counted once for each device, and nobody can be told from them."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.scans import Visitor
from trace.services.scans import GROUP, ScanWriter, device_hash
from trace.storage.scans import Scan, ScanCount

PHONE = "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CODE = "7K3M9XW2QT"


@pytest.fixture(autouse=True)
def _at_noon(clock: Clock) -> None:
    clock.set(NOON)


@pytest.fixture
def writer(engine: Engine) -> ScanWriter:
    return ScanWriter(engine, "a salt for tests", background=False)


@pytest.fixture
def batch_id(session: Session) -> int:
    batch = factories.make_batch(session, factories.make_business(session))
    key: int = batch.id
    session.commit()
    return key


def look(writer: ScanWriter, batch_id: int | None, **changed: Any) -> Visitor:
    facts = {"code": CODE, "user_agent": PHONE, "language": "vi", "address": "203.0.113.7", **changed}
    return writer.record(batch_id=batch_id, **facts)


def people(session: Session, batch_id: int) -> int:
    rows = session.scalar(
        select(func.count()).select_from(Scan).where(Scan.batch_id == batch_id, Scan.visitor == Visitor.PERSON)
    )
    counted = session.scalar(select(ScanCount.people).where(ScanCount.batch_id == batch_id))
    session.rollback()  # SQLite lets one transaction write at a time
    assert (counted or 0) == rows, "the count and the rows differ"
    return rows or 0


def test_a_code_of_odd_symbols_takes_no_other_look_along(session: Session, writer: ScanWriter, batch_id: int) -> None:
    for code in ("\x00", "7K\ud800", "\x1b[31m"):
        look(writer, None, code=code)
    look(writer, batch_id)
    assert people(session, batch_id) == 1
    assert writer.lost == 0


def test_a_look_is_counted(session: Session, writer: ScanWriter, batch_id: int) -> None:
    assert look(writer, batch_id).visitor is Visitor.PERSON
    assert people(session, batch_id) == 1
    assert session.scalars(select(ScanCount.last_at)).one() == NOON


def test_the_same_device_counts_once_in_ten_minutes(
    session: Session, writer: ScanWriter, batch_id: int, clock: Clock
) -> None:
    look(writer, batch_id)
    clock.advance(minutes=9)
    look(writer, batch_id)
    assert people(session, batch_id) == 1
    clock.advance(minutes=1)
    look(writer, batch_id)
    assert people(session, batch_id) == 2


@pytest.mark.parametrize(
    "changed", [{"address": "203.0.113.8"}, {"language": "en"}, {"user_agent": PHONE.replace("12", "13")}]
)
def test_another_device_counts(session: Session, writer: ScanWriter, batch_id: int, changed: dict[str, str]) -> None:
    look(writer, batch_id)
    look(writer, batch_id, **changed)
    assert people(session, batch_id) == 2


def test_previews_and_robots_are_kept_and_not_counted(session: Session, writer: ScanWriter, batch_id: int) -> None:
    look(writer, batch_id, user_agent="facebookexternalhit/1.1")
    look(writer, batch_id, user_agent="Googlebot/2.1")
    assert people(session, batch_id) == 0
    assert set(session.scalars(select(Scan.visitor))) == {Visitor.PREVIEW, Visitor.ROBOT}


def test_a_code_that_leads_nowhere_is_kept(session: Session, writer: ScanWriter) -> None:
    look(writer, None, code="KHONGCO")
    assert session.scalars(select(Scan)).one().code == "KHONGCO"


def test_no_address_is_stored(session: Session, writer: ScanWriter, batch_id: int) -> None:
    look(writer, batch_id)
    row = session.execute(select(Scan.__table__)).one()
    assert "203.0.113" not in repr(row)
    assert "Mozilla" not in repr(row)


def test_a_device_is_another_the_next_day() -> None:
    today = NOON.date()
    traits = (PHONE, "vi", "203.0.113.7")
    assert device_hash(b"salt", today, *traits) == device_hash(b"salt", today, *traits)
    assert device_hash(b"salt", today, *traits) != device_hash(b"salt", today + timedelta(days=1), *traits)
    assert device_hash(b"salt", today, *traits) != device_hash(b"pepper", today, *traits)


def test_many_looks_are_written_in_groups(session: Session, engine: Engine, batch_id: int) -> None:
    writer = ScanWriter(engine, "salt")
    for number in range(GROUP * 2 + 50):
        look(writer, batch_id, address=f"203.0.{number // 250}.{number % 250}")
    writer.flush()
    assert people(session, batch_id) + len(writer._waiting) >= GROUP  # the thread may hold a group of its own
    _settled(writer)
    assert people(session, batch_id) == GROUP * 2 + 50
    assert writer.lost == 0


def test_the_writer_ends_when_nothing_is_left_so_a_stopping_process_loses_nothing(
    session: Session, engine: Engine, batch_id: int
) -> None:
    writer = ScanWriter(engine, "salt")
    request = threading.Thread(target=look, args=(writer, batch_id), daemon=True)
    request.start()
    request.join()
    (thread,) = (each for each in threading.enumerate() if each.name == "scans")
    assert not thread.daemon, "the interpreter waits only for threads that are not daemons"
    thread.join(10)
    assert people(session, batch_id) == 1


def test_a_look_that_cannot_be_written_is_counted_as_lost(writer: ScanWriter) -> None:
    look(writer, 987_654)
    assert writer.lost == 1


def _settled(writer: ScanWriter) -> None:
    thread = writer._writer
    if thread:
        thread.join(10)


@pytest.fixture(autouse=True)
def _no_writer_left_behind() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name == "scans":
            thread.join(10)
