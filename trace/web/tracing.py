"""What the pages of a trace have in common, for a business and for the department."""

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request
from sqlalchemy.orm import Session

from ..domain.balance import Direction
from ..domain.permissions import Actor
from ..domain.text import fold
from ..domain.vocabulary import BusinessStep
from ..request.language import select_language
from ..services.clock import today
from ..services.exports import book_parts
from ..services.trace import MOST_DELIVERIES, look, marks_of, steps_of
from ..services.trace_sheets import sheets
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from . import filters
from .drawings import BOX_HEIGHT, BOX_WIDTH, choose, draw

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 200
COLUMNS: dict[str, Callable[[Any], Any]] = {
    "day": lambda row: (row.production_date, row.id),
    "product": lambda row: (fold(row.product), row.id),
    "lot": lambda row: (row.lot, row.id),
    "business": lambda row: (fold(row.business), row.id),
    "place": lambda row: (fold(gazetteer().commune(row.commune_code).full_name), row.id),
    "amount": lambda row: (row.unit, row.amount, row.id),
}
"""By what the table is sorted."""


def direction_asked() -> Direction:
    return Direction.FORWARD if request.args.get("direction") == Direction.FORWARD else Direction.BACK


def trace_page(
    template: str, session: Session, actor: Actor, batch: Batch, *, business_id: int | None = None, **more: Any
) -> str:
    """``?direction=``, ``?sort=`` with ``?order=desc`` for the table, and ``?step=<batch>`` to look at one of them."""
    direction = direction_asked()
    found = look(session, actor, batch, direction, business_id=business_id)
    drawn, left_out = choose(found, batch.id)
    marks = marks_of(session, found, drawn, business_id=business_id)
    sort = next((name for name in COLUMNS if name == request.args.get("sort")), "day")
    descending = request.args.get("order") == "desc"
    rows = sorted(found.batches.values(), key=COLUMNS[sort], reverse=descending)
    step = found.batches.get(filters.identifier("step") or 0)
    return render_template(
        template,
        batch=batch,
        direction=direction,
        directions=Direction,
        drawing=draw(found, batch.id, drawn, left_out, marks),
        box=(BOX_WIDTH, BOX_HEIGHT),
        batches=found.batches,
        rows=rows[:MOST_ROWS],
        found=len(found.batches),
        sort=sort,
        descending=descending,
        step=step,
        steps=steps_of(session, step.id, business_id=business_id) if step else [],
        deliveries=marks.deliveries,
        most_deliveries=MOST_DELIVERIES,
        step_labels={each.value: each for each in BusinessStep},
        reader=business_id,
        **more,
    )


def trace_file(session: Session, actor: Actor, batch: Batch, *, business_id: int | None = None) -> Response:
    made = sheets(session, actor, batch, direction_asked(), business_id=business_id)
    name = f"trace-{batch.public_code}-{direction_asked().value}-{today():%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(book_parts(made, select_language()), content_type=XLSX, headers=headers)
