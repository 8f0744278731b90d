"""Finding a batch by its code, its lot or its business, and following it as far as there is anything to follow."""

from flask import Response, render_template

from ...domain import public_code
from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...domain.public_code import InvalidPublicCode
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...services.clock import today
from ...storage.batches import Batch
from ...storage.businesses import Business
from ...storage.pages import newest_first
from ...storage.register import batches_where, businesses_where
from ...storage.trace import published_batch
from .. import filters
from ..tracing import trace_file, trace_page
from .blueprint import bp

BUSINESSES_SHOWN = 10


@bp.get("/batches")
@requires(Permission.BATCHES_READ)
def batches() -> str:
    """``?q=`` is a code, a lot, or part of a business's name; ``?business=`` lists all batches of one."""
    search, business_id = filters.text("q"), filters.identifier("business")
    business = existing(Business, business_id) if business_id else None
    question = batches_where(business_id=business_id, code=_code(search), lot=search, published=True)
    page = newest_first(db.session, question, Batch.id, after=filters.identifier("after"))
    named = businesses_where(search=search, on=today()) if search and not business else None
    return render_template(
        "authority/tracing/batches.html",
        page=page,
        search=search,
        chosen=business,
        named=newest_first(db.session, named, Business.id, size=BUSINESSES_SHOWN).items if named is not None else [],
    )


@bp.get("/batches/<code>/trace")
@requires(Permission.BATCHES_READ)
def batch_trace(code: str) -> str:
    return trace_page("authority/tracing/show.html", db.session, current_actor(), _batch(code))


@bp.get("/batches/<code>/trace.xlsx")
@requires(Permission.BATCHES_READ)
def batch_trace_file(code: str) -> Response:
    return trace_file(db.session, current_actor(), _batch(code))


def _batch(typed: str) -> Batch:
    batch = db.session.scalars(published_batch(_code(typed))).one_or_none()
    if batch is None:
        raise NotFound
    return batch


def _code(typed: str) -> str:
    """The public code that was typed; empty for what is none."""
    try:
        return public_code.parse(typed)
    except InvalidPublicCode:
        return ""
