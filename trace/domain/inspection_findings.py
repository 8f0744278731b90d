"""What was wrong at a visit: open until the business answers and an officer is content."""

from datetime import date

from .errors import N_, Conflict
from .inspections import Severity
from .labelled import Labelled

__all__ = ["FindingStatus", "FindingStepNotPossible", "Severity", "is_overdue"]


class FindingStatus(Labelled):
    OPEN = "open", N_("Chưa khắc phục")
    ANSWERED = "answered", N_("Cơ sở đã trả lời")
    CLOSED = "closed", N_("Đã khắc phục")
    DROPPED = "dropped", N_("Bỏ theo biên bản đính chính")

    @property
    def is_waiting(self) -> bool:
        return self in (FindingStatus.OPEN, FindingStatus.ANSWERED)


class FindingStepNotPossible(Conflict):
    code = "finding-step-not-possible"
    message = N_("Sai lỗi này đã có kết luận. Hãy tải lại trang để xem tình trạng mới nhất.")


def is_overdue(status: FindingStatus, deadline: date, today: date) -> bool:
    """The deadline itself is still in time; an answer does not stop the clock, an officer's conclusion does."""
    return status.is_waiting and deadline < today
