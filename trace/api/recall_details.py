"""What the API tells of a recall to whoever leads or answers it."""

from collections.abc import Mapping
from typing import Any

from ..domain.quantities import Unit
from ..domain.recalls import RecallStatus
from ..request.database import db
from ..services import recalls as verbs
from ..services.recalls import Reach
from ..storage.recalls import holder_of, items_of, silent_count
from .schemas import amount_part

MOST_ITEMS = 200
"""Those still unanswered come first."""


def details(recall_id: int, business_id: int | None) -> dict[str, Any]:
    """For ``RecallCaseDetailsSchema``; ``business_id`` None: as an officer sees it. Raises NotFound."""
    recall = verbs.of(db.session, recall_id, business_id)
    leads = business_id is None or recall.business_id == business_id
    holder = db.session.scalars(holder_of(recall_id, business_id)).one_or_none() if business_id else None
    items = db.session.scalars(items_of(holder.id).limit(MOST_ITEMS)).all() if holder else []
    proposed = recall.status is RecallStatus.PROPOSED
    progress = verbs.outcome(db.session, recall_id).progress if leads else {}
    return {
        "recall": recall,
        "reach": _reach(verbs.reach(db.session, recall)) if leads else None,
        "progress": [
            {"out": amount_part(out, unit), "located": amount_part(located, unit)}
            for unit, (out, located) in progress.items()
        ],
        "silent": db.session.scalars(silent_count(recall_id)).one() if leads and not proposed else 0,
        "items": items,
    }


def _reach(reach: Reach) -> dict[str, Any]:
    return {
        "batches": reach.batches,
        "labels": int(reach.labels),
        "held": _amounts(reach.held),
        "on_the_way": _amounts(reach.on_the_way),
        "holders": [
            {
                "business_id": row.id,
                "business": row.legal_name,
                "batches": row.batches,
                "amount": amount_part(int(row.amount), row.unit),
            }
            for row in reach.holders
        ],
        "to_be_phoned": reach.to_be_phoned,
    }


def _amounts(by_unit: Mapping[Unit, int]) -> list[dict[str, Any]]:
    return [amount_part(amount, unit) for unit, amount in by_unit.items()]
