"""What becomes of a batch between the field and the shelf."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.farm import TODAY, URL, Farm
from trace.domain import public_code
from trace.domain.batches import (
    AmountNotPositive,
    BatchStatus,
    BatchStepNotPossible,
    BusinessNotApproved,
    LotTaken,
    ProductionInFuture,
)
from trace.domain.businesses import BusinessStatus
from trace.domain.completeness import LegalItem
from trace.domain.errors import Conflict, InvalidFields, NotAllowed, NotFound, TraceError
from trace.domain.identifiers import InvalidLotCode
from trace.services import batches
from trace.storage.audit import AuditEntry
from trace.storage.batches import Batch, BatchVersion, versions_of
from trace.storage.chain import Event, standing_events


def faults(attempt: Callable[[], object]) -> list[TraceError]:
    with pytest.raises(InvalidFields) as raised:
        attempt()
    return raised.value.errors


def test_a_new_batch_is_a_draft_with_the_next_free_lot_and_a_best_before_from_the_shelf_life(farm: Farm) -> None:
    first, second = farm.register(), farm.register()
    assert (first.lot, second.lot) == ("VD-260302-1", "VD-260302-2")
    assert first.best_before == TODAY + timedelta(days=5)
    assert (first.status, first.public_code, first.complete) == (BatchStatus.DRAFT, None, False)


def test_a_lot_left_free_by_a_deleted_draft_is_proposed_again(farm: Farm) -> None:
    batches.delete_draft(farm.session, farm.owner, farm.register().id)
    assert farm.register().lot == "VD-260302-1"


def test_a_typed_lot_becomes_upper_case(farm: Farm) -> None:
    assert farm.register(lot="sáng-1".replace("á", "a")).lot == "SANG-1"


def test_a_lot_that_is_taken_is_refused_with_the_next_free_one(farm: Farm) -> None:
    farm.register()
    [fault] = faults(lambda: farm.register(lot="vd-260302-1"))
    assert isinstance(fault, LotTaken)
    assert (fault.field, fault.values["free"]) == ("lot", "VD-260302-2")


def test_another_business_may_use_the_same_lot(farm: Farm, session: Session) -> None:
    other = factories.make_business(session)
    factories.make_batch(session, other, lot="VD-260302-1")
    assert farm.register().lot == "VD-260302-1"


def test_every_fault_is_named_at_once(farm: Farm) -> None:
    found = faults(lambda: farm.register(amount=0, production_date=date(2026, 3, 3), lot="a b"))
    assert {type(fault) for fault in found} == {AmountNotPositive, ProductionInFuture, InvalidLotCode}
    assert {fault.field for fault in found} == {"amount", "production_date", "lot"}


def test_a_product_or_site_of_somebody_else_is_no_choice(farm: Farm, session: Session) -> None:
    other = factories.make_business(session)
    found = faults(
        lambda: farm.register(
            product_id=factories.make_product(session, other).id, site_id=factories.make_site(session, other).id
        )
    )
    assert {fault.field for fault in found} == {"product_id", "site_id"}


def test_the_same_form_sent_twice_makes_one_batch(farm: Farm) -> None:
    made = [
        batches.register(farm.session, farm.owner, farm.business.id, farm.facts(), client_key="form-1").id
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert farm.session.scalar(select(func.count()).select_from(Batch)) == 1


def test_a_lot_taken_between_proposal_and_saving_is_replaced_by_the_next(
    farm: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    farm.register()
    proposals = iter(["VD-260302-1", "VD-260302-2"])
    monkeypatch.setattr("trace.services.batch_facts.free_lot", lambda *_: next(proposals))
    assert farm.register().lot == "VD-260302-2"


def test_a_draft_is_edited_and_keeps_its_lot(farm: Farm) -> None:
    draft = farm.register()
    batches.update_draft(farm.session, farm.owner, draft.id, farm.facts(amount=90_500), version=draft.version)
    assert (draft.amount, draft.lot) == (90_500, "VD-260302-1")


def test_of_two_people_who_edit_one_draft_the_second_is_told(farm: Farm) -> None:
    draft = farm.register()
    seen = draft.version
    batches.update_draft(farm.session, farm.owner, draft.id, farm.facts(amount=1_000), version=seen)
    with pytest.raises(Conflict):
        batches.update_draft(farm.session, farm.owner, draft.id, farm.facts(amount=2_000), version=seen)


def test_publishing_mints_a_code_and_records_the_production(farm: Farm) -> None:
    batch = farm.published()
    assert batch.public_code
    assert public_code.parse(batch.public_code) == batch.public_code
    [event] = farm.session.scalars(standing_events(batch.id))
    assert event.business_step == "creating_class_instance"
    assert event.body["quantityList"] == [{"epcClass": f"{URL}/q/{batch.public_code}", "quantity": 120, "uom": "KGM"}]
    assert event.hash == event.body["eventID"]
    [version] = farm.session.scalars(versions_of(batch.id))
    assert (version.number, version.facts) == (1, {**batches.facts_of(batch), "season_id": None})


def test_a_product_with_a_gtin_is_known_by_its_digital_link(farm: Farm) -> None:
    farm.product.gtin = "08930000000019"
    batch = farm.published()
    [event] = farm.session.scalars(standing_events(batch.id))
    assert event.body["quantityList"][0]["epcClass"] == f"{URL}/01/08930000000019/10/{batch.lot}"


def test_a_code_that_exists_already_is_minted_again(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = farm.published().public_code
    codes = iter([taken, "0000000000"])
    monkeypatch.setattr("trace.domain.public_code.mint", lambda _: next(codes))
    assert farm.published().public_code == "0000000000"


@pytest.mark.parametrize("status", [status for status in BusinessStatus if status is not BusinessStatus.APPROVED])
def test_a_business_that_is_not_approved_prepares_everything_and_publishes_nothing(
    farm: Farm, status: BusinessStatus
) -> None:
    draft = farm.register()
    farm.business.status = status
    with pytest.raises(BusinessNotApproved):
        batches.publish(farm.session, farm.owner, draft.id, public_url=URL)
    farm.session.rollback()
    assert draft.status is BatchStatus.DRAFT


def test_a_batch_is_published_once(farm: Farm) -> None:
    batch = farm.published()
    for step in (
        lambda: batches.publish(farm.session, farm.owner, batch.id, public_url=URL),
        lambda: batches.update_draft(farm.session, farm.owner, batch.id, farm.facts()),
        lambda: batches.delete_draft(farm.session, farm.owner, batch.id),
    ):
        with pytest.raises(BatchStepNotPossible):
            step()


def test_a_packed_batch_is_complete_and_counted(farm: Farm) -> None:
    batch = farm.published()
    found = batches.completeness_of(farm.session, batch)
    assert found.missing == (LegalItem.STAGES,)
    assert (batch.complete, farm.business.complete_batches) == (False, 0)
    farm.pack(batch)
    farm.session.refresh(farm.business)
    assert batch.complete
    assert farm.business.complete_batches == 1
    assert farm.business.last_complete_at == batch.published_at


def test_taking_the_photo_from_a_product_makes_its_batches_incomplete(farm: Farm) -> None:
    batch = farm.published()
    farm.pack(batch)
    version = batch.version
    farm.product.photo_id = None
    batches.recount(farm.session, product_id=farm.product.id)
    farm.session.commit()
    assert not batch.complete
    assert farm.business.complete_batches == 0
    assert batch.version == version, "no fact of the batch changed"


def test_a_verified_certificate_on_the_day_of_production_is_a_standard_applied(farm: Farm) -> None:
    farm.product.standards = []
    batch = farm.published()
    assert LegalItem.STANDARDS in batches.completeness_of(farm.session, batch).missing
    certificate = factories.make_certificate(farm.session, farm.business, valid_until=TODAY)
    assert LegalItem.STANDARDS in batches.completeness_of(farm.session, batch).present
    certificate.valid_until = TODAY - timedelta(days=1)
    farm.session.flush()
    assert LegalItem.STANDARDS in batches.completeness_of(farm.session, batch).missing


def test_the_database_itself_keeps_versions_and_events_from_change(farm: Farm) -> None:
    batch = farm.published()
    for table, column in ((BatchVersion, "reason"), (Event, "actor_name")):
        row = farm.session.scalars(select(table).where(table.batch_id == batch.id)).one()
        setattr(row, column, "khác")
        with pytest.raises(DBAPIError):
            farm.session.commit()
        farm.session.rollback()


def test_strangers_learn_nothing_and_officers_change_nothing(farm: Farm, session: Session) -> None:
    batch = farm.published()
    for person, error in ((factories.make_user(session), NotFound), (factories.make_officer(session), NotAllowed)):
        with pytest.raises(error):
            batches.withdraw(session, factories.actor(person), batch.id, reason="Vì tôi muốn")
        with pytest.raises(error):
            batches.register(session, factories.actor(person), farm.business.id, farm.facts())


def test_each_act_is_in_the_audit_trail(farm: Farm) -> None:
    batch = farm.published()
    farm.pack(batch)
    farm.correct(batch, amount=1_000)
    batches.withdraw(farm.session, farm.owner, batch.id, reason="Hỏng")
    actions = farm.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == batch.id).order_by(AuditEntry.id)
    ).all()
    assert actions == [
        "batches:register",
        "batches:publish",
        "chain:record_packing",
        "batches:correct",
        "batches:withdraw",
    ]
