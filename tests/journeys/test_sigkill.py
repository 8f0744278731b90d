"""A server that is killed at any moment has done all that it answered, and nothing by half."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.databases import TestDatabase
from tests.journeys.machines import AMOUNT, DAY, MADE, STEPS, Machine, Party, Server
from trace.domain.balance import MovementKind
from trace.domain.batches import BatchStatus
from trace.domain.handovers import HandoverStatus
from trace.domain.permissions import OF_BUSINESS
from trace.domain.recalls import RecallStatus
from trace.domain.sites import SiteKind
from trace.services import keys
from trace.settings import Settings
from trace.storage.accounts import User
from trace.storage.audit import AuditEntry
from trace.storage.balance import Holding, Link, Movement
from trace.storage.batches import Batch, BatchVersion
from trace.storage.businesses import Business
from trace.storage.chain import Event
from trace.storage.diary import DiaryEntry
from trace.storage.handovers import Handover, HandoverStep
from trace.storage.notices import Notice
from trace.storage.recalls import Recall, RecallBatch, RecallHolder, RecallItem

KILLS = 100
MACHINES = 3
ANSWERED = {
    "accept": HandoverStatus.ACCEPTED,
    "accept less": HandoverStatus.ACCEPTED_WITH_DIFFERENCE,
    "reject": HandoverStatus.REJECTED,
}
RECEIVED = (HandoverStatus.ACCEPTED, HandoverStatus.ACCEPTED_WITH_DIFFERENCE)


@pytest.fixture
def server(settings: Settings, database: TestDatabase) -> Iterator[Server]:
    server = Server(settings, database)
    yield server
    server.stop()


@pytest.fixture
def machines(server: Server, session: Session) -> list[Machine]:
    owner, buyer = factories.make_user(session), factories.make_user(session)
    business, shop = factories.make_business(session, owner=owner), factories.make_business(session, owner=buyer)
    factories.make_site(session, shop, kind=SiteKind.SHOP)
    site, product = factories.make_site(session, business), factories.make_product(session, business)
    season = factories.make_season(session, business, site_id=site.id, product_id=product.id)
    amount = {"value": str(AMOUNT), "unit": "KGM"}
    facts = {"product_id": product.id, "site_id": site.id, "amount": amount, "production_date": DAY}
    parties = [_party(session, *each) for each in ((owner, business), (buyer, shop))]
    season_id, stopping = season.id, threading.Event()
    session.commit()  # nothing of ours may keep the machines waiting
    return [Machine(server, *parties, season_id, facts, f"M{number}", stopping) for number in range(MACHINES)]


def _party(session: Session, person: User, business: Business) -> Party:
    acting = factories.actor(person)
    _, key = keys.issue_key(session, acting, name="cân", scopes=OF_BUSINESS, business_id=business.id)
    return Party(business.id, key)


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
    assert {step for said in answers.values() for step in said} == set(STEPS), "each was answered before a kill"
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
    counted = [_count(session, each) for each in (Handover, Recall, Movement)]
    assert counted == [each * len(answers) for each in (4, 1, 7)]
    session.rollback()


def _check_answered(session: Session, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """What was answered is there, as it was answered."""
    session.rollback()
    session.expunge_all()
    batches = {batch.lot: batch for batch in session.scalars(select(Batch))}
    notes = dict(session.execute(select(DiaryEntry.id, DiaryEntry.note)).all())
    lost = {movement.batch_id for movement in session.scalars(select(Movement)) if movement.kind is MovementKind.LOST}
    handovers = {handover.id: handover for handover in session.scalars(select(Handover))}
    recalls = {recall.id: recall for recall in session.scalars(select(Recall))}
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
        for offered in said.keys() & {"offer", "offer less", "offer back", "send"}:
            assert said[offered]["handover"]["id"] in handovers
        for step in said.keys() & ANSWERED.keys():
            assert handovers[said[step]["id"]].status is ANSWERED[step]
        if "propose" in said:
            assert recalls[said["propose"]["id"]].reason == lot
        if "confirm" in said:
            assert recalls[said["confirm"]["id"]].number == said["confirm"]["number"]
        for answered in said.keys() & {"answer", "answer at shop"}:
            [item] = said[answered]["items"]
            assert session.get_one(RecallItem, item["id"]).destroyed == float(item["located"]["value"]) * 1000


def _check_whole(session: Session) -> None:
    """Each thing has what was written with it, once, and nothing speaks of what is not there."""
    batches = session.scalars(select(Batch)).all()
    assert len(batches) == len({batch.lot for batch in batches})
    made = {batch.id for batch in batches if batch.lot.endswith(MADE)}
    shown = {batch.id: batch.amount for batch in batches if batch.status is BatchStatus.PUBLISHED}
    assert made <= shown.keys()
    of_kind: dict[MovementKind, list[int]] = {kind: [] for kind in MovementKind}
    gone: Counter[tuple[int, int]] = Counter()
    for movement in session.scalars(select(Movement)):
        of_kind[movement.kind].append(movement.batch_id)
        gone[movement.batch_id, movement.business_id] += movement.amount
    lost, used = of_kind[MovementKind.LOST], of_kind[MovementKind.USED]
    assert len(lost) == len(set(lost))
    links = session.execute(select(Link.parent_id, Link.child_id)).all()
    assert sorted(parent for parent, _ in links) == sorted(used)
    assert sorted(child for _, child in links) == sorted(made)

    handovers = session.scalars(select(Handover)).all()
    received = [each for each in handovers if each.status in RECEIVED]
    back = [each for each in handovers if each.status is HandoverStatus.REJECTED]
    assert Counter(of_kind[MovementKind.SHIPPED]) == Counter(each.batch_id for each in handovers if each not in back)
    had = Counter({(batch.id, batch.business_id): batch.amount for batch in batches if batch.id in shown})
    for each in received:
        had[each.batch_id, each.buyer_id or 0] += each.received or 0
    holdings = session.scalars(select(Holding)).all()
    held = {(holding.batch_id, holding.business_id): holding.amount for holding in holdings}
    assert held == {place: amount - gone[place] for place, amount in had.items()}
    steps = [(each.id, HandoverStatus.OFFERED) for each in handovers]
    steps += [(each.id, each.status) for each in (*received, *back)]
    said_of = session.execute(select(HandoverStep.handover_id, HandoverStep.status)).all()
    assert Counter(tuple(row) for row in said_of) == Counter(steps)

    destroyed = _check_recalls(session, made)
    assert Counter(of_kind[MovementKind.DESTROYED]) == Counter(destroyed)
    assert _audited(session, "Batch") == Counter(
        [("batches:register", batch.id) for batch in batches if batch.id not in made]
        + [("batches:publish", key) for key in shown.keys() - made]
        + [("balance:remove", key) for key in lost]
        + [("balance:transform", key) for key in made]
    )
    assert Counter(session.scalars(select(BatchVersion.batch_id))) == Counter(shown.keys())
    events = [*shown, *lost, *destroyed, *(each.batch_id for each in (*handovers, *received, *back))]
    assert Counter(session.scalars(select(Event.batch_id))) == Counter(events)
    notes = session.scalars(select(DiaryEntry.note)).all()
    assert len(notes) == len(set(notes))
    session.rollback()


def _check_recalls(session: Session, made: set[int]) -> list[int]:
    """Of each case all or nothing took effect; returns the batches of which each destroyed item was."""
    cases = session.scalars(select(Recall)).all()
    confirmed = {case.id for case in cases if case.status is RecallStatus.OPEN}
    assert len(cases) == len({case.reason for case in cases})
    blocked = session.execute(select(Batch.recall_id, Batch.id).where(Batch.recall_id.is_not(None))).all()
    assert sorted(blocked) == sorted(session.execute(select(RecallBatch.recall_id, RecallBatch.batch_id)).all())
    assert {recall_id for recall_id, _ in blocked} == confirmed
    assert {batch_id for _, batch_id in blocked} <= made
    holders = session.scalars(select(RecallHolder)).all()
    assert Counter(holder.recall_id for holder in holders) == Counter([*confirmed, *confirmed])
    told = select(func.count()).where(Notice.kind == "recall-confirmed")
    assert session.scalar(told) == len(holders)
    answered = [holder for holder in holders if holder.acknowledged_at]
    assert all(len(holder.items) == 1 for holder in holders)
    items = [item for holder in answered for item in holder.items]
    assert _count(session, RecallItem) == len(holders)
    destroyed = [item.id for item in session.scalars(select(RecallItem)) if item.destroyed]
    assert sorted(destroyed) == sorted(item.id for item in items)
    assert _audited(session, "Recall") == Counter(
        [("recalls:propose", case.id) for case in cases]
        + [("recalls:confirm", key) for key in confirmed]
        + [("recalls:acknowledge", holder.recall_id) for holder in answered]
    )
    return [item.batch_id for item in items]


def _audited(session: Session, subject: str) -> Counter[tuple[str, int]]:
    """How often each verb was written down of each thing of a kind."""
    entries = select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.subject_type == subject)
    return Counter((action, key) for action, key in session.execute(entries))


def _count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
