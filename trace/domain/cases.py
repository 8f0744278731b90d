"""Cases, which EPCIS calls logistic units: so much of one batch or several packed together, to be counted and moved as one.

What is in a case is still held by whoever has the case, but no longer loose: it cannot be used, sold or given by itself.
"""

from collections.abc import Sequence

from .batches import AmountNotPositive
from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled

MOST_CONTENTS = 100


class CaseStatus(Labelled):
    CLOSED = "closed", N_("Đang đóng")
    SHIPPED = "shipped", N_("Đang giao")
    UNPACKED = "unpacked", N_("Đã mở")


class NoContents(InvalidInput):
    code = "no-contents"
    message = N_("Hãy chọn ít nhất một lô để đóng vào thùng, mỗi lô một lần, tối đa %(most)s lô.")


class SsccTaken(Conflict):
    code = "sscc-taken"
    message = N_("Đã có một thùng mang mã %(sscc)s. Mỗi mã SSCC chỉ dùng cho một thùng: hãy chép lại, hoặc để trống.")


class CaseNotClosed(Conflict):
    """It is on its way to a buyer, or somebody opened it a moment ago."""

    code = "case-not-closed"
    message = N_("Thùng %(case)s đang giao hoặc đã mở, nên không làm việc này được. Hãy tải lại trang để xem.")


def check_contents(contents: Sequence[tuple[int, int]]) -> None:
    """Whether these pairs of a batch's id and an amount may be one case. Raises NoContents or AmountNotPositive."""
    amounts = dict(contents)
    if not 0 < len(contents) <= MOST_CONTENTS or len(amounts) < len(contents):
        raise NoContents(field="inputs", most=MOST_CONTENTS)
    if min(amounts.values()) <= 0:
        raise AmountNotPositive(field="inputs")
