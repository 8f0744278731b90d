"""Everything that the minutes of a visit say, as it was when they were signed."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.dates import format_moment
from ..domain.inspections import Point, VisitFacts, findings_of
from ..domain.vocabulary import BusinessStep
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from ..storage.chain import Event
from ..storage.inspection_measures import checklist_on
from ..storage.inspections import Inspection, InspectionMinutes
from ..storage.products import Product
from ..storage.sites import Site


def points_of(inspection: Inspection, corrected: InspectionMinutes | None, day: date) -> tuple[Point, ...]:
    """The checklist of a visit on a day, or that of the minutes that are corrected, whatever the data say by now."""
    if corrected is None:
        return checklist_on(inspection.business.kind, day)
    return tuple(
        Point(each["code"], each["section"], each["section"], each["text"], each["text"])
        for each in corrected.content["points"]
    )


def describe(
    session: Session,
    inspection: Inspection,
    facts: VisitFacts,
    points: Sequence[Point],
    *,
    number: str,
    corrects: str,
    reason: str,
    signatures: dict[str, str],
    photos: Sequence[str],
) -> dict[str, Any]:
    """Everything that the minutes say, as JSON: names as they are today, whatever they become later."""
    business = inspection.business
    assert facts.held_on  # noqa: S101 - its absence was raised by check_visit
    texts = {point.code: point for point in points}
    said = asdict(facts)
    for point in said["points"]:
        point["section"], point["text"] = texts[point["code"]].section, texts[point["code"]].text
    for finding in (*said["points"], *said["extras"]):
        finding["deadline"] = finding["deadline"].isoformat() if finding["deadline"] else None
    return {
        **said,
        "held_on": facts.held_on.isoformat(),
        "number": number,
        "corrects": corrects,
        "correction_reason": reason,
        "kind": inspection.kind.value,
        "reason": inspection.reason,
        "lead": inspection.lead_name,
        "team": inspection.team,
        "business": {
            "name": business.legal_name,
            "code": business.tax_code or business.household_number or "",
            "address": ", ".join(filter(None, [business.street, gazetteer().commune(business.commune_code).full_name])),
        },
        "sites": list(session.scalars(select(Site.name).where(Site.id.in_(inspection.site_ids)).order_by(Site.id))),
        "findings": [
            {"code": each.code, "severity": each.severity, "text": each.text, "deadline": _iso(each.deadline)}
            for each in findings_of(facts)
        ],
        "steps": _steps(session, facts.event_ids),
        "signatures": signatures,
        "photos": list(photos),
    }


def _steps(session: Session, event_ids: Sequence[int]) -> list[str]:
    if not event_ids:
        return []
    asked = (
        select(Event, Product.name, Batch.lot)
        .join(Batch, Batch.id == Event.batch_id)
        .join(Product, Product.id == Batch.product_id)
        .where(Event.id.in_(event_ids))
        .order_by(Event.event_time, Event.id)
    )
    return [
        f"{BusinessStep(event.business_step).label}: {product}, lô {lot}, {format_moment(event.event_time)}"
        for event, product, lot in session.execute(asked)
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
