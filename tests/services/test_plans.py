"""Figures of a plan, worked out by hand; and what keeps plans, indicators and figures honest."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Clock
from tests.farm import Farm
from tests.inspecting import plan_visit, seen, sign_visit
from tests.planning import make_activity
from trace.domain.activities import ActivityKind
from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessKind
from trace.domain.errors import Conflict, InvalidFields
from trace.domain.handovers import HandoverStatus
from trace.domain.inspections import Result as Found
from trace.domain.permissions import Actor
from trace.domain.plans import Count, Frequency, Measure, Measured, Period, PlanEndsBeforeStart
from trace.domain.products import PackagingMaterial
from trace.domain.reach import Reach
from trace.domain.stages import ReferenceUnchanged
from trace.services import activities, inspection_findings, inspections, plan_results, plans, snapshots
from trace.services.plan_facts import FigureFacts, IndicatorFacts, PlanFacts
from trace.services.plan_results import Result
from trace.services.plans import NotForFigures, PlanNumberTaken
from trace.services.settling import settle
from trace.storage.audit import AuditEntry
from trace.storage.businesses import Business
from trace.storage.coverage import Match
from trace.storage.files import FileStore
from trace.storage.handovers import Handover
from trace.storage.inspection_findings import findings_of
from trace.storage.plans import Plan, PlanIndicator, figures_of, indicators_at
from trace.storage.scans import ScanMonth

FACTS = PlanFacts(
    number="12/KH-UBND",
    title="Kế hoạch năm 2026",
    issuer="UBND thành phố Hà Nội",
    issued_on=date(2026, 1, 5),
    starts_on=date(2026, 1, 1),
    ends_on=date(2026, 12, 31),
    source="Công báo",
)
HALF = Period(2026, 1)
IN_FEBRUARY = datetime(2026, 2, 10, 3, tzinfo=UTC)
IN_DECEMBER = datetime(2025, 12, 31, 3, tzinfo=UTC)


@pytest.fixture
def officer(session: Session) -> Actor:
    return factories.actor(factories.make_officer(session))


@pytest.fixture
def plan(session: Session, officer: Actor) -> Plan:
    """For 2026, with the indicators of plan 96/KH-UBND."""
    earlier = session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    return plans.add(session, officer, FACTS, copied_from=earlier.id)


def indicator(session: Session, plan: Plan, ref: str) -> PlanIndicator:
    return next(each for each in session.scalars(indicators_at(plan.id, plan.ends_on)) if each.ref == ref)


def result(session: Session, officer: Actor, plan: Plan, ref: str, period: Period = HALF) -> Result:
    return next(each for each in plan_results.results(session, officer, plan, period).rows if each.indicator.ref == ref)


def deliver(session: Session, seller: Business, buyer: Business, at: datetime, **facts: Any) -> Handover:
    batch = factories.make_batch(session, seller)
    given = {"status": HandoverStatus.ACCEPTED, "received_at": at, "received": 1, **facts}
    handover = Handover(
        batch_id=batch.id, seller_id=seller.id, buyer_id=buyer.id, sent=1, shipped_at=at, offered_at=at, **given
    )
    session.add(handover)
    session.flush()
    return handover


def publish(session: Session, business: Business, at: datetime, *, complete: bool, **facts: Any) -> None:
    facts = {"status": BatchStatus.PUBLISHED, "published_at": at, "complete": complete, **facts}
    factories.make_batch(session, business, **facts)


def test_every_row_of_plan_96_is_shipped_with_its_source(session: Session) -> None:
    rows = session.scalars(select(PlanIndicator).order_by(PlanIndicator.position)).all()
    assert {plan.number for plan in session.scalars(select(Plan))} == {"96/KH-UBND", "55/KH-UBND", "263/KH-UBND"}
    assert {row.ref.split(" (")[0] for row in rows} >= {"I.4.4", "I.4.4 b", "I.4.1", "I.4.2", "I.4.3", "I.5.1", "I.5.2"}
    assert all(row.source and row.formula for row in rows)
    assert {row.activity_kind for row in rows} > {
        ActivityKind.ARTICLE,
        ActivityKind.POSTER,
        ActivityKind.CONNECTION_EVENT,
    }
    assert {measure for row in rows if (measure := row.measure)} == set(Measure)


def test_figures_are_those_that_were_worked_out_by_hand(session: Session, officer: Actor, plan: Plan) -> None:
    farm, other = (factories.make_business(session) for _ in range(2))
    shop = factories.make_business(session, kind=BusinessKind.SHOP)
    market = factories.make_business(session, kind=BusinessKind.MARKET)
    leaf = factories.make_product(session, farm, packaging_material=PackagingMaterial.LEAF)
    publish(session, farm, IN_FEBRUARY, complete=True, product_id=leaf.id)
    publish(session, farm, IN_FEBRUARY, complete=False)
    publish(session, other, IN_FEBRUARY, complete=True)
    publish(session, other, IN_DECEMBER, complete=True)
    deliver(session, farm, shop, IN_FEBRUARY)
    make_activity(session, [shop], held_on=date(2026, 2, 1))
    make_activity(session, [market], held_on=date(2025, 12, 1))
    session.add(ScanMonth(month=date(2026, 2, 1), people=3, resolved=2))
    session.add(ScanMonth(month=date(2026, 7, 1), people=9, resolved=9))
    session.flush()

    counts = {
        row.indicator.measure: (row.count.numerator, row.count.denominator)
        for row in plan_results.results(session, officer, plan, HALF).rows
        if row.indicator.measure and row.count
    }
    assert counts[Measure.COMPLETE_BATCHES] == (2, 3)
    assert counts[Measure.DEGRADABLE_PACKAGING] == (1, 3)
    assert counts[Measure.RESOLVED_SCANS] == (2, 3)
    assert counts[Measure.GUIDED_DISTRIBUTORS] == (1, 2)
    assert result(session, officer, plan, "I.4.1").progress == 100  # half of the distributors, as the plan asks
    assert result(session, officer, plan, "I.4.4 b (1)").value == Decimal("66.7")


def test_who_is_traceable_is_what_the_funnel_says_when_the_period_ends(
    session: Session, officer: Actor, plan: Plan, clock: Clock
) -> None:
    clock.set(factories.NOW)
    listed = factories.make_register_list(session, ["Chưa đăng ký"])
    farm = factories.make_business(session, last_event_on=factories.NOW.date())
    factories.make_register_entry(session, listed, business_id=farm.id, match=Match.TAX_CODE)
    publish(session, farm, factories.NOW, complete=True, reach=Reach.END_TO_END)
    settle(session)
    assert result(session, officer, plan, "I.4.4").count == Count(1, 2)
    kept = snapshots.take(session)
    clock.set(datetime(2026, 7, 2, 3, tzinfo=UTC))
    settle(session)
    of_half, of_year = (plan_results.results(session, officer, plan, each) for each in (HALF, Period(2026)))
    assert of_half.coverage
    assert of_year.coverage
    assert (of_half.coverage.snapshot, of_year.coverage.snapshot) == (kept, None)
    assert result(session, officer, plan, "I.4.4").value == Decimal("50.0")
    assert result(session, officer, plan, "I.4.4", Period(2026)).count == Count(0, 2)  # for 90 days it recorded nothing
    older = session.scalars(select(Plan).where(Plan.number == "96/KH-UBND")).one()
    assert result(session, officer, older, "I.4.4", Period(2020)).count is None


def test_a_link_is_new_when_both_took_part_and_it_began_within_90_days(
    session: Session, officer: Actor, plan: Plan
) -> None:
    seller, buyer, old, late, absent = (factories.make_business(session) for _ in range(5))
    took_part = (seller, buyer, old, late)
    held = make_activity(session, took_part, kind=ActivityKind.CONNECTION_EVENT, held_on=date(2026, 2, 1))
    deliver(session, seller, old, IN_DECEMBER)
    for each in (buyer, old, absent):
        deliver(session, seller, each, IN_FEBRUARY)
    deliver(session, seller, late, datetime(2026, 5, 4, tzinfo=UTC))
    count = result(session, officer, plan, "PL 3 (2)").count
    assert count
    assert (count.numerator, count.denominator) == (1, None)
    assert activities.new_links(session, held) == [(seller, buyer, IN_FEBRUARY)]


def test_nothing_to_divide_by_is_no_share_and_no_error(session: Session, officer: Actor, plan: Plan) -> None:
    row = result(session, officer, plan, "I.4.4 b (1)", Period(2026, 2))
    assert row.nothing_to_divide
    assert (row.value, row.progress) == (None, None)
    assert not plan_results.results(session, officer, plan, Period(2026, 2)).known


def test_activities_count_by_kind_and_period_unless_withdrawn(session: Session, officer: Actor, plan: Plan) -> None:
    make_activity(session, kind=ActivityKind.LEAFLET, count=5000)
    make_activity(session, kind=ActivityKind.LEAFLET, count=700)
    make_activity(session, kind=ActivityKind.LEAFLET, count=90, withdrawn_at=factories.NOW)
    make_activity(session, kind=ActivityKind.LEAFLET, count=8, held_on=date(2026, 7, 1))
    assert result(session, officer, plan, "PL 1, 2, 5, 6, 8, 9 (7)").value == 5700
    assert result(session, officer, plan, "PL 1, 2, 5, 6, 8, 9 (7)", Period(2026)).value == 5708


def test_a_correction_of_a_figure_keeps_the_earlier_one(session: Session, officer: Actor, plan: Plan) -> None:
    row = indicator(session, plan, "I.4.3")
    facts = FigureFacts(period=HALF, value=Decimal("41.5"), source="Báo cáo 15/BC-BQL")
    plans.enter_figure(session, officer, row.id, facts)
    again = replace(facts, value=Decimal(43))
    with pytest.raises(InvalidFields):
        plans.enter_figure(session, officer, row.id, again, seen=1)
    with pytest.raises(Conflict):
        plans.enter_figure(session, officer, row.id, replace(again, note="Cộng sót"))
    plans.enter_figure(session, officer, row.id, replace(again, note="Cộng sót"), seen=1)
    assert [(each.number, each.value) for each in session.scalars(figures_of(plan.id))] == [
        (2, 43),
        (1, Decimal("41.5")),
    ]
    assert result(session, officer, plan, "I.4.3").value == 43
    assert result(session, officer, plan, "I.4.3").progress == 61


def test_a_figure_from_outside_stands_before_what_the_system_counts_in_part(
    session: Session, officer: Actor, plan: Plan
) -> None:
    publish(session, factories.make_business(session), IN_FEBRUARY, complete=True)
    assert result(session, officer, plan, "I.4.2 (1)").value is None  # packs of products say little of markets
    row = indicator(session, plan, "I.4.2 (1)")
    plans.enter_figure(session, officer, row.id, FigureFacts(period=HALF, value=Decimal(30), source="Báo cáo các chợ"))
    assert result(session, officer, plan, "I.4.2 (1)").value == 30
    counted = indicator(session, plan, "I.4.4")
    with pytest.raises(NotForFigures):
        plans.enter_figure(session, officer, counted.id, FigureFacts(period=HALF, value=Decimal(1), source="x"))


def test_figures_are_of_a_period_of_the_plan(session: Session, officer: Actor, plan: Plan) -> None:
    yearly = indicator(session, plan, "I.5.1")
    for period in (Period(2027), HALF):
        with pytest.raises(InvalidFields):
            plans.enter_figure(session, officer, yearly.id, FigureFacts(period=period, value=Decimal(1), source="x"))


def test_an_indicator_is_followed_by_a_version_with_its_date_and_reason(
    session: Session, officer: Actor, plan: Plan
) -> None:
    row = indicator(session, plan, "I.4.3")
    facts = IndicatorFacts(
        **{
            name: getattr(row, name) for name in IndicatorFacts.__dataclass_fields__ if name not in ("target", "reason")
        },
        target=Decimal(80),
        reason="Điều chỉnh giữa năm",
    )
    later = replace(facts, valid_from=date(2026, 7, 1))
    plans.publish_indicator(session, officer, plan.id, later, seen=1)
    assert result(session, officer, plan, "I.4.3", HALF).indicator.target == 70
    assert result(session, officer, plan, "I.4.3", Period(2026, 2)).indicator.target == 80
    with pytest.raises(ReferenceUnchanged):
        plans.publish_indicator(session, officer, plan.id, later, seen=2)
    with pytest.raises(Conflict):
        plans.publish_indicator(session, officer, plan.id, replace(later, target=Decimal(90)), seen=1)
    with pytest.raises(InvalidFields):
        plans.publish_indicator(session, officer, plan.id, replace(later, measured=Measured.SYSTEM), seen=2)
    plans.publish_indicator(session, officer, plan.id, replace(later, dropped=True), seen=2)
    assert "I.4.3" not in [
        each.indicator.ref for each in plan_results.results(session, officer, plan, Period(2026)).rows
    ]
    assert row.frequency is Frequency.HALF_YEAR


def test_two_plans_have_two_numbers_and_end_after_they_began(session: Session, officer: Actor, plan: Plan) -> None:
    with pytest.raises(PlanNumberTaken):
        plans.add(session, officer, FACTS)
    session.rollback()
    with pytest.raises(InvalidFields) as caught:
        plans.add(session, officer, replace(FACTS, number="13/KH-UBND", ends_on=FACTS.starts_on))
    assert [type(error) for error in caught.value.errors] == [PlanEndsBeforeStart]
    plans.update(session, officer, plan.id, replace(FACTS, note="Thiếu phụ lục"), version=plan.version)
    with pytest.raises(Conflict):
        plans.update(session, officer, plan.id, FACTS, version=1)
    assert session.scalars(select(AuditEntry.action)).all()[-2:] == ["plans:add", "plans:update"]


def test_inspections_and_findings_of_the_period_are_counted(
    session: Session, farm: Farm, officer: Actor, plan: Plan, tmp_path: Path
) -> None:
    held, _, cancelled = (plan_visit(session, officer, farm.business.id) for _ in range(3))
    inspections.cancel(session, officer, cancelled.id, reason="Mưa bão")
    faults = {"T1": Found.MINOR, "T2": Found.MAJOR}
    sign_visit(session, officer, held, FileStore(tmp_path), seen(held, faults=faults))
    put_right = session.scalars(findings_of(held.id)).all()[0]
    inspection_findings.close(session, officer, put_right.id, conclusion="Đã xem sổ")
    assert result(session, officer, plan, "PL 10 (1)").count == Count(1, 2)
    assert result(session, officer, plan, "PL 10 (2)").count == Count(1, 2)
