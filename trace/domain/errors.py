"""Errors that a person can act on.

Each carries a stable ``code`` (part of the API), a Vietnamese sentence that says what to do (a gettext
message id with named ``%(x)s`` places), an HTTP status, and, where the fault lies in one input, its field.
"""

from collections.abc import Mapping


def N_(message: str) -> str:
    """Mark ``message`` for translation without translating it: the domain does not know the reader's language."""
    return message


class TraceError(Exception):
    """A rule of the domain was broken; nothing was changed."""

    code = "error"
    status = 422
    message = N_("Yêu cầu này không thực hiện được.")

    def __init__(self, message: str | None = None, *, field: str | None = None, **values: object) -> None:
        self.message = message if message is not None else type(self).message
        self.field = field
        self.values: Mapping[str, object] = values
        super().__init__(self.message % values if values else self.message)


class InvalidInput(TraceError):
    """What was typed is not acceptable as it stands; ``field`` names the input."""

    code = "invalid-input"
    message = N_("Thông tin này chưa đúng, hãy kiểm tra lại.")


class NotAllowed(TraceError):
    """The actor's role does not include this, and the actor may know that the subject exists."""

    code = "not-allowed"
    status = 403
    message = N_("Bạn không có quyền làm việc này.")


class NotFound(TraceError):
    """The subject does not exist, or the actor may not know that it does."""

    code = "not-found"
    status = 404
    message = N_("Không tìm thấy nội dung này.")


class Conflict(TraceError):
    """The subject changed since it was read, or is in a state that forbids the step."""

    code = "conflict"
    status = 409
    message = N_("Nội dung này vừa được thay đổi. Hãy tải lại trang rồi thử lại.")


class AlreadyDecided(Conflict):
    """Somebody was faster: ``person`` and ``time`` say who and when."""

    code = "already-decided"
    message = N_("%(person)s đã quyết định việc này lúc %(time)s. Hãy xem kết quả trên trang rồi làm tiếp nếu còn cần.")


class Busy(TraceError):
    """The database could not take the request in time; nothing was changed, and the same request may be sent again."""

    code = "busy"
    status = 503
    message = N_("Hệ thống đang bận nên việc này chưa được ghi. Hãy thử lại sau ít giây.")


class InvalidFields(TraceError):
    """Several inputs are wrong at once. ``errors`` holds one named error for each."""

    code = "invalid-input"
    message = N_("Có chỗ chưa đúng, hãy xem từng ô.")

    def __init__(self, errors: "list[TraceError]") -> None:
        super().__init__()
        self.errors = errors
