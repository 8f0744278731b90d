"""The one table that turns an error into ``application/problem+json`` (RFC 9457)."""

from typing import Any

import structlog
from flask import Response, json, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from ..domain.errors import InvalidFields, TraceError
from ..request.database import db

log = structlog.get_logger()


def respond(error: Exception) -> Any:
    db.session.rollback()
    if isinstance(error, TraceError):
        extra: dict[str, Any] = {}
        if isinstance(error, InvalidFields):
            extra["errors"] = [
                {"field": one.field, "code": one.code, "detail": _(one.message, **one.values)} for one in error.errors
            ]
        elif error.field:
            extra["field"] = error.field
        return problem(error.status, error.code, _(error.message, **error.values), **extra)
    if isinstance(error, HTTPException):
        status = error.code or 500
        return problem(status, error.name.lower().replace(" ", "-"), error.description or error.name)
    log.exception("unhandled", path=request.path)
    return problem(500, "internal", _("Hệ thống gặp lỗi. Việc này chưa được ghi; hãy thử lại sau ít phút."))


def problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    body = {"type": f"/api/problems/{code}", "title": code, "status": status, "code": code, "detail": detail, **extra}
    return Response(json.dumps(body), status, content_type="application/problem+json")
