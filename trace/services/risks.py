"""Counting each business's facts anew, and the score that they come to.

Every night all businesses are counted, as days pass for everybody; in between, those of which the audit trail tells
something new. What a slow transaction or an act without an entry changed waits for the night.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ..domain.risks import Fact, facts_from, score_of
from ..storage.businesses import Business
from ..storage.database import insert_into
from ..storage.diary_measures import measures_on as diary_measures_on
from ..storage.risk_facts import QUESTIONS, SINCE_A_DAY, measures_on
from ..storage.risk_records import Period
from ..storage.risks import (
    BusinessRisk,
    RiskScore,
    RiskWeights,
    approved_after,
    reckoned_by_others,
    touched_since_counted,
    weights_on,
)
from .clock import now, today

AT_A_TIME = 1_000
LATEST_ENTRIES = 20_000
"""Far more than the audit trail gets between two countings."""


def recount_all(session: Session) -> int:
    """Count every approved business, committing portion by portion; returns how many there were."""
    last = total = 0
    while ids := session.scalars(approved_after(last, AT_A_TIME)).all():
        count(session, ids)
        last, total = ids[-1], total + len(ids)
    return total


def recount_changed(session: Session) -> int:
    """Count those that something was done to, and reckon anew all scores where other weights came into force."""
    ids = [each for each in session.scalars(touched_since_counted(LATEST_ENTRIES)) if each]
    for start in range(0, len(ids), AT_A_TIME):
        count(session, ids[start : start + AT_A_TIME])
    weights = session.scalars(weights_on(today())).one()
    while rows := session.scalars(reckoned_by_others(weights.number).limit(AT_A_TIME)).all():
        _keep(session, weights, {row.business_id: facts_from(row.facts) for row in rows})
        session.commit()
    return len(ids)


def count(session: Session, business_ids: Sequence[int]) -> None:
    """Ask for the facts of these businesses, and keep those of the approved ones. Commits."""
    kept = session.scalars(approved_after(0, len(business_ids)).where(Business.id.in_(business_ids))).all()
    session.execute(delete(BusinessRisk).where(BusinessRisk.business_id.in_(set(business_ids) - set(kept))))
    weights = session.scalars(weights_on(today())).one()
    facts = facts_of(session, kept)
    _keep(session, weights, {each: facts[each] for each in kept})
    session.commit()


def facts_of(session: Session, business_ids: Sequence[int]) -> dict[int, list[Fact]]:
    """As they are now; a business without any is not among the keys, and gets an empty list when asked for."""
    period = period_on(today())
    facts: dict[int, list[Fact]] = defaultdict(list)
    for factor, question in QUESTIONS.items():
        for business_id, figure, subject in session.execute(question(business_ids, period)):
            number = (period.today - figure).days if factor in SINCE_A_DAY else int(figure)
            facts[business_id].append(Fact(factor, number, subject))
    return facts


def period_on(day: date) -> Period:
    measures = measures_on(day)
    return Period(
        first_day=day - timedelta(days=measures.period_days),
        today=day,
        recent_from=day - timedelta(days=measures.recent_visit_days),
        late_after_days=diary_measures_on(day).late_after_days,
    )


def _keep(session: Session, weights: RiskWeights, facts: dict[int, list[Fact]]) -> None:
    if not facts:
        return
    by_name, at = weights.by_name, now()
    rows: list[dict[str, Any]] = [
        {
            "business_id": business_id,
            "score": score_of(found, by_name),
            "facts": [fact.as_json() for fact in found],
            "weights_number": weights.number,
        }
        for business_id, found in facts.items()
    ]
    before = dict(
        session.execute(
            select(BusinessRisk.business_id, BusinessRisk.score).where(BusinessRisk.business_id.in_(facts))
        ).all()
    )
    changed = [row for row in rows if before.get(row["business_id"]) != row["score"]]
    upsert = insert_into(session, BusinessRisk)
    update = {name: upsert.excluded[name] for name in ("score", "facts", "weights_number", "counted_at")}
    session.execute(
        upsert.on_conflict_do_update(index_elements=["business_id"], set_=update),
        [{**row, "counted_at": at} for row in rows],
    )
    if changed:
        session.execute(insert(RiskScore), [{**row, "at": at} for row in changed])
