"""Keeping plans: entering and copying them, publishing versions of indicators, entering figures from outside."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.errors import N_, Conflict, InvalidInput, NotFound
from ..domain.files import Audience
from ..domain.permissions import Actor, Permission, require
from ..domain.plans import InvalidValue, PeriodOutsidePlan, periods_within
from ..domain.stages import ReferenceUnchanged
from ..domain.text import clean, clean_lines
from ..storage.plans import (
    OutsideFigure,
    Plan,
    PlanIndicator,
    figures_of,
    indicator_versions,
    indicators_at,
    last_position,
)
from . import audit
from .changes import Faults, assign, load_for_change
from .clock import now
from .files import Proof, store_document
from .plan_facts import LONGEST_LINE, FigureFacts, IndicatorFacts, PlanFacts, checked_indicator, checked_plan


class PlanNumberTaken(InvalidInput):
    code = "plan-number-taken"
    message = N_("Đã có kế hoạch mang số hiệu này. Hãy mở kế hoạch đó, hoặc kiểm tra lại số hiệu.")


class NotForFigures(InvalidInput):
    code = "not-for-figures"
    message = N_("Chỉ tiêu này do hệ thống đếm nên không nhập số liệu từ ngoài.")


def add(session: Session, actor: Actor, facts: PlanFacts, *, copied_from: int | None = None) -> Plan:
    """A plan, with nothing in it or with the indicators of another as they stand at that one's end.

    Raises InvalidFields, PlanNumberTaken or NotFound.
    """
    require(actor, Permission.PLANS_MANAGE)
    values = checked_plan(facts)
    earlier = session.get(Plan, copied_from) if copied_from is not None else None
    if copied_from is not None and earlier is None:
        raise NotFound
    plan = Plan(**values, copied_from_id=copied_from)
    session.add(plan)
    try:
        session.flush()
    except IntegrityError as error:
        raise PlanNumberTaken(field="number") from error
    if earlier is not None:
        _copy_indicators(session, actor, earlier, plan)
    audit.record(session, actor, "plans:add", plan, changes={"number": plan.number, "copied_from": copied_from})
    session.commit()
    return plan


def update(session: Session, actor: Actor, plan_id: int, facts: PlanFacts, *, version: int | None = None) -> Plan:
    """Complete or correct what is said of a plan. Raises InvalidFields, PlanNumberTaken, NotFound or Conflict."""
    require(actor, Permission.PLANS_MANAGE)
    values = checked_plan(facts)
    plan = load_for_change(session, Plan, plan_id, version)
    changes = assign(plan, **values)
    try:
        audit.record(session, actor, "plans:update", plan, changes=changes)
    except IntegrityError as error:
        raise PlanNumberTaken(field="number") from error
    session.commit()
    return plan


def publish_indicator(
    session: Session, actor: Actor, plan_id: int, facts: IndicatorFacts, *, seen: int | None = None
) -> PlanIndicator:
    """Another indicator, or the next version of one; reports that were frozen keep what they said.

    ``seen`` is the number of the newest version that the person had before their eyes, None for a new indicator.
    Raises InvalidFields, ReferenceUnchanged, NotFound, or Conflict when somebody was faster or the ref is taken.
    """
    require(actor, Permission.PLANS_MANAGE)
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise NotFound
    versions = session.scalars(indicator_versions(plan_id, clean(facts.ref, field="ref"))).all()
    values = checked_indicator(facts, first=versions[-1].valid_from if versions else date.min)
    if versions and seen is None:
        raise Conflict(N_("Kế hoạch này đã có chỉ tiêu mang ký hiệu đó. Hãy sửa chỉ tiêu đó."), field="ref")
    if (versions[0].number if versions else None) != seen:
        raise Conflict
    told = set(values) - {"reason"}
    if versions and all(getattr(versions[0], name) == values[name] for name in told):
        raise ReferenceUnchanged(field="target")
    row = PlanIndicator(
        plan_id=plan_id,
        number=versions[0].number + 1 if versions else 1,
        position=versions[0].position if versions else session.scalars(last_position(plan_id)).one() + 10,
        published_by=actor.user_id,
        published_by_name=actor.name,
        published_at=now(),
        **values,
    )
    session.add(row)
    changes = {"plan": plan.number, **{name: _plain(values[name]) for name in sorted(values)}}
    try:
        audit.record(session, actor, "plans:publish_indicator", row, changes=changes)
    except IntegrityError as error:
        raise Conflict from error
    session.commit()
    return row


def enter_figure(
    session: Session,
    actor: Actor,
    indicator_id: int,
    facts: FigureFacts,
    *,
    paper: Proof | None = None,
    seen: int | None = None,
) -> OutsideFigure:
    """What is known from outside of a period. Entered again it is a correction, and both stay.

    ``seen`` is the number of the figure that the person saw for that period, None for none.
    Raises InvalidFields, NotForFigures, PeriodOutsidePlan, NotFound, or Conflict when somebody was faster.
    """
    require(actor, Permission.FIGURES_ENTER)
    indicator = session.get(PlanIndicator, indicator_id)
    if indicator is None:
        raise NotFound
    if not indicator.takes_figures:
        raise NotForFigures(field="value")
    plan = indicator.plan
    asked = figures_of(plan.id, ref=indicator.ref, periods=[facts.period])
    earlier = session.scalars(asked).first()
    faults = Faults()
    if facts.value is None:
        faults.note(InvalidValue(field="value"))
    if facts.period not in periods_within(plan.starts_on, plan.ends_on) or not facts.period.suits(indicator.frequency):
        faults.note(PeriodOutsidePlan(field="period"))
    if not (source := clean(facts.source)[:LONGEST_LINE]):
        faults.add(N_("Hãy ghi nguồn: số, ký hiệu và ngày của văn bản có con số này."), field="source")
    if earlier and not clean_lines(facts.note):
        faults.add(N_("Kỳ này đã có số liệu. Hãy ghi vì sao sửa; số cũ vẫn được giữ."), field="note")
    faults.raise_any()
    if (earlier.number if earlier else None) != seen:
        raise Conflict
    document = paper and store_document(
        session, paper.store, business_id=None, audience=Audience.BUSINESS, data=paper.data, field="paper"
    )
    row = OutsideFigure(
        plan_id=plan.id,
        ref=indicator.ref,
        period=facts.period.code,
        number=earlier.number + 1 if earlier else 1,
        value=facts.value,
        source=source,
        document=document,
        note=clean_lines(facts.note),
        entered_by=actor.user_id,
        entered_by_name=actor.name,
        entered_at=now(),
    )
    session.add(row)
    changes = {
        "plan": plan.number,
        "ref": row.ref,
        "period": row.period,
        "value": [str(earlier.value) if earlier else None, str(row.value)],
        "source": row.source,
    }
    try:
        audit.record(session, actor, "plans:enter_figure", row, changes=changes)
    except IntegrityError as error:
        raise Conflict from error
    session.commit()
    return row


def _copy_indicators(session: Session, actor: Actor, earlier: Plan, plan: Plan) -> None:
    copied = [each.name for each in fields(IndicatorFacts) if each.name not in ("valid_from", "reason", "target_on")]
    for row in session.scalars(indicators_at(earlier.id, earlier.ends_on)).all():
        session.add(
            PlanIndicator(
                **{name: getattr(row, name) for name in copied},
                plan_id=plan.id,
                number=1,
                position=row.position,
                valid_from=plan.starts_on,
                target_on=plan.ends_on,
                reason=f"{earlier.number} → {plan.number}",
                published_by=actor.user_id,
                published_by_name=actor.name,
                published_at=now(),
            )
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
