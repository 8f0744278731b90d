"""What is known of businesses that weighs in their risk: one grouped question a fact, for many businesses at once.

Each answers rows of business id, figure and subject (``domain.risks.Fact``).
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from sqlalchemy import func, literal, select

from ..domain.measures import in_force
from ..domain.risks import Factor, Measures
from .batches import Batch
from .certificates import Certificate
from .handovers import Handover
from .inspections import Inspection
from .measures import read_measures
from .recalls import RecallBatch
from .risk_records import RECORDS, Answers, Ids, Period

TONNE = 1_000_000  # in grams, and near enough of a drink in millilitres

Question = Callable[[Ids, Period], Answers]


def _commodities(ids: Ids, period: Period) -> Answers:
    return RECORDS[Factor.COMMODITY].grouped(ids, period, literal(1))


def _tonnes(ids: Ids, period: Period) -> Answers:
    return RECORDS[Factor.VOLUME].grouped(ids, period, func.sum(Batch.amount) // TONNE)


def _outsiders_only(ids: Ids, period: Period) -> Answers:
    """Deliveries of those who delivered to nobody that is enrolled."""
    return RECORDS[Factor.OUTSIDERS_ONLY].counted(ids, period).having(func.count(Handover.buyer_id) == 0)


def _recalls(ids: Ids, period: Period) -> Answers:
    return (
        select(Batch.business_id, func.count(RecallBatch.recall_id.distinct()), literal(""))
        .join(RecallBatch, RecallBatch.batch_id == Batch.id)
        .where(Batch.business_id.in_(ids), *RECORDS[Factor.RECALL].conditions(period))
        .group_by(Batch.business_id)
    )


def _lapses(ids: Ids, period: Period) -> Answers:
    """The latest end of each scheme."""
    return RECORDS[Factor.CERTIFICATE_LAPSED].grouped(ids, period, func.max(Certificate.valid_until))


def _last_visits(ids: Ids, period: Period) -> Answers:
    last = func.max(Inspection.held_on)
    return RECORDS[Factor.LAST_VISIT].grouped(ids, period, last).having(last < period.recent_from)


QUESTIONS: Mapping[Factor, Question] = {
    **{factor: records.counted for factor, records in RECORDS.items()},
    Factor.COMMODITY: _commodities,
    Factor.VOLUME: _tonnes,
    Factor.OUTSIDERS_ONLY: _outsiders_only,
    Factor.RECALL: _recalls,
    Factor.CERTIFICATE_LAPSED: _lapses,
    Factor.LAST_VISIT: _last_visits,
}
SINCE_A_DAY = frozenset({Factor.CERTIFICATE_LAPSED, Factor.LAST_VISIT})
"""Of these the figure is the day from which the days are counted."""


@cache
def measures_on(day: date) -> Measures:
    return in_force(Measures, read_measures("risk_measures.csv"), day)
