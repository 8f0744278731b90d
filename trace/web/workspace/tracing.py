"""Where a batch came from and what became of it, as far as the business may see."""

from flask import Response

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services.trace import batch_held_by
from ..tracing import trace_file, trace_page
from .blueprint import bp


@bp.get("/<int:business_id>/batches/<int:batch_id>/trace")
@requires(Permission.BATCHES_READ)
def batch_trace(business_id: int, batch_id: int) -> str:
    batch = batch_held_by(db.session, business_id, batch_id)
    return trace_page("workspace/tracing/show.html", db.session, current_actor(), batch, business_id=business_id)


@bp.get("/<int:business_id>/batches/<int:batch_id>/trace.xlsx")
@requires(Permission.BATCHES_READ)
def batch_trace_file(business_id: int, batch_id: int) -> Response:
    batch = batch_held_by(db.session, business_id, batch_id)
    return trace_file(db.session, current_actor(), batch, business_id=business_id)
