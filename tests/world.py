"""One business with one of everything, to fill the places of every address."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import factories
from tests.approving import make_approval
from tests.factories import STAMP_KEYS
from tests.inspecting import plan_visit, seen, sign_visit
from tests.planning import make_activity, make_report
from tests.reports import make_laboratory_test
from tests.trading_partners import make_green_point, make_listing
from trace.domain.certificates import CertificateStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.domain.inspections import Result, SampleFacts
from trace.domain.permissions import OF_BUSINESS, Actor, Role
from trace.domain.products import Commodity
from trace.domain.recalls import RecallClass, Scope, ScopeKind
from trace.domain.sites import SiteKind
from trace.labels.formats import RollFormat
from trace.labels.geometry import RollGeometry
from trace.services import (
    accounts,
    batches,
    cases,
    connections,
    handovers,
    keys,
    label_issues,
    printers,
    recall_drills,
    recalls,
    risks,
)
from trace.services.cases import CaseFacts
from trace.services.handover_invitations import Counterparty
from trace.services.handovers import OfferFacts
from trace.services.label_issues import IssueOrder
from trace.services.recalls import RecallFacts
from trace.storage.activities import participants_of
from trace.storage.batches import Batch
from trace.storage.chain import events_of
from trace.storage.complaints import Complaint
from trace.storage.files import FileStore
from trace.storage.inspection_findings import findings_of
from trace.storage.inspections import Inspection, samples_of
from trace.storage.plans import PlanIndicator
from trace.storage.recalls import Recall, holders_of
from trace.storage.webhooks import Webhook
from trace.storage.yields import yields_at


@dataclass(frozen=True)
class World:
    """One business with one of everything; ``values`` fills the places of an address."""

    owner: Any
    staff: Any
    business_id: int
    values: Mapping[str, Any]


def make_world(session: Session, **of_business: Any) -> World:
    owner, member = factories.make_user(session), factories.make_user(session)
    business = factories.make_business(session, owner=owner, staff=[member], **of_business)
    acting = factories.actor(owner)
    batch = factories.make_batch(session, business)
    certificate = factories.make_certificate(session, business, status=CertificateStatus.SUBMITTED)
    listed = factories.make_register_list(session, confirmed_at=None)
    entry = factories.make_register_entry(session, listed)
    session.commit()
    batch = batches.publish(session, acting, batch.id, public_url="http://trace.test")
    event = session.scalars(events_of(batch.id)).first()
    assert event
    complaint = Complaint(
        tracking_number=uuid4().hex[:10].upper(),
        batch_id=batch.id,
        business_id=business.id,
        reason=next(iter(ComplaintReason)),
        status=next(iter(ComplaintStatus)),
        at=factories.NOW,
    )
    session.add(complaint)
    season = factories.make_season(session, business, site_id=batch.site_id, product_id=batch.product_id)
    entry_of_diary = factories.make_diary_entry(session, season)
    flag = factories.make_diary_flag(session, entry_of_diary)
    recall = make_recall(session, acting, factories.make_batch(session, business, site_id=batch.site_id))
    holder = session.scalars(holders_of(recall.id)).first()
    assert holder
    drill = recall_drills.rehearse(session, acting, business_id=business.id)
    webhook = Webhook(
        business_id=business.id,
        url="https://kho.example.vn/thu-hoi",
        salt="00",
        created_at=factories.NOW,
        created_by_name="An",
    )
    session.add(webhook)
    session.flush()
    buyer = factories.make_business(session, owner=factories.make_user(session), commune_code=business.commune_code)
    make_listing(session, business)
    make_listing(session, buyer)
    asked = connections.ask(session, acting, business.id, buyer.id, wanted="Rau", message="")
    point = make_green_point(session, business, factories.make_site(session, business, kind=SiteKind.SHOP))
    given = {"batch_id": batch.id, "amount": 1000}
    handover, _ = handovers.offer(
        session, acting, business.id, OfferFacts(**given, buyer_id=buyer.id), public_url="http://trace.test"
    )
    stranger = Counterparty(name="Sạp bà Tư", phone="0912 345 678")
    _, delivery_token = handovers.offer(
        session, acting, business.id, OfferFacts(**given, counterparty=stranger), public_url="http://trace.test"
    )
    packing = CaseFacts(contents=[(batch.id, 1000)], site_id=batch.site_id, at=factories.NOW)
    case = cases.pack(session, acting, business.id, packing, public_url="http://trace.test")
    excess = factories.make_excess(session, batch)
    of_vegetables = session.scalars(yields_at(factories.NOW.date(), Commodity.VEGETABLES)).first()
    assert of_vegetables
    test = make_laboratory_test(session, batch)
    officer = factories.actor(factories.make_officer(session))
    visited = make_visit(session, officer, business.id)
    indicator = session.scalars(select(PlanIndicator).where(PlanIndicator.ref == "I.4.3")).first()
    assert indicator
    activity = make_activity(session, [business])
    report = make_report(session, indicator.plan_id)
    participant = session.scalars(participants_of(activity.id)).first()
    assert participant
    invitation, token = accounts.invite(session, acting, business.id, role=Role.STAFF)
    key, _ = keys.issue_key(session, acting, name="máy in", scopes=OF_BUSINESS, business_id=business.id)
    order = IssueOrder(count=5)
    issue = label_issues.issue(session, acting, batch.id, order, keys=STAMP_KEYS, public_url="http://trace.test")
    roll = label_issues.issue_roll(session, acting, business.id, order, keys=STAMP_KEYS, public_url="http://trace.test")
    risks.count(session, [business.id])
    on_rolls = RollFormat(RollGeometry(50, 30))
    printer = printers.save(session, acting, business.id, "Máy ở kho", on_rolls, public_url="http://trace.test")
    [stamp] = STAMP_KEYS.serials(STAMP_KEYS.newest, batch.public_code or "", 0, 0, 1)
    return World(
        owner=owner,
        staff=member,
        business_id=business.id,
        values={
            "approval_id": make_approval(session, business).id,
            "activity_id": activity.id,
            "batch_id": batch.id,
            "business_id": business.id,
            "case_id": case.id,
            "certificate_id": certificate.id,
            "code": batch.public_code,
            "complaint_id": complaint.id,
            "connection_id": asked.id,
            "delivery_token": delivery_token,
            "diary_entry_id": entry_of_diary.id,
            "drill_id": drill.id,
            "entry_id": entry.id,
            "event_id": event.id,
            "excess_id": excess.id,
            "flag_id": flag.id,
            "holder_id": holder.id,
            "recall_id": recall.id,
            "filename": "css/app.css",
            "finding_id": session.scalars(findings_of(visited.id)).all()[0].id,
            "handover_id": handover.id,
            "issue_id": issue.id,
            "inspection_id": visited.id,
            "indicator_id": indicator.id,
            "invitation_id": invitation.id,
            "key_id": key.id,
            "kind": "note",
            "list_id": listed.id,
            "listed": buyer.id,
            "number": complaint.tracking_number,
            "participant_id": participant.id,
            "plan_id": indicator.plan_id,
            "printer_id": printer.id,
            "point_id": point.id,
            "product_id": batch.product_id,
            "sample_id": session.scalars(samples_of(visited.id)).all()[0].id,
            "report_id": report.id,
            "rest": "08930000000019/10/LO-1",
            "role": "officer",
            "roll_id": roll.id,
            "serial": stamp,
            "season_id": season.id,
            "sha256": "0" * 64,
            "site_id": batch.site_id,
            "step": "storing",
            "subject_id": business.id,
            "table": "businesses",
            "test_id": test.id,
            "token": token,
            "tracking_number": complaint.tracking_number,
            "user_id": member.id,
            "webhook_id": webhook.id,
            "weight": 400,
            "width": 400,
            "yield_id": of_vegetables.id,
        },
    )


def make_visit(session: Session, officer: Actor, business_id: int) -> Inspection:
    """Signed, with a finding and a sample."""
    visited = plan_visit(session, officer, business_id)
    samples = [SampleFacts(code="M-01", product="Cải ngọt")]
    with TemporaryDirectory() as folder:
        facts = seen(visited, faults={"T1": Result.MINOR}, samples=samples)
        sign_visit(session, officer, visited, FileStore(Path(folder)), facts)
    return visited


def make_recall(session: Session, owner: Actor, draft: Batch) -> Recall:
    """Of a batch that is published for it."""
    session.commit()
    batch = batches.publish(session, owner, draft.id, public_url="http://trace.test")
    scope = Scope(kind=ScopeKind.BATCHES, codes=(batch.public_code or "",))
    facts = RecallFacts(recall_class=RecallClass.SERIOUS, reason="Dư lượng thuốc", scope=scope, phone="0912345678")
    recall = recalls.propose(session, owner, facts, business_id=batch.business_id)
    confirming = {"business_id": batch.business_id, "word": "thu hồi", "public_url": "http://trace.test"}
    return recalls.confirm(session, owner, recall.id, **confirming)  # type: ignore[arg-type] # values of several types


def address(rule: Rule, world: World, *, objects: World | None = None) -> str:
    """The rule's address in ``world``; ``objects`` lends everything but the business."""
    values = {}
    for name in rule.arguments:
        lender = world if objects is None or name == "business_id" else objects
        if items := getattr(rule._converters[name], "items", None):
            values[name] = min(items)
        elif name in lender.values:
            values[name] = lender.values[name]
        else:
            pytest.fail(f"add a value for <{name}> of {rule.rule} to make_world")
    built = rule.build(values)
    assert built
    return built[1]
