"""Records that weigh in a business's risk, put into the database directly."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from tests import factories
from trace.domain.batches import BatchStatus
from trace.domain.certificates import CertificateScheme
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.diary import FlagKind
from trace.domain.evidence import Evidence
from trace.domain.handovers import HandoverStatus
from trace.domain.inspection_findings import FindingStatus
from trace.domain.inspections import Grade, InspectionKind, InspectionStatus, Severity
from trace.domain.recalls import RecallClass, RecallKind, RecallStatus
from trace.domain.stamp_verdicts import StampVerdict
from trace.storage.balance import Link
from trace.storage.batches import Batch
from trace.storage.businesses import Business
from trace.storage.chain import Event
from trace.storage.complaints import Complaint
from trace.storage.handovers import Handover
from trace.storage.inspection_findings import InspectionFinding
from trace.storage.inspections import BusinessGrade, Inspection
from trace.storage.recalls import Recall, RecallBatch
from trace.storage.stamps import StampSignal

NOW = factories.NOW
TODAY = NOW.date()


def published(session: Session, business: Business, **facts: Any) -> Batch:
    facts = {"status": BatchStatus.PUBLISHED, "public_code": None, "published_at": NOW, **facts}
    return factories.make_batch(session, business, **facts)


def complain(session: Session, batch: Batch, number: str, **facts: Any) -> None:
    facts = {"reason": ComplaintReason.SPOILED, "status": ComplaintStatus.RECEIVED, "at": NOW, **facts}
    session.add(Complaint(tracking_number=number, batch_id=batch.id, business_id=batch.business_id, **facts))


def deliver(session: Session, batch: Batch, buyer: Business | None, **facts: Any) -> None:
    facts = {"sent": 1, "shipped_at": NOW, "offered_at": NOW, "status": HandoverStatus.EXPIRED, **facts}
    buyer_id = buyer.id if buyer else None
    session.add(Handover(batch_id=batch.id, seller_id=batch.business_id, buyer_id=buyer_id, **facts))


def recall(session: Session, *batches: Batch, number: str, **facts: Any) -> Recall:
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
        **{"confirmed_at": NOW, **facts},
    )
    session.add(made)
    session.flush()
    session.add_all(RecallBatch(recall_id=made.id, batch_id=batch.id) for batch in batches)
    return made


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


def visited(session: Session, business: Business, day: date, grade: Grade) -> Inspection:
    """Without minutes."""
    held = Inspection(
        business_id=business.id,
        kind=InspectionKind.PERIODIC,
        status=InspectionStatus.SIGNED,
        planned_on=day,
        held_on=day,
        grade=grade,
        site_ids=[],
        lead_name="Cán bộ",
        team="",
        reason="Theo xếp loại",
        planned_by_name="Cán bộ",
        planned_at=NOW,
    )
    session.add(held)
    session.flush()
    session.merge(BusinessGrade(business_id=business.id, inspection_id=held.id, grade=grade, graded_on=day, due_on=day))
    return held


def finding(session: Session, held: Inspection, deadline: date, **facts: Any) -> None:
    facts = {"code": str(uuid4())[:8], "severity": Severity.MAJOR, "status": FindingStatus.OPEN, **facts}
    session.add(
        InspectionFinding(
            business_id=held.business_id, inspection_id=held.id, text="Kho bẩn", deadline=deadline, **facts
        )
    )


def one_of_each(session: Session, farm: Business, shop: Business) -> None:
    """Each kind of fact once, and beside it what does not count: too old, settled, or somebody else's."""
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
    visited(session, farm, date(2025, 5, 1), Grade.A)
    latest = visited(session, farm, TODAY - timedelta(days=91), Grade.C)
    finding(session, latest, TODAY - timedelta(days=1))
    finding(session, latest, TODAY)
    finding(session, latest, TODAY - timedelta(days=1), status=FindingStatus.CLOSED)
    session.commit()
