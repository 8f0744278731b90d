"""The one table that turns an error into a page."""

from typing import Any

import structlog
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, Unauthorized
from werkzeug.wrappers import Response

from ..domain.errors import TraceError
from ..request.database import db

log = structlog.get_logger()

SENTENCES = {
    400: _l("Trình duyệt gửi một yêu cầu không đọc được. Hãy tải lại trang rồi thử lại."),
    403: _l("Bạn không có quyền mở trang này."),
    404: _l("Trang này không có. Có thể địa chỉ đã gõ sai."),
    405: _l("Trang này không nhận cách gửi đó. Hãy quay lại và thử từ nút trên trang."),
    413: _l("Tệp gửi lên quá lớn. Hãy chọn tệp nhỏ hơn 15 MB."),
    429: _l("Bạn thao tác quá nhanh. Hãy chờ một phút rồi thử lại."),
    500: _l("Hệ thống gặp lỗi. Việc bạn vừa làm chưa được ghi; hãy thử lại sau ít phút."),
}


def respond(error: Exception) -> Any:
    """Answer any exception of a page with a page."""
    db.session.rollback()
    if isinstance(error, Unauthorized):
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    if isinstance(error, TraceError):
        return page(error.status, _(error.message, **error.values))
    if isinstance(error, CSRFError):
        return page(400, _("Trang này mở đã quá lâu nên không gửi được nữa. Hãy tải lại trang rồi gửi lại."))
    if isinstance(error, HTTPException):
        if error.code is None or error.code < 400:
            return error.get_response()
        return page(error.code, str(SENTENCES.get(error.code, SENTENCES[400 if error.code < 500 else 500])))
    log.exception("unhandled", path=request.path)
    return page(500, str(SENTENCES[500]))


def page(status: int, sentence: str) -> tuple[str, int] | Response:
    return render_template("errors/error.html", status=status, sentence=sentence), status
