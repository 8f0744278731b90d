"""The blueprint that every module of this room adds its routes to."""

from typing import Any

from flask import Blueprint, request, url_for

from ...storage.pages import Page
from ..formats import asked

bp = Blueprint("authority", __name__, url_prefix="/authority")


@bp.app_template_global()
def page_urls(page: Page[Any]) -> tuple[str | None, str | None]:
    """Where the first and the next page of this list are, with its filters; None where there is none."""
    place: dict[str, Any] = {**(request.view_args or {}), **asked("after")}
    endpoint = request.endpoint or ""
    first = url_for(endpoint, **place) if "after" in request.args else None
    return first, url_for(endpoint, **place, after=page.next) if page.next else None
