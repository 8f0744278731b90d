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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from setup.machine import free_port
from tests import factories
from tests.databases import TestDatabase
from trace.domain.balance import MovementKind
from trace.domain.batches import BatchStatus
from trace.domain.permissions import OF_BUSINESS
from trace.services import keys
from trace.settings import Settings
from trace.storage.audit import AuditEntry
from trace.storage.balance import Holding, Link, Movement
from trace.storage.batches import Batch, BatchVersion
from trace.storage.chain import Event
from trace.storage.diary import DiaryEntry

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 100
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
    """Takes one batch after another through its life, and remembers what it was answered; asks again until it is."""

    server: Server
    key: str
    home: str
    season_id: int
    facts: Mapping[str, Any]
    """Of a batch."""
    name: str
    stopping: threading.Event
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By lot and by step."""
    odd: list[Any] = field(default_factory=list)

    def work(self) -> None:
        while not self.stopping.is_set() and not self.odd:
            lot = f"{self.name}-{len(self.answers)}"
            self.answers[lot] = {}
            while not self.stopping.is_set() and not self.odd and not self.take_up(lot):
                pass

    def take_up(self, lot: str) -> bool:
        """Ask for what was not answered yet, until something is not; safe to repeat."""
        answers = self.answers[lot]
        for step in STEPS:
            if step not in answers and (answer := self._post(f"{step}-{lot}", *self._request(step, lot, answers))):
                answers[step] = answer
            if step not in answers:
                return False
        return True

    def _request(self, step: str, lot: str, answers: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        batch_id = answers.get("register", {}).get("id")
        match step:
            case "note":
                return f"seasons/{self.season_id}/entries", {"kind": "note", "happened_on": DAY, "note": lot}
            case "register":
                return "batches", {**self.facts, "lot": lot}
            case "publish":
                return f"batches/{batch_id}/publication", {}
            case "lose":
                return f"batches/{batch_id}/removals", {"kind": "lost", "amount": _kilograms(LOST), "at": AT}
        inputs = [{"batch_id": batch_id, "amount": _kilograms(USED)}]
        made = {"lot": f"{lot}{MADE}", "amount": _kilograms(USED), "inputs": inputs, "at": AT}
        return "transformations", {**self.facts, **made}

    def _post(self, once: str, path: str, facts: Any) -> Any:
        """The answer, or None where there was none."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", "Idempotency-Key": once}
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request("POST", f"{self.home}/{path}", json.dumps(facts), headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
        if answer.status not in (200, 201):
            self.odd.append((answer.status, once, body))
            return None
        return json.loads(body)


STEPS = ("note", "register", "publish", "lose", "make")
DAY, AT = "2026-03-02", "2026-03-02T10:00:00+07:00"
AMOUNT, LOST, USED = 120, 1, 10
"""Kilograms."""
MADE = "-MADE"


def _kilograms(amount: int) -> dict[str, str]:
    return {"value": str(amount), "unit": "KGM"}


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
    season = factories.make_season(session, business, site_id=site.id, product_id=product.id)
    facts = {"product_id": product.id, "site_id": site.id, "amount": _kilograms(AMOUNT), "production_date": DAY}
    _, key = keys.issue_key(session, factories.actor(owner), name="cân", scopes=OF_BUSINESS, business_id=business.id)
    home, season_id, stopping = f"/api/v1/businesses/{business.id}", season.id, threading.Event()
    session.commit()  # nothing of ours may keep the machines waiting
    return [Machine(server, key, home, season_id, facts, f"M{number}", stopping) for number in range(MACHINES)]


@pytest.mark.timeout(600)
def test_what_was_answered_is_there_and_nothing_is_there_by_half(
    server: Server, machines: list[Machine], session: Session
) -> None:
    chance = random.Random(1)
    working = [threading.Thread(target=machine.work) for machine in machines]
    for thread in working:
        thread.start()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.02, 0.4))
            server.kill()
    finally:
        machines[0].stopping.set()
        for thread in working:
            thread.join()
    assert not [machine.odd for machine in machines if machine.odd]
    answers = {lot: said for machine in machines for lot, said in machine.answers.items()}
    assert any("make" in said for said in answers.values()), "nothing was answered before it was killed"
    _check_answered(session, answers)
    _check_whole(session)

    for machine in machines:
        for lot in machine.answers:
            assert machine.take_up(lot), machine.odd
    _check_answered(session, answers)
    _check_whole(session)
    lots = [*answers, *(f"{lot}{MADE}" for lot in answers)]
    assert sorted(session.scalars(select(Batch.lot))) == sorted(lots), "repeated: each is there, once"
    assert sorted(session.scalars(select(DiaryEntry.note))) == sorted(answers)
    assert set(session.scalars(select(Batch.status))) == {BatchStatus.PUBLISHED}
    assert _count(session, Movement) == 2 * len(answers)
    session.rollback()


def _check_answered(session: Session, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """What was answered is there, as it was answered."""
    session.rollback()
    session.expunge_all()
    batches = {batch.lot: batch for batch in session.scalars(select(Batch))}
    notes = dict(session.execute(select(DiaryEntry.id, DiaryEntry.note)).all())
    lost = {movement.batch_id for movement in session.scalars(select(Movement)) if movement.kind is MovementKind.LOST}
    for lot, said in answers.items():
        if "note" in said:
            assert notes[said["note"]["id"]] == lot
        if "register" in said:
            assert batches[lot].id == said["register"]["id"]
        if "publish" in said:
            assert batches[lot].public_code == said["publish"]["public_code"]
        if "lose" in said:
            assert batches[lot].id in lost
        if "make" in said:
            assert batches[f"{lot}{MADE}"].public_code == said["make"]["public_code"]


def _check_whole(session: Session) -> None:
    """Each thing has what was written with it, once, and nothing speaks of what is not there."""
    batches = session.scalars(select(Batch)).all()
    assert len(batches) == len({batch.lot for batch in batches})
    made = {batch.id for batch in batches if batch.lot.endswith(MADE)}
    shown = {batch.id for batch in batches if batch.status is BatchStatus.PUBLISHED}
    moved = session.scalars(select(Movement)).all()
    lost = [movement.batch_id for movement in moved if movement.kind is MovementKind.LOST]
    used = {movement.batch_id for movement in moved if movement.kind is MovementKind.USED}
    assert len(moved) == len(set(lost)) + len(used)
    assert made <= shown

    held = dict(session.execute(select(Holding.batch_id, Holding.amount)).all())
    gone: Counter[int] = Counter()
    for movement in moved:
        gone[movement.batch_id] += movement.amount
    assert held == {batch.id: batch.amount - gone[batch.id] for batch in batches if batch.id in shown}
    links = session.execute(select(Link.parent_id, Link.child_id)).all()
    assert sorted(parent for parent, _ in links) == sorted(used)
    assert sorted(child for _, child in links) == sorted(made)

    said = Counter(
        tuple(row)
        for row in session.execute(
            select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.subject_type == "Batch")
        )
    )
    assert said == Counter(
        [("batches:register", batch.id) for batch in batches if batch.id not in made]
        + [("batches:publish", key) for key in shown - made]
        + [("balance:remove", key) for key in lost]
        + [("balance:transform", key) for key in made]
    )
    assert Counter(session.scalars(select(BatchVersion.batch_id))) == Counter(shown)
    assert Counter(session.scalars(select(Event.batch_id))) == Counter([*shown, *lost])
    notes = session.scalars(select(DiaryEntry.note)).all()
    assert len(notes) == len(set(notes))
    session.rollback()


def _count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
