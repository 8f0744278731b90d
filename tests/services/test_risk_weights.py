"""Other weights are tried on the list, proposed by one officer, and hold when a second one approves."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.approving import approve
from tests.client import Clock
from trace.domain.approvals import AlreadyProposed, ApprovalKind, ApprovalStatus, NeedsAnother
from trace.domain.errors import InvalidFields, NotAllowed
from trace.domain.permissions import Actor, OfficeRole
from trace.domain.risks import WeightsChanged
from trace.domain.stages import ReferenceUnchanged
from trace.services import approvals, risk_weights, risks
from trace.services.risk_weights import WeightsFacts
from trace.storage.businesses import Business
from trace.storage.risks import risk_of, scores_of, weights_on, weights_said

TODAY = date(2026, 3, 2)
FACTS = WeightsFacts(
    weights={"commodity:vegetables": (9, 9)}, valid_from=TODAY, source="Kế hoạch 2026", reason="Mùa mưa"
)


@pytest.fixture(autouse=True)
def in_march(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session, name="Cán bộ Hà"))


@pytest.fixture
def farm(session: Session) -> Business:
    """Its score is 12: vegetables, and never visited."""
    farm = factories.make_business(session)
    factories.make_product(session, farm)
    factories.make_business(session)
    session.commit()
    risks.recount_all(session)
    return farm


def score(session: Session, business: Business) -> int:
    return session.scalars(risk_of(business.id).execution_options(populate_existing=True)).one().score


def test_a_preview_keeps_nothing(session: Session, officer: Actor, farm: Business) -> None:
    preview = risk_weights.preview(session, officer, FACTS)
    assert [(move.business_id, move.before, move.after) for move in preview.moves] == [(farm.id, 12, 15)]
    assert (score(session, farm), len(session.scalars(weights_said()).all())) == (12, 1)


def test_proposed_weights_wait_for_a_second_person_who_sees_their_effect(
    session: Session, officer: Actor, farm: Business
) -> None:
    asked = risk_weights.propose(session, officer, FACTS, seen=1)
    assert [(move.before, move.after) for move in risk_weights.previewed(asked).moves] == [(12, 15)]
    assert session.scalars(weights_on(TODAY)).one().number == 1
    with pytest.raises(AlreadyProposed):
        risk_weights.propose(session, officer, FACTS)
    session.rollback()
    with pytest.raises(NeedsAnother):
        approvals.decide(session, officer, asked.id, ApprovalStatus.APPROVED, public_url="")
    session.rollback()
    approve(session, ApprovalKind.RISK_WEIGHTS, 1)
    row = session.scalars(weights_on(TODAY)).one()
    assert (row.number, row.published_by_name, row.approved_by_name) == (2, "Cán bộ Hà", "Người thứ hai")
    assert row.weights["commodity:vegetables"]["source"] == "Kế hoạch 2026"
    assert row.weights["recall"] == session.scalars(scores_of(farm.id)).one().weights.weights["recall"]
    risks.recount_changed(session)
    assert score(session, farm) == 15
    assert [(one.score, one.weights_number) for one in session.scalars(scores_of(farm.id))] == [(15, 2), (12, 1)]
    with pytest.raises(WeightsChanged, match="phiên bản 2"):
        risk_weights.propose(session, officer, FACTS, seen=1)
    with pytest.raises(ReferenceUnchanged):
        risk_weights.propose(session, officer, FACTS, seen=2)


def test_refused_weights_leave_room_for_others(session: Session, officer: Actor, farm: Business) -> None:
    asked = risk_weights.propose(session, officer, FACTS)
    second = factories.actor(factories.make_officer(session, OfficeRole.DATA))
    approvals.decide(session, second, asked.id, ApprovalStatus.REFUSED, note="Chưa đủ căn cứ", public_url="")
    assert session.scalars(weights_on(TODAY)).one().number == 1
    assert risk_weights.propose(session, second, FACTS).status is ApprovalStatus.OPEN


def test_weights_say_where_they_come_from_and_belong_to_who_keeps_data(session: Session, officer: Actor) -> None:
    with pytest.raises(InvalidFields) as refused:
        risk_weights.propose(session, officer, WeightsFacts(weights={"recall": (30, 20)}))
    assert {error.field for error in refused.value.errors} >= {"recall", "source"}
    auditor = factories.actor(factories.make_officer(session, OfficeRole.AUDITOR))
    with pytest.raises(NotAllowed):
        risk_weights.preview(session, auditor, WeightsFacts(weights={}))
