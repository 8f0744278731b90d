"""Many people do the same at the same moment: one is done, and each of the others is told why it was not."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count as count_up
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import MORNING, URL, Farm
from tests.inspecting import plan_visit, seen, sign_visit
from trace.domain.businesses import BusinessStatus, Decision
from trace.domain.errors import TraceError
from trace.domain.inspections import Result
from trace.domain.recalls import RecallClass, Scope, ScopeKind
from trace.services import balance, batches, businesses, inspection_findings, recalls
from trace.services.recalls import RecallFacts
from trace.storage.audit import AuditEntry
from trace.storage.batches import Batch, BatchVersion
from trace.storage.businesses import Business
from trace.storage.chain import Event
from trace.storage.files import FileStore
from trace.storage.inspection_findings import findings_of
from trace.storage.inspections import Inspection, InspectionMinutes


@pytest.fixture
def farm(session: Session) -> Farm:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    return Farm(
        session,
        business,
        factories.make_site(session, business),
        factories.make_product(session, business),
        factories.actor(owner),
    )


@pytest.fixture
def at_once(engine: Engine, session: Session) -> Callable[[int, Callable[[Session], Any]], Counter[str]]:
    def run(times: int, verb: Callable[[Session], Any]) -> Counter[str]:
        """Run ``verb`` in as many threads, each with its own session; count how each ended."""
        session.commit()
        ready = threading.Barrier(times)

        def one(_: int) -> str:
            with Session(engine) as own:
                ready.wait()
                try:
                    verb(own)
                except TraceError as error:
                    return error.errors[0].code if hasattr(error, "errors") else error.code
                return "done"

        with ThreadPoolExecutor(times) as pool:
            return Counter(pool.map(one, range(times)))

    return run


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_one_of_twenty_gets_the_lot(farm: Farm, session: Session, at_once: Any) -> None:
    facts, key = farm.facts(lot="CHUNG-1"), farm.business.id
    ended = at_once(20, lambda own: batches.register(own, farm.owner, key, facts))
    assert ended == {"done": 1, "lot-taken": 19}
    assert count(session, Batch) == 1


def test_each_of_ten_gets_a_lot_of_its_own(farm: Farm, session: Session, at_once: Any) -> None:
    facts, key = farm.facts(), farm.business.id
    assert at_once(10, lambda own: batches.register(own, farm.owner, key, facts)) == {"done": 10}
    assert len(set(session.scalars(select(Batch.lot)))) == 10


def test_a_form_sent_five_times_makes_one_batch(farm: Farm, session: Session, at_once: Any) -> None:
    facts, key = farm.facts(), farm.business.id
    made = at_once(5, lambda own: batches.register(own, farm.owner, key, facts, client_key="a"))
    assert made == {"done": 5}
    assert count(session, Batch) == 1


def test_one_of_two_windows_publishes(farm: Farm, session: Session, at_once: Any) -> None:
    key = farm.register().id
    ended = at_once(2, lambda own: batches.publish(own, farm.owner, key, public_url=URL))
    assert ended.pop("done") == 1
    assert ended.total() == 1
    assert (count(session, BatchVersion), count(session, Event)) == (1, 1)


def test_nothing_is_made_of_a_batch_while_it_is_recalled(farm: Farm, session: Session, at_once: Any) -> None:
    field = farm.published()
    scope = Scope(kind=ScopeKind.BATCHES, codes=(field.public_code or "",))
    facts = RecallFacts(recall_class=RecallClass.SERIOUS, reason="Thuốc", scope=scope, phone="0912345678")
    recall_id = recalls.propose(session, farm.owner, facts, business_id=farm.business.id).id
    business_id, batch_id, turns = farm.business.id, field.id, count_up()

    def split_or_recall(own: Session) -> None:
        if next(turns) == 3:
            recalls.confirm(own, farm.owner, recall_id, business_id=business_id, word="thu hồi", public_url=URL)
        else:
            balance.split(own, farm.owner, business_id, batch_id, [1000, 1000], at=MORNING, public_url=URL)

    ended = at_once(8, split_or_recall)
    assert set(ended) <= {"done", "batch-recalled"}
    batches_made = session.scalars(select(Batch.recall_id)).all()
    assert set(batches_made) == {recall_id}
    assert len(batches_made) == 2 * (ended["done"] - 1) + 1


def test_one_of_two_officers_decides(session: Session, at_once: Any) -> None:
    business = factories.make_business(session, owner=factories.make_user(session), status=BusinessStatus.APPLIED)
    officer = factories.actor(factories.make_officer(session))
    key, seen = business.id, business.version
    decisions = iter([Decision.APPROVE, Decision.REJECT])

    def decide(own: Session) -> None:
        businesses.decide(own, officer, key, next(decisions), "Đã xem hồ sơ", version=seen)

    assert at_once(2, decide) == {"done": 1, "already-decided": 1}
    decided = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == Business.__name__)).all()
    assert len(decided) == 1


def test_of_two_officers_who_sign_or_close_at_once_one_does(
    session: Session, farm: Farm, at_once: Callable[[int, Callable[[Session], Any]], Counter[str]], tmp_path: Path
) -> None:
    officers = [factories.actor(factories.make_officer(session)) for _ in range(2)]
    visit = plan_visit(session, officers[0], farm.business.id)
    facts, turn = seen(visit, faults={"T1": Result.MINOR}), count_up()
    store, visit_id = FileStore(tmp_path), visit.id

    def sign(own: Session) -> None:
        inspection = own.get_one(Inspection, visit_id)
        sign_visit(own, officers[next(turn) % 2], inspection, store, facts)

    assert at_once(2, sign) == {"done": 1, "inspection-step-not-possible": 1}
    [finding_id] = [each.id for each in session.scalars(findings_of(visit_id))]

    def close(own: Session) -> None:
        inspection_findings.close(own, officers[next(turn) % 2], finding_id, conclusion="Đã xem")

    assert at_once(2, close) == {"done": 1, "finding-step-not-possible": 1}
    assert session.scalar(select(func.count(InspectionMinutes.id))) == 1
