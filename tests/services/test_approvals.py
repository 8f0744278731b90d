"""A second person approves: a suspension, and a recall whose batches are held meanwhile."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.recalling import Farm, facts
from trace.domain.approvals import (
    AlreadyProposed,
    ApprovalStatus,
    NeedsAnother,
    NotTheProposer,
)
from trace.domain.batches import BatchUnderReview
from trace.domain.businesses import BusinessStatus, Decision
from trace.domain.errors import AlreadyDecided, InvalidInput, NotAllowed, NotFound
from trace.domain.permissions import Actor, OfficeRole
from trace.domain.recalls import RecallStatus
from trace.domain.verdicts import Verdict
from trace.services import approvals, businesses, labels, recalls
from trace.services.labels import SymbolFormat
from trace.services.resolver import resolve
from trace.storage.approvals import Approval
from trace.storage.audit import AuditEntry
from trace.storage.notices import Notice
from trace.storage.recalls import Recall

URL = "http://trace.test"


@pytest.fixture
def first(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Mai"))


@pytest.fixture
def second(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Hùng"))


def decide(session: Session, actor: Actor, decision: ApprovalStatus, note: str = "Đã xem hồ sơ") -> Approval:
    asked = session.scalars(select(Approval).order_by(Approval.id.desc()).limit(1)).one()
    return approvals.decide(session, actor, asked.id, decision, note=note, public_url=URL)


def ordered(session: Session, officer: Actor, farm: Farm, *batches: Any) -> Recall:
    recall = recalls.propose(session, officer, facts(*batches), business_id=None)
    return recalls.confirm(session, officer, recall.id, business_id=None, word="thu hồi", public_url=URL)


def test_nobody_approves_what_they_proposed(session: Session, first: Actor, second: Actor) -> None:
    business = factories.make_business(session)
    businesses.decide(session, first, business.id, Decision.SUSPEND, "Không cho kiểm tra")
    with pytest.raises(AlreadyProposed):
        businesses.decide(session, second, business.id, Decision.SUSPEND, "Tôi cũng thấy")
    session.rollback()
    for actor, decision, error in (
        (first, ApprovalStatus.APPROVED, NeedsAnother),
        (first, ApprovalStatus.REFUSED, NeedsAnother),
        (second, ApprovalStatus.WITHDRAWN, NotTheProposer),
        (second, ApprovalStatus.OPEN, InvalidInput),
    ):
        with pytest.raises(error):
            decide(session, actor, decision)
        session.rollback()
    with pytest.raises(InvalidInput) as silent:
        decide(session, second, ApprovalStatus.REFUSED, note=" ")
    assert silent.value.field == "note"
    session.rollback()
    decide(session, second, ApprovalStatus.APPROVED)
    assert business.status is BusinessStatus.SUSPENDED
    trail = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [each for each in trail if each.startswith("approvals:")] == ["approvals:propose", "approvals:approve"]
    told = session.execute(select(Notice.user_id, Notice.kind).where(Notice.kind.startswith("approval-"))).all()
    assert told == [(second.user_id, "approval-asked"), (first.user_id, "approval-approved")]


def test_the_slower_of_two_is_told_who_was_faster(session: Session, first: Actor, second: Actor) -> None:
    business = factories.make_business(session)
    businesses.decide(session, first, business.id, Decision.SUSPEND, "Không cho kiểm tra")
    decide(session, second, ApprovalStatus.REFUSED, "Đã cho kiểm tra sáng nay")
    third = factories.actor(factories.make_officer(session))
    with pytest.raises(AlreadyDecided) as told:
        decide(session, third, ApprovalStatus.APPROVED)
    assert told.value.values["person"] == "Hùng"
    assert business.status is BusinessStatus.APPROVED


def test_only_whoever_could_do_it_may_approve_it(session: Session, first: Actor, farm: Farm) -> None:
    def officer(role: OfficeRole, commune: str | None = None) -> Actor:
        return factories.actor(factories.make_officer(session, role, office_commune_code=commune))

    business = factories.make_business(session, commune_code="00070")
    businesses.decide(session, first, business.id, Decision.SUSPEND, "Không cho kiểm tra")
    for actor, error in (
        (officer(OfficeRole.AUDITOR), NotAllowed),
        (officer(OfficeRole.DATA), NotAllowed),
        (officer(OfficeRole.COMMUNE, "00004"), NotFound),
    ):
        with pytest.raises(error):
            decide(session, actor, ApprovalStatus.APPROVED)
        session.rollback()
    decide(session, officer(OfficeRole.COMMUNE, "00070"), ApprovalStatus.APPROVED)
    ordered(session, first, farm, farm.published())
    with pytest.raises(NotFound):
        decide(session, officer(OfficeRole.COMMUNE, "00070"), ApprovalStatus.APPROVED)


def test_a_recall_that_waits_already_warns_the_shopper(
    session: Session, first: Actor, second: Actor, farm: Farm
) -> None:
    batch = farm.published()
    recall = ordered(session, first, farm, batch)
    assert (recall.status, recall.number) == (RecallStatus.ORDERED, None)
    assert verdict(session, batch) is Verdict.HELD
    with pytest.raises(BatchUnderReview):
        labels.make_symbol(session, farm.owner, batch.id, file_format=SymbolFormat.SVG, public_url=URL)
    session.rollback()
    decide(session, second, ApprovalStatus.APPROVED)
    assert verdict(session, batch) is Verdict.RECALLED
    assert (recall.status, recall.kind, recall.confirmed_by_name) == ("open", "compulsory", "Hùng")
    assert batch.hold_id is None


@pytest.mark.parametrize("way", [ApprovalStatus.REFUSED, ApprovalStatus.WITHDRAWN])
def test_without_approval_the_hold_is_lifted_unless_another_order_reaches_it(
    session: Session, first: Actor, second: Actor, farm: Farm, way: ApprovalStatus
) -> None:
    alone, both = farm.published(), farm.published()
    recall = ordered(session, first, farm, alone, both)
    asked = session.scalars(select(Approval.id)).one()
    ordered(session, first, farm, both)
    actor = first if way is ApprovalStatus.WITHDRAWN else second
    approvals.decide(session, actor, asked, way, note="Mẫu kiểm nghiệm lại đạt", public_url=URL)
    assert recall.status is RecallStatus.DISMISSED
    assert verdict(session, alone) is not Verdict.HELD
    assert verdict(session, both) is Verdict.HELD
    assert "batches-hold-lifted" in session.scalars(select(Notice.kind)).all()


def verdict(session: Session, batch: Any) -> Verdict:
    session.expire_all()
    found = resolve(session, batch.public_code).batch
    assert found
    return found.verdicts[0]
