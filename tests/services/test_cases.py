"""Cases: what is packed is held but not loose, and comes out as it went in."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories, recalling
from tests.farm import MORNING, URL, Farm
from tests.warehouse import HELD, Warehouse, make_warehouse
from trace.domain.balance import HappensInFuture, MovementKind, NotEnoughHeld, NotHeld, UndoFirst, UnitsDiffer
from trace.domain.batches import AmountNotPositive
from trace.domain.cases import CaseNotClosed, CaseStatus, NoContents, SsccTaken
from trace.domain.errors import InvalidInput, NotFound, TraceError
from trace.domain.identifiers import Gln, InvalidSscc, Sscc
from trace.domain.quantities import Unit
from trace.services import balance, cases, undoing
from trace.services.cases import CaseFacts
from trace.services.completeness import completeness_of
from trace.storage.balance import Holding, links_to
from trace.storage.cases import Case
from trace.storage.chain import standing_events

GLN = "8938505970011"


@pytest.fixture
def warehouse(farm: Farm) -> Warehouse:
    return make_warehouse(farm)


def refuses(session: Session, error: type[TraceError], verb: Callable[[], Any]) -> TraceError:
    session.commit()
    with pytest.raises(error) as raised:
        verb()
    session.rollback()
    return raised.value


def test_packing_changes_what_is_loose_and_not_what_is_held(warehouse: Warehouse) -> None:
    case = warehouse.pack(50_000, 30_000)
    assert warehouse.stock() == [(HELD, 50_000), (HELD, 30_000)]
    holding = warehouse.farm.session.scalars(select(Holding).where(Holding.batch_id == warehouse.batches[0].id)).one()
    found = balance.balance_of(warehouse.farm.session, holding)
    assert (found.had, found.left, found.in_cases) == (HELD, HELD, 50_000)
    assert warehouse.unpack(case).status is CaseStatus.UNPACKED
    assert warehouse.stock() == [(HELD, 0), (HELD, 0)]
    refuses(warehouse.farm.session, CaseNotClosed, lambda: warehouse.unpack(case))


def test_what_is_in_a_case_cannot_be_taken_from_it(warehouse: Warehouse, session: Session) -> None:
    farm, batch = warehouse.farm, warehouse.batches[0]
    warehouse.pack(100_000)
    said: dict[str, Any] = {"amount": 20_001, "at": MORNING, "public_url": URL}
    verbs: list[Callable[[], Any]] = [
        lambda: balance.remove(session, farm.owner, farm.business.id, batch.id, MovementKind.LOST, **said),
        lambda: recalling.make(farm, batch, of_each=20_001),
        lambda: balance.split(session, farm.owner, farm.business.id, batch.id, [20_001], at=MORNING, public_url=URL),
        lambda: warehouse.trade.offer(batch, 20_001),
        lambda: warehouse.pack(20_001),
        lambda: farm.correct(batch, amount=99_999),
    ]
    for verb in verbs:
        refuses(session, NotEnoughHeld, verb)
    balance.remove(session, farm.owner, farm.business.id, batch.id, MovementKind.LOST, **{**said, "amount": 20_000})
    assert warehouse.stock()[0] == (100_000, 100_000)


def test_the_database_itself_keeps_the_packed_within_the_held(warehouse: Warehouse, session: Session) -> None:
    warehouse.pack(HELD)
    with pytest.raises(IntegrityError):
        session.execute(update(Holding).where(Holding.packed > 0).values(amount=HELD - 1))
    session.rollback()


@pytest.mark.parametrize(
    ("error", "amounts", "facts"),
    [
        (NoContents, [], {}),
        (AmountNotPositive, [0], {}),
        (HappensInFuture, [1], {"at": MORNING + timedelta(days=1)}),
        (InvalidInput, [1], {"site_id": 999}),
        (InvalidSscc, [1], {"sscc": "3401234000000000"}),
        (InvalidSscc, [1], {"sscc": "340123400000000010"}),
    ],
)
def test_what_cannot_have_been_packed_is_refused(
    error: type[TraceError], amounts: list[int], facts: dict[str, Any], warehouse: Warehouse, session: Session
) -> None:
    refuses(session, error, lambda: warehouse.pack(*amounts, **facts))
    assert warehouse.stock() == [(HELD, 0), (HELD, 0)]


def test_nobody_packs_or_opens_what_is_not_theirs(warehouse: Warehouse, session: Session) -> None:
    trade, case = warehouse.trade, warehouse.pack(1_000)
    site = factories.make_site(session, trade.shop)
    facts = CaseFacts(contents=[(warehouse.batches[0].id, 1)], site_id=site.id, at=MORNING)
    refuses(session, NotHeld, lambda: cases.pack(session, trade.buyer, trade.shop.id, facts, public_url=URL))
    refuses(session, NotFound, lambda: cases.unpack(session, trade.buyer, trade.shop.id, case.id, public_url=URL))
    refuses(
        session,
        NotFound,
        lambda: cases.unpack(session, trade.buyer, warehouse.farm.business.id, case.id, public_url=URL),
    )


def test_the_same_form_packs_one_case(warehouse: Warehouse) -> None:
    assert warehouse.pack(1_000, key="form").id == warehouse.pack(1_000, key="form").id
    assert warehouse.stock()[0] == (HELD, 1_000)


def test_a_case_gets_an_sscc_under_the_gln_of_its_place(warehouse: Warehouse, session: Session) -> None:
    assert not warehouse.pack(1_000).has_sscc
    warehouse.farm.site.gln = GLN
    session.commit()
    codes = [warehouse.pack(1_000).code for _ in range(2)]
    assert codes == [Sscc.under(GLN, number).value for number in (0, 1)]
    assert codes[0][1:13] == Gln(GLN).value[:12]
    printed = warehouse.pack(1_000, sscc="(00) 3 4012340 0000000012")
    assert printed.code == "340123400000000012"
    refuses(session, SsccTaken, lambda: warehouse.pack(1_000, sscc=printed.code))


def test_packing_and_unpacking_are_aggregation_events_of_each_batch(warehouse: Warehouse, session: Session) -> None:
    warehouse.farm.site.gln = GLN
    session.commit()
    case = warehouse.pack(50_000, 30_000)
    warehouse.unpack(case)
    for batch, kilograms in zip(warehouse.batches, (50, 30), strict=True):
        packed, unpacked = list(session.scalars(standing_events(batch.id)))[-2:]
        assert (packed.type, packed.business_step, packed.body["action"]) == ("AggregationEvent", "packing", "ADD")
        assert (unpacked.business_step, unpacked.body["action"]) == ("unpacking", "DELETE")
        assert packed.body["parentID"] == f"https://id.gs1.org/00/{case.code}"
        assert packed.body["childQuantityList"] == [
            {"epcClass": f"{URL}/q/{batch.public_code}", "quantity": kilograms, "uom": "KGM"}
        ]


def test_a_case_is_no_stage_of_its_batch_and_hinders_no_correction(warehouse: Warehouse, session: Session) -> None:
    farm, batch = warehouse.farm, warehouse.batches[0]
    before = completeness_of(session, batch)
    warehouse.unpack(warehouse.pack(1_000))
    assert completeness_of(session, batch) == before
    farm.correct(batch, amount=HELD + 1)
    assert ("packing", "ADD") in warehouse.events(batch)
    pieces = factories.make_product(session, farm.business, unit=Unit.EA)
    refuses(session, UnitsDiffer, lambda: farm.correct(batch, amount=HELD + 1, product_id=pieces.id))


def test_a_making_is_undone_once_its_case_was_opened(warehouse: Warehouse, session: Session) -> None:
    farm = warehouse.farm
    made = recalling.make(farm, *warehouse.batches)
    [event_id] = {link.event_id for link in session.scalars(links_to(made.id))}
    case = Warehouse(warehouse.trade, [made]).pack(1_000)
    undo = lambda: undoing.undo(session, farm.owner, farm.business.id, event_id, reason="Ghi nhầm")  # noqa: E731 - said twice
    refuses(session, UndoFirst, undo)
    warehouse.unpack(case)
    undo()
    assert warehouse.stock() == [(HELD, 0), (HELD, 0)]


def test_fifty_writers_pack_and_sell_no_more_than_there_is(
    warehouse: Warehouse, engine: Engine, session: Session
) -> None:
    farm, batch, site = warehouse.farm, warehouse.batches[0].id, warehouse.farm.site.id
    business, writers = farm.business.id, 50
    session.commit()
    ready = threading.Barrier(writers)

    def write(number: int) -> int:
        with Session(engine) as own:
            ready.wait()
            try:
                if number % 2:
                    facts = CaseFacts(contents=[(batch, 5_000)], site_id=site, at=MORNING)
                    cases.pack(own, farm.owner, business, facts, public_url=URL)
                else:
                    balance.remove(
                        own, farm.owner, business, batch, MovementKind.LOST, amount=5_000, at=MORNING, public_url=URL
                    )
            except NotEnoughHeld:
                return 0
            return 1

    with ThreadPoolExecutor(writers) as pool:
        assert sum(pool.map(write, range(writers))) == HELD // 5_000
    session.rollback()
    [(amount, packed), _] = warehouse.stock()
    assert amount == packed == 5_000 * len(session.scalars(select(Case.id)).all())
