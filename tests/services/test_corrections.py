"""A published batch is never edited: it is corrected, or withdrawn, and the record keeps both."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.farm import TODAY, Farm
from trace.domain.batches import BatchStatus, BatchStepNotPossible, NothingChanged, PackedBeforeProduction
from trace.domain.businesses import ReasonRequired
from trace.services import batches
from trace.storage.batches import versions_of
from trace.storage.chain import Event, standing_events


def test_a_correction_is_a_new_version_under_the_same_code(farm: Farm) -> None:
    batch = farm.published()
    code = batch.public_code
    farm.correct(batch, amount=118_000, reason="Cân lại sau sơ chế")
    assert (batch.public_code, batch.amount) == (code, 118_000)
    assert batch.corrected_at
    newest, first = farm.session.scalars(versions_of(batch.id))
    assert (newest.number, newest.reason, newest.facts["amount"]) == (2, "Cân lại sau sơ chế", 118_000)
    assert first.facts["amount"] == 120_000


def test_a_correction_declares_the_wrong_event_and_says_it_again(farm: Farm) -> None:
    batch = farm.published()
    farm.pack(batch)
    farm.correct(batch, amount=118_000, reason="Cân lại")
    standing = farm.session.scalars(standing_events(batch.id)).all()
    assert [event.body["quantityList"][0]["quantity"] for event in standing] == [118, 118]
    declared = farm.session.scalars(select(Event).where(Event.declares_error)).all()
    assert {event.body["errorDeclaration"]["reason"] for event in declared} == {"incorrect_data"}
    assert {event.body["errorDeclaration"]["correctiveEventIDs"][0] for event in declared} == {
        event.hash for event in standing
    }


def test_what_was_corrected_can_be_corrected_back(farm: Farm) -> None:
    batch = farm.published()
    farm.correct(batch, amount=118_000)
    farm.correct(batch, amount=120_000)
    [event] = farm.session.scalars(standing_events(batch.id))
    assert event.body["quantityList"][0]["quantity"] == 120


def test_a_correction_of_the_lot_alone_leaves_the_packing_as_it_was(farm: Farm) -> None:
    batch = farm.published()
    packing = farm.pack(batch)
    farm.correct(batch, lot="KHAC-1")
    assert packing in farm.session.scalars(standing_events(batch.id)).all()


def test_a_correction_needs_a_reason_and_a_change(farm: Farm) -> None:
    batch = farm.published()
    with pytest.raises(ReasonRequired):
        farm.correct(batch, amount=1_000, reason=" ")
    with pytest.raises(NothingChanged):
        farm.correct(batch)


def test_a_packed_batch_cannot_be_produced_later(farm: Farm) -> None:
    batch = farm.published(production_date=date(2026, 3, 1))
    farm.pack(batch, at=datetime(2026, 3, 1, 5, 0, tzinfo=UTC))
    with pytest.raises(PackedBeforeProduction) as raised:
        farm.correct(batch, production_date=TODAY)
    assert raised.value.field == "production_date"


def test_a_withdrawn_batch_keeps_its_code_and_is_no_longer_counted(farm: Farm) -> None:
    batch = farm.published()
    farm.pack(batch)
    code = batch.public_code
    batches.withdraw(farm.session, farm.owner, batch.id, reason="Phát hiện tồn dư")
    assert (batch.status, batch.public_code) == (BatchStatus.WITHDRAWN, code)
    farm.session.refresh(farm.business)
    assert farm.business.complete_batches == 0
    with pytest.raises(BatchStepNotPossible):
        farm.correct(batch, amount=1_000)
