"""Facts are counted from the records, for many businesses at once; the score follows, and so does its history."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateScheme
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.diary import FlagKind
from trace.domain.errors import InvalidFields, NotAllowed
from trace.domain.evidence import Evidence
from trace.domain.handovers import HandoverStatus
from trace.domain.permissions import Actor, OfficeRole
from trace.domain.products import Commodity
from trace.domain.recalls import RecallClass, RecallKind, RecallStatus
from trace.domain.risks import Fact, Factor, WeightsChanged
from trace.domain.stages import ReferenceUnchanged
from trace.domain.stamp_verdicts import StampVerdict
from trace.services import audit, risk_weights, risks
from trace.services.risk_weights import WeightsFacts
from trace.storage.balance import Link
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.chain import Event
from trace.storage.complaints import Complaint
from trace.storage.handovers import Handover
from trace.storage.recalls import Recall, RecallBatch
from trace.storage.risks import BusinessRisk, highest_first, risk_of, risks_where, scores_of
from trace.storage.stamps import StampSignal

NOW = factories.NOW
TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.usefixtures("in_march")


@pytest.fixture
def in_march(clock: Clock) -> None:
    clock.set(NOW)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


def published(session: Session, business: Business, **facts: Any) -> Batch:
    facts = {"status": BatchStatus.PUBLISHED, "public_code": None, "published_at": NOW, **facts}
    return factories.make_batch(session, business, **facts)


def score(session: Session, business: Business) -> int:
    return session.scalars(risk_of(business.id).execution_options(populate_existing=True)).one().score


def complain(session: Session, batch: Batch, number: str, **facts: Any) -> None:
    facts = {"reason": ComplaintReason.SPOILED, "status": ComplaintStatus.RECEIVED, "at": NOW, **facts}
    session.add(Complaint(tracking_number=number, batch_id=batch.id, business_id=batch.business_id, **facts))


def deliver(session: Session, batch: Batch, buyer: Business | None, **facts: Any) -> None:
    facts = {"sent": 1, "shipped_at": NOW, "offered_at": NOW, "status": HandoverStatus.EXPIRED, **facts}
    buyer_id = buyer.id if buyer else None
    session.add(Handover(batch_id=batch.id, seller_id=batch.business_id, buyer_id=buyer_id, **facts))


def recall(session: Session, *batches: Batch, number: str) -> None:
    made = Recall(
        number=number,
        kind=RecallKind.VOLUNTARY,
        recall_class=RecallClass.SERIOUS,
        status=RecallStatus.OPEN,
        product="Cải ngọt",
        reason="Dư lượng",
        instructions="",
        phone="+84912345678",
        scope={},
        created_at=NOW,
        created_by_name="Cán bộ",
        confirmed_at=NOW,
    )
    session.add(made)
    session.flush()
    session.add_all(RecallBatch(recall_id=made.id, batch_id=batch.id) for batch in batches)


def making(session: Session, batch: Batch) -> Event:
    event = Event(
        batch_id=batch.id,
        business_id=batch.business_id,
        type="TransformationEvent",
        business_step="commissioning",
        event_time=NOW,
        record_time=NOW,
        evidence=Evidence.DECLARED,
        actor_name="Người ghi",
        hash="ni:///1",
        body={},
    )
    session.add(event)
    session.flush()
    return event


def test_every_kind_of_fact_is_counted_of_its_own_business_and_period(session: Session) -> None:
    farm, shop = factories.make_business(session), factories.make_business(session)
    old = NOW - timedelta(days=366)
    batch = published(session, farm, amount=60_000_000)
    published(session, farm, amount=900_000_000, production_date=old.date())
    factories.make_batch(session, farm, amount=900_000_000)
    used = published(session, shop, amount=500_000)
    session.add(Link(parent_id=batch.id, child_id=used.id, amount=1, event_id=making(session, used).id))
    for scheme, until in (
        (CertificateScheme.VIETGAP, TODAY - timedelta(days=45)),
        (CertificateScheme.HACCP, TODAY - timedelta(days=9)),
        (CertificateScheme.HACCP, TODAY),
        (CertificateScheme.ISO_22000, None),
    ):
        factories.make_certificate(session, farm, scheme=scheme, valid_from=date(2025, 1, 1), valid_until=until)
    factories.make_excess(session, batch)
    factories.make_excess(session, batch, at=old)
    season = factories.make_season(session, farm)
    entry = factories.make_diary_entry(session, season, happened_on=TODAY - timedelta(days=4))
    factories.make_diary_entry(session, season, happened_on=TODAY - timedelta(days=3))
    away = NOW - timedelta(days=2)
    factories.make_diary_entry(session, season, happened_on=TODAY - timedelta(days=4), device_time=away)
    factories.make_diary_entry(session, season, happened_on=TODAY - timedelta(days=9), corrects_id=entry.id)
    factories.make_diary_flag(session, entry)
    factories.make_diary_flag(session, entry, kind=FlagKind.HARVEST_IN_INTERVAL)
    factories.make_diary_flag(session, entry, kind=FlagKind.COPIED_PHOTO, cleared_at=NOW)
    deliver(session, batch, shop)
    deliver(session, batch, shop, offered_at=old)
    deliver(session, used, None, status=HandoverStatus.OFFERED)
    complain(session, batch, "A")
    complain(session, batch, "B", status=ComplaintStatus.UNFOUNDED)
    complain(session, batch, "C", reason=ComplaintReason.ILLNESS)
    complain(session, batch, "D", at=old)
    signal = {"public_code": "X", "verdict": StampVerdict.OFTEN, "day": TODAY, "last_at": NOW}
    session.add(StampSignal(business_id=farm.id, batch_id=batch.id, **signal))
    recall(session, batch, used, number="TH-1")
    session.commit()

    found = risks.facts_of(session, [farm.id, shop.id])
    vegetables = Fact(Factor.COMMODITY, 1, Commodity.VEGETABLES)
    assert set(found[farm.id]) == {
        vegetables,
        Fact(Factor.VOLUME, 60),
        Fact(Factor.CERTIFICATE_LAPSED, 45, CertificateScheme.VIETGAP),
        Fact(Factor.EXCESS, 1),
        Fact(Factor.LATE_ENTRY, 1),
        Fact(Factor.COPIED_DATA, 1),
        Fact(Factor.INTERVAL_VIOLATED, 1),
        Fact(Factor.UNANSWERED_OFFER, 1),
        Fact(Factor.COMPLAINT, 1),
        Fact(Factor.ILLNESS, 1),
        Fact(Factor.SUSPICIOUS_STAMP, 1),
        Fact(Factor.RECALL, 1),
    }
    assert set(found[shop.id]) == {
        vegetables,
        Fact(Factor.VOLUME, 0),
        Fact(Factor.IGNORED_OFFER, 1),
        Fact(Factor.OUTSIDERS_ONLY, 1),
    }


def test_the_score_is_the_sum_by_the_weights_of_the_file(session: Session) -> None:
    farm = factories.make_business(session)
    batch = published(session, farm, amount=60_000_000)
    factories.make_certificate(session, farm, valid_until=TODAY - timedelta(days=45), valid_from=date(2025, 1, 1))
    complain(session, batch, "A")
    session.commit()
    risks.recount_all(session)
    risk = session.scalars(risk_of(farm.id)).one()
    assert [(point.fact.factor, point.points) for point in risk.points] == [
        (Factor.CERTIFICATE_LAPSED, 8),
        (Factor.COMMODITY, 6),
        (Factor.VOLUME, 2),
        (Factor.COMPLAINT, 2),
    ]
    assert risk.score == 18


def test_only_what_was_touched_is_counted_between_the_nights(session: Session, clock: Clock, officer: Actor) -> None:
    farm, other = factories.make_business(session), factories.make_business(session)
    batches = [published(session, each) for each in (farm, other)]
    session.commit()
    risks.recount_all(session)
    assert risks.recount_changed(session) == 0
    clock.advance(minutes=1)
    for batch in batches:
        complain(session, batch, f"A{batch.id}")
    audit.record(session, officer, "complaints:report", batches[0])
    session.commit()
    before = score(session, other)
    assert risks.recount_changed(session) == 1
    assert score(session, farm) == before + 2
    assert score(session, other) == before
    risks.recount_all(session)
    assert score(session, other) == before + 2
    assert [one.score for one in session.scalars(scores_of(farm.id))] == [before + 2, before]


def test_a_business_that_is_not_approved_has_no_score(session: Session) -> None:
    farm = factories.make_business(session)
    session.commit()
    risks.recount_all(session)
    farm.status = BusinessStatus.SUSPENDED
    session.commit()
    risks.count(session, [farm.id])
    assert session.scalars(select(BusinessRisk)).all() == []
    assert len(session.scalars(scores_of(farm.id)).all()) == 1


def test_the_list_goes_on_after_the_last_of_a_page(session: Session) -> None:
    quiet, farm, shop = (factories.make_business(session) for _ in range(3))
    for business in (farm, shop):
        factories.make_product(session, business)
    session.commit()
    risks.recount_all(session)
    question = risks_where()
    assert [each.business_id for each in session.scalars(highest_first(question))] == [farm.id, shop.id, quiet.id]
    assert [each.business_id for each in session.scalars(highest_first(question, farm.id))] == [shop.id, quiet.id]
    of_vegetables = highest_first(risks_where(commodity=Commodity.VEGETABLES), farm.id)
    assert [each.business_id for each in session.scalars(of_vegetables)] == [shop.id]


def test_other_weights_are_looked_at_before_they_are_published_and_then_hold(session: Session, officer: Actor) -> None:
    farm, quiet = factories.make_business(session), factories.make_business(session)
    factories.make_product(session, farm)
    session.commit()
    risks.recount_all(session)
    facts = WeightsFacts(
        weights={"commodity:vegetables": (9, 9)}, valid_from=TODAY, source="Kế hoạch 2026", reason="Mùa mưa"
    )
    preview = risk_weights.preview(session, officer, facts)
    assert [(move.business_id, move.before, move.after) for move in preview.moves] == [(farm.id, 6, 9)]
    assert score(session, farm) == 6
    row = risk_weights.publish(session, officer, facts, seen=1)
    assert row.weights["commodity:vegetables"]["source"] == "Kế hoạch 2026"
    assert row.weights["recall"] == session.scalars(scores_of(farm.id)).one().weights.weights["recall"]
    risks.recount_changed(session)
    assert (score(session, farm), score(session, quiet)) == (9, 0)
    assert [(one.score, one.weights_number) for one in session.scalars(scores_of(farm.id))] == [(9, 2), (6, 1)]
    with pytest.raises(WeightsChanged, match="phiên bản 2"):
        risk_weights.publish(session, officer, facts, seen=1)
    with pytest.raises(ReferenceUnchanged):
        risk_weights.publish(session, officer, facts, seen=2)


def test_weights_say_where_they_come_from_and_belong_to_who_keeps_data(session: Session, officer: Actor) -> None:
    with pytest.raises(InvalidFields) as refused:
        risk_weights.publish(session, officer, WeightsFacts(weights={"recall": (30, 20)}))
    assert {error.field for error in refused.value.errors} >= {"recall"}
    auditor = factories.actor(factories.make_officer(session, OfficeRole.AUDITOR))
    with pytest.raises(NotAllowed):
        risk_weights.preview(session, auditor, WeightsFacts(weights={}))
