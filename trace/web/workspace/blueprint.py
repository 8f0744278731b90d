"""The blueprint that every module of this room adds its routes to."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

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
