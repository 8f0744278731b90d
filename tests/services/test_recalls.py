"""Recalls: what they reach, and what they do in one transaction."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.approving import approve
from tests.farm import MORNING, TODAY, URL, Farm
from tests.recalling import CODE, confirm, covered, facts, make, propose
from trace.domain.approvals import ApprovalKind
from trace.domain.balance import MovementKind
from trace.domain.batches import BatchRecalled
from trace.domain.diary import EntryKind
from trace.domain.errors import InvalidFields, NotAllowed, NotFound
from trace.domain.quantities import Unit
from trace.domain.recalls import (
    ForOfficersToDecide,
    NotConfirmed,
    RecallClass,
    RecallNotPossible,
    RecallStatus,
    Scope,
    ScopeGrew,
    ScopeKind,
)
from trace.services import balance, batches, labels, recalls
from trace.services.labels import SymbolFormat
from trace.storage.balance import Holding
from trace.storage.notices import Notice
from trace.storage.recall_scope import forward
from trace.storage.recalls import Recall


@pytest.fixture
def officer(session: Session) -> Any:
    return factories.actor(factories.make_officer(session))


def test_a_proposal_is_looked_at_before_anything_happens(farm: Farm) -> None:
    field, unrelated = farm.published(), farm.published()
    made = make(farm, field)
    recall = propose(farm, field)
    seen = recalls.reach(farm.session, recall)
    assert (seen.batches, [row.amount for row in seen.holders]) == (2, [120_000])
    assert seen.held == {Unit.KGM: 120_000}
    assert seen.gone == {MovementKind.USED: {Unit.KGM: 1000}}
    assert recall.product == "Cải ngọt"
    assert [batch.recall_id for batch in (field, made, unrelated)] == [None] * 3
    assert farm.session.scalars(select(Notice)).all() == []


def test_confirmation_blocks_everything_that_was_made_and_tells_every_holder(farm: Farm) -> None:
    field, unrelated = farm.published(), farm.published()
    made = make(farm, make(farm, field))
    other = factories.make_business(farm.session, owner=factories.make_user(farm.session))
    farm.session.add(Holding(batch_id=made.id, business_id=other.id, amount=400))
    factories.make_officer(farm.session)
    recall = confirm(farm, propose(farm, field), seen=3)
    assert (recall.status, recall.number, recall.holder_count) == (RecallStatus.OPEN, f"TH-2026-{recall.id:04}", 2)
    assert len(covered(farm, recall)) == 3
    farm.session.expire_all()
    assert [batch.recall_id for batch in (field, made, unrelated)] == [recall.id, recall.id, None]
    links = set(farm.session.scalars(select(Notice.link).where(Notice.kind == "recall-confirmed")))
    assert links == {f"/workspace/{each}/recalls/{recall.id}" for each in (farm.business.id, other.id)}
    assert farm.session.scalars(select(Notice.kind).where(Notice.business_id.is_(None))).all() == ["recall-voluntary"]


def test_nothing_is_made_of_a_recalled_batch_or_changed_or_printed(farm: Farm) -> None:
    field = farm.published()
    confirm(farm, propose(farm, field))
    for attempt in (
        lambda: make(farm, field),
        lambda: balance.split(farm.session, farm.owner, farm.business.id, field.id, [1000], at=MORNING, public_url=URL),
        lambda: farm.pack(field),
        lambda: farm.correct(field, amount=1000),
        lambda: batches.withdraw(farm.session, farm.owner, field.id, reason="x"),
        lambda: labels.make_symbol(farm.session, farm.owner, field.id, file_format=SymbolFormat.PNG, public_url=URL),
        lambda: balance.remove(
            farm.session,
            farm.owner,
            farm.business.id,
            field.id,
            MovementKind.OWN_USE,
            amount=1,
            at=MORNING,
            public_url=URL,
        ),
    ):
        with pytest.raises(BatchRecalled):
            attempt()
        farm.session.rollback()


def test_what_is_recalled_must_be_named_well(farm: Farm, session: Session) -> None:
    other = factories.make_business(session, owner=factories.make_user(session))
    strange = factories.make_batch(session, other, status="published", public_code=CODE)
    for wrong in (
        facts(),
        facts(scope=Scope(kind=ScopeKind.BATCHES, codes=("7K3M9XW2QA",))),
        facts(strange),
        facts(farm.published(), reason=" "),
        facts(farm.published(), phone="12"),
        facts(farm.published(), recall_class=None),
        facts(scope=Scope(kind=ScopeKind.SITE, site_id=farm.site.id, since=TODAY, until=date(2026, 1, 1))),
        facts(scope=Scope(kind=ScopeKind.SITE, site_id=strange.site_id, since=TODAY, until=TODAY)),
        facts(scope=Scope(kind=ScopeKind.INPUT, material="Chưa từng dùng")),
    ):
        with pytest.raises(InvalidFields):
            recalls.propose(session, farm.owner, wrong, business_id=farm.business.id)
        session.rollback()
    assert session.scalars(select(func.count()).select_from(Recall)).one() == 0


def test_the_word_and_the_number_of_batches_must_be_right(farm: Farm) -> None:
    field = farm.published()
    recall = propose(farm, field)
    with pytest.raises(NotConfirmed):
        confirm(farm, recall, word="vâng")
    farm.session.rollback()
    make(farm, field)
    with pytest.raises(ScopeGrew):
        confirm(farm, recall, seen=1)
    farm.session.rollback()
    assert confirm(farm, recall, seen=2, word="RECALL").batch_count == 2
    with pytest.raises(RecallNotPossible):
        confirm(farm, recall)


def test_by_site_and_period(farm: Farm) -> None:
    early, late = farm.published(production_date=date(2026, 2, 20)), farm.published()
    other = factories.make_site(farm.session, farm.business)
    elsewhere = farm.published(site_id=other.id)
    scope = Scope(kind=ScopeKind.SITE, site_id=farm.site.id, since=date(2026, 3, 1), until=TODAY)
    assert covered(farm, confirm(farm, propose(farm, scope=scope))) == {late.id}
    assert {early.id, elsewhere.id}


def test_by_the_lot_of_something_that_was_used_in_the_field(farm: Farm) -> None:
    season = factories.make_season(farm.session, farm.business, site_id=farm.site.id, product_id=farm.product.id)
    factories.make_diary_entry(
        farm.session,
        season,
        kind=EntryKind.PESTICIDE,
        material="Trebon 10EC",
        note="Lô TB-77",
        happened_on=date(2026, 2, 25),
    )
    wrong = factories.make_diary_entry(farm.session, season, kind=EntryKind.PESTICIDE, material="Regent")
    factories.make_diary_entry(
        farm.session, season, kind=EntryKind.PESTICIDE, material="Bi 58", corrects_id=wrong.id, reason="Nhầm"
    )
    before, after = farm.published(production_date=date(2026, 2, 20)), farm.published()
    made = make(farm, after)

    def found(material: str, lot: str = "") -> set[int]:
        scope = Scope(kind=ScopeKind.INPUT, material=material, lot=lot, business_id=farm.business.id)
        return set(farm.session.scalars(select(forward(scope).c.id)))

    assert found("trebon 10ec") == found("Trebon 10EC", "TB-77") == {after.id, made.id}
    assert found("Trebon 10EC", "TB-78") == found("Regent") == set()
    assert before.id


def test_a_holder_may_only_propose_about_anothers_batch(farm: Farm, session: Session, officer: Any) -> None:
    maker = factories.make_business(session, owner=factories.make_user(session))
    bought = factories.make_batch(session, maker, status="published", public_code=CODE)
    session.add(Holding(batch_id=bought.id, business_id=farm.business.id, amount=5000))
    recall = propose(farm, bought)
    assert "recall-proposed" in session.scalars(select(Notice.kind)).all()
    with pytest.raises(ForOfficersToDecide):
        confirm(farm, recall)
    session.rollback()
    ordered = recalls.confirm(session, officer, recall.id, business_id=None, word="thu hồi", public_url=URL)
    approve(session, ApprovalKind.RECALL, recall.id)
    assert (ordered.kind, ordered.holder_count) == ("compulsory", 1)


def test_who_may_do_what(farm: Farm, session: Session) -> None:
    member, stranger = factories.make_user(session), factories.make_user(session)
    factories.add_member(session, farm.business, member, "staff")
    factories.make_business(session, owner=stranger)
    session.commit()
    field = farm.published()
    recall = recalls.propose(session, factories.actor(member), facts(field), business_id=farm.business.id)
    for person, error in ((member, NotAllowed), (stranger, NotFound)):
        with pytest.raises(error):
            recalls.confirm(
                session,
                factories.actor(person),
                recall.id,
                business_id=farm.business.id,
                word="thu hồi",
                public_url=URL,
            )
        session.rollback()
    with pytest.raises(NotAllowed):
        recalls.confirm(session, farm.owner, recall.id, business_id=None, word="thu hồi", public_url=URL)


def test_the_graver_of_two_recalls_is_named(farm: Farm) -> None:
    field = farm.published()
    light = confirm(farm, propose(farm, field, recall_class=RecallClass.MINOR))
    grave = confirm(farm, propose(farm, field, recall_class=RecallClass.SERIOUS))
    confirm(farm, propose(farm, field, recall_class=RecallClass.MODERATE))
    farm.session.refresh(field)
    assert field.recall_id == grave.id != light.id


GENERATE = settings(
    max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
)


@seed(1)
@GENERATE
@given(parents=st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=4, max_size=7), start=st.integers(0, 4))
def test_the_closure_is_that_of_a_plain_model(farm: Farm, parents: list[set[int]], start: int) -> None:
    made, children = [farm.published()], dict[int, set[int]]({0: set()})
    for number, drawn in enumerate(parents, start=1):
        chosen = {parent % number for parent in drawn}
        half = 2 ** (14 - number)  # so that what was made of a batch never uses it up
        made.append(make(farm, *(made[each] for each in chosen), of_each=half) if chosen else farm.published())
        children[number] = set()
        for parent in chosen:
            children[parent].add(number)
    expected, ahead = set[int](), [start]
    while ahead:
        if (here := ahead.pop()) not in expected:
            expected.add(here)
            ahead += children[here]
    recall = confirm(farm, propose(farm, made[start]))
    assert covered(farm, recall) == {made[number].id for number in expected}
