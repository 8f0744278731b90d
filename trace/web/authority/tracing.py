"""Finding a batch by its code, its lot or its business, and following it as far as there is anything to follow."""

from flask import Response, render_template

from ...domain import public_code
from ...domain.errors import NotFound
from ...domain.permissions import Permission, allowed
from ...domain.public_code import InvalidPublicCode
from ...request.access import current_actor, existing, requires, within_office
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
    page = newest_first(
        db.session, within_office(question, Batch.business_id), Batch.id, after=filters.identifier("after")
    )
    named = within_office(businesses_where(search=search, on=today()), Business.id) if search and not business else None
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
    batch = _batch(code)
    return trace_page("authority/tracing/show.html", db.session, current_actor(), batch, business_id=_reader(batch))


@bp.get("/batches/<code>/trace.xlsx")
@requires(Permission.BATCHES_READ)
def batch_trace_file(code: str) -> Response:
    batch = _batch(code)
    return trace_file(db.session, current_actor(), batch, business_id=_reader(batch))


def _batch(typed: str) -> Batch:
    batch = db.session.scalars(published_batch(_code(typed))).one_or_none()
    if batch is None:
        raise NotFound
    return batch


def _reader(batch: Batch) -> int | None:
    """Whose eyes the officer looks with: everybody's, or, within a commune, those of who made the batch."""
    return None if allowed(current_actor(), Permission.BATCHES_OVERSEE) else batch.business_id


def _code(typed: str) -> str:
    """The public code that was typed; empty for what is none."""
    try:
        return public_code.parse(typed)
    except InvalidPublicCode:
        return ""
