"""The one table that turns an error into ``application/problem+json`` (RFC 9457)."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from flask import Response, json, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, Unauthorized

from ..domain.errors import InvalidFields, InvalidInput, TraceError
from ..request.database import db

log = structlog.get_logger()

SENTENCES = {
    400: _l("Yêu cầu này không đọc được."),
    401: _l("Hãy gửi khóa API còn hiệu lực: Authorization: Bearer <khóa>."),
    404: _l("Không có địa chỉ này. Hãy xem tài liệu API."),
    405: _l("Địa chỉ này không nhận phương thức đó."),
    406: _l("Không có dạng dữ liệu được yêu cầu."),
    412: _l("Nội dung đã được thay đổi sau lần đọc của bạn. Hãy đọc lại rồi gửi lại với ETag mới."),
    413: _l("Yêu cầu quá lớn (tối đa 24 MB)."),
    415: _l("Hãy gửi JSON với Content-Type: application/json."),
    428: _l("Hãy gửi If-Match với ETag của lần đọc gần nhất."),
    429: _l("Quá nhiều yêu cầu. Hãy chờ một phút rồi thử lại."),
    500: _l("Hệ thống gặp lỗi. Việc này chưa được ghi; hãy thử lại sau ít phút."),
}
NAMED_HERE = {"commune": "commune_code"}
"""Fields that the rules name as the pages do, and the API does not."""


def respond(error: Exception) -> Any:
    """Answer any exception of an API call."""
    db.session.rollback()
    if isinstance(error, TraceError):
        return _broken_rule(error)
    if isinstance(error, HTTPException):
        return _refused(error)
    log.exception("unhandled", path=request.path)
    return problem(500, "internal", str(SENTENCES[500]))


def problem(status: int, code: str, detail: str, **extra: Any) -> Response:
    body = {"type": f"/api/docs#{code}", "title": code, "status": status, "code": code, "detail": detail, **extra}
    return Response(json.dumps(body), status, content_type="application/problem+json")


def _broken_rule(error: TraceError) -> Response:
    said = _(error.message, **error.values)
    if isinstance(error, InvalidFields):
        return problem(error.status, error.code, said, errors=[_at_field(one) for one in error.errors])
    return problem(error.status, error.code, said, **({"errors": [_at_field(error)]} if error.field else {}))


def _at_field(error: TraceError) -> dict[str, str]:
    field = NAMED_HERE.get(error.field or "", error.field or "")
    return {"field": field, "code": error.code, "detail": _(error.message, **error.values)}


def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    messages = (getattr(error, "data", None) or {}).get("messages")
    if status == 422 and messages:
        errors = [
            {"field": field, "code": InvalidInput.code, "detail": sentence}
            for place in messages.values()
            for field, sentence in _flat(place)
        ]
        return problem(status, InvalidInput.code, _(InvalidFields.message), errors=errors)
    own_words = status == 400 and error.description != type(error).description
    detail = error.description if own_words else SENTENCES.get(status, SENTENCES[400 if status < 500 else 500])
    answer = problem(status, error.name.lower().replace(" ", "-"), str(detail))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    if isinstance(error, Unauthorized):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """``{"sites": {0: {"name": ["…"]}}}`` becomes ``sites.0.name``."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _flat(inner, path if name == "_schema" else f"{path}.{name}".removeprefix("."))
    else:
        for sentence in messages if isinstance(messages, list) else [messages]:
            yield path, str(sentence)
