"""The headline as it is kept, beside the same figure counted anew."""

from datetime import date, timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from trace.domain.dates import start_of_day
from trace.domain.permissions import SYSTEM
from trace.services import coverage
from trace.services.clock import today
from trace.services.standings import definition_in_force
from trace.storage.coverage import current_list
from trace.storage.snapshots import Snapshot

ROUNDS, ROUNDS_ANEW = 50, 3
COUNTED_ANEW = """
WITH RECURSIVE broken (id) AS (
  SELECT links.child_id FROM links JOIN batches ON batches.id = links.parent_id
  WHERE NOT batches.complete OR batches.status <> 'published'
  UNION SELECT links.child_id FROM links JOIN broken ON broken.id = links.parent_id
),
traceable (id, business_id) AS (
  SELECT batches.id, batches.business_id FROM batches
  WHERE batches.status = 'published' AND batches.complete AND batches.published_at >= :since
    AND EXISTS (SELECT 1 FROM label_issues WHERE label_issues.batch_id = batches.id)
    AND EXISTS (SELECT 1 FROM handovers WHERE handovers.batch_id = batches.id
                AND handovers.status IN ('accepted', 'accepted_with_difference'))
    AND NOT EXISTS (SELECT 1 FROM broken WHERE broken.id = batches.id)
),
reached (business_id) AS (
  SELECT traceable.business_id FROM traceable JOIN businesses ON businesses.id = traceable.business_id
  WHERE businesses.kind NOT IN ('distributor', 'market', 'shop')
  UNION SELECT handovers.buyer_id FROM traceable
  JOIN handovers ON handovers.batch_id = traceable.id AND handovers.status IN ('accepted', 'accepted_with_difference')
  JOIN businesses ON businesses.id = handovers.buyer_id WHERE businesses.kind IN ('distributor', 'market', 'shop')
)
SELECT COUNT(*) FROM register_entries JOIN businesses ON businesses.id = register_entries.business_id
WHERE register_entries.list_id = :list AND register_entries.match IN ('tax_code', 'confirmed')
  AND businesses.status = 'approved' AND businesses.id IN (SELECT business_id FROM reached)
  AND (SELECT events.record_time FROM events WHERE events.business_id = businesses.id AND NOT events.declares_error
       ORDER BY events.id DESC LIMIT 1) >= :active
"""
"""As somebody would ask it who keeps nothing but records; no stamps were voided here."""


def compare(engine: Engine) -> tuple[float, float]:
    """Milliseconds of ours and of counting anew. Raises RuntimeError where they do not come to the same."""
    with Session(engine) as session:
        day = max(
            today(), session.scalar(select(func.max(Snapshot.day))) or date.min
        )  # topics before this worked ahead
        definition = definition_in_force(session)
    moments = {
        "since": start_of_day(definition.period_start(day)),
        "active": start_of_day(day - timedelta(days=definition.active_days)),
    }
    if engine.dialect.name == "sqlite":
        moments = {name: moment.replace(tzinfo=None) for name, moment in moments.items()}
    ours, anew = [], []
    with Session(engine) as session:
        listed = session.scalars(current_list()).one().id
        for _ in range(ROUNDS):
            begun = perf_counter()
            headline = coverage.headline(session, SYSTEM).headline
            ours.append(perf_counter() - begun)
        assert headline
        for _ in range(ROUNDS_ANEW):
            begun = perf_counter()
            counted = session.scalar(text(COUNTED_ANEW), {"list": listed, **moments})
            anew.append(perf_counter() - begun)
            if counted != headline.numerator:
                raise RuntimeError(f"counted {counted}, kept {headline.numerator}")
    return median(ours) * 1000, median(anew) * 1000
