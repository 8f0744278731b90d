"""The blueprint that every module of this room adds its routes to."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from ...request.access import current_actor
from ...request.database import db
from ...storage.businesses import Business

Answer = Response | str | tuple[str, int]
"""What a view that shows and takes a form returns."""

bp = Blueprint("workspace", __name__, url_prefix="/workspace")


@bp.context_processor
def add_business() -> dict[str, Any]:
    """Every page of a business knows its business; the guard has already let the person in."""
    business_id = (request.view_args or {}).get("business_id")
    return {"business": db.session.get(Business, business_id) if business_id is not None else None}


def use_or_stop(verb: Callable[..., Any], kept: Any, *, used: str, stopped: str, back: str) -> Response:
    """Take a place or product of a business in or out of use: the form says ``active``, ``yes`` or ``no``."""
    verb(db.session, current_actor(), kept.id, active=request.form.get("active") == "yes")
    flash(used if kept.active else stopped, "success")
    return redirect(url_for(back, business_id=kept.business_id), 303)
