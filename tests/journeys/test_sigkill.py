"""A server that is killed at any moment has done all that it answered, and nothing by half."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from setup.machine import free_port
from tests import factories
from tests.databases import TestDatabase
from trace.domain.batches import BatchStatus
from trace.domain.permissions import OF_BUSINESS
from trace.services import keys
from trace.settings import Settings
from trace.storage.audit import AuditEntry
from trace.storage.batches import Batch, BatchVersion
from trace.storage.chain import Event

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 10
MACHINES = 3


class Server:
    """Dies and comes back on the same port."""

    def __init__(self, settings: Settings, database: TestDatabase) -> None:
        self.port = free_port()
        environ = {
            **os.environ,
            "TRACE_INSTANCE_PATH": str(settings.instance_path),
            "TRACE_DATABASE_URL": database.url,
            "TRACE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
        }
        command = [sys.executable, "-m", "tests.journeys.killable", str(self.port)]
        self.keeper = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        self.serving = self._next()

    def kill(self) -> None:
        os.kill(self.serving, signal.SIGKILL)
        self.serving = self._next()

    def stop(self) -> None:
        self.keeper.kill()  # first, or it would begin another
        self.keeper.wait()
        os.kill(self.serving, signal.SIGKILL)
        assert self.keeper.stdout
        self.keeper.stdout.close()

    def _next(self) -> int:
        assert self.keeper.stdout
        return int(self.keeper.stdout.readline())


@dataclass
class Machine:
    """Registers and publishes one batch after another, and remembers what it was answered and what not."""

    server: Server
    key: str
    path: str
    facts: dict[str, Any]
    name: str
    stopping: threading.Event
    lots: list[str] = field(default_factory=list)
    registered: dict[str, int] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    odd: list[Any] = field(default_factory=list)

    def work(self) -> None:
        while not self.stopping.is_set():
            self.lots.append(f"{self.name}-{len(self.lots)}")
            self.take_up(self.lots[-1])

    def take_up(self, lot: str) -> None:
        """Ask for what was not answered yet; safe to repeat."""
        if lot not in self.registered and (made := self._post(f"register-{lot}", "", {**self.facts, "lot": lot})):
            self.registered[lot] = made["id"]
        if lot in self.registered and lot not in self.published:
            shown = self._post(f"publish-{lot}", f"/{self.registered[lot]}/publication")
            if shown:
                self.published[lot] = shown["public_code"]

    def _post(self, once: str, path: str, facts: Any = None) -> Any:
        """The answer, or None where there was none."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Idempotency-Key": once}
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request("POST", self.path + path, json.dumps(facts or {}), headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
        if answer.status not in (200, 201):
            self.odd.append((answer.status, body))
            return None
        return json.loads(body)


@pytest.fixture
def server(settings: Settings, database: TestDatabase) -> Iterator[Server]:
    server = Server(settings, database)
    yield server
    server.stop()


@pytest.fixture
def machines(server: Server, session: Session) -> list[Machine]:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    site, product = factories.make_site(session, business), factories.make_product(session, business)
    session.flush()
    facts = {
        "product_id": product.id,
        "site_id": site.id,
        "amount": {"value": "120", "unit": "KGM"},
        "production_date": "2026-03-02",
    }
    _, key = keys.issue_key(session, factories.actor(owner), name="cân", scopes=OF_BUSINESS, business_id=business.id)
    path, stopping = f"/api/v1/businesses/{business.id}/batches", threading.Event()
    session.commit()  # nothing of ours may keep the machines waiting
    return [Machine(server, key, path, facts, f"M{number}", stopping) for number in range(MACHINES)]


def test_what_was_answered_is_there_and_nothing_is_there_by_half(
    server: Server, machines: list[Machine], session: Session
) -> None:
    chance = random.Random(1)
    working = [threading.Thread(target=machine.work) for machine in machines]
    for thread in working:
        thread.start()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 0.9))
            server.kill()
    finally:
        machines[0].stopping.set()
        for thread in working:
            thread.join()
    assert not [machine.odd for machine in machines if machine.odd]
    registered = {lot: key for machine in machines for lot, key in machine.registered.items()}
    published = {lot: code for machine in machines for lot, code in machine.published.items()}
    assert published, "nothing was answered before it was killed"

    found = _batches(session)
    assert registered.items() <= {lot: batch.id for lot, batch in found.items()}.items()
    assert published.items() <= {lot: batch.public_code for lot, batch in found.items()}.items()
    _check_whole(session, found)

    for machine in machines:
        for lot in machine.lots:
            machine.take_up(lot)
    assert not [machine.odd for machine in machines if machine.odd]
    found = _batches(session)
    assert set(found) == {lot for machine in machines for lot in machine.lots}, "repeated: each is there, once"
    assert {batch.status for batch in found.values()} == {BatchStatus.PUBLISHED}
    _check_whole(session, found)


def _batches(session: Session) -> dict[str, Batch]:
    session.rollback()
    session.expunge_all()
    found = session.scalars(select(Batch)).all()
    assert len(found) == len({batch.lot for batch in found})
    return {batch.lot: batch for batch in found}


def _check_whole(session: Session, found: dict[str, Batch]) -> None:
    """Each batch has what was written with it, once, and nothing speaks of a batch that is not there."""
    shown = {batch.id for batch in found.values() if batch.status is BatchStatus.PUBLISHED}
    said = Counter(
        tuple(row)
        for row in session.execute(
            select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.subject_type == "Batch")
        )
    )
    assert said == Counter(
        [("batches:register", batch.id) for batch in found.values()] + [("batches:publish", key) for key in shown]
    )
    assert Counter(session.scalars(select(BatchVersion.batch_id))) == Counter(shown)
    assert Counter(session.scalars(select(Event.batch_id))) == Counter(shown)
    session.rollback()
