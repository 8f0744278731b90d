"""What a shopper is told first. Several may hold at once; the gravest outranks the others."""

from datetime import date

from .batches import BatchStatus
from .businesses import BusinessStatus
from .errors import N_
from .labelled import Labelled


class Verdict(Labelled):
    """In falling order of gravity. None of them says that the goods in the shopper's hand are these goods."""

    RECALLED = "recalled", N_("ĐÃ THU HỒI – đừng mua, đừng ăn")
    HELD = "held", N_("Đang tạm dừng, chờ quyết định thu hồi")
    WITHDRAWN = "withdrawn", N_("Lô hàng này đã bị rút")
    UNDER_REVIEW = "under_review", N_("Lô hàng đang được kiểm tra")
    SUSPENDED = "suspended", N_("Cơ sở đang bị tạm đình chỉ")
    UNLISTED = "unlisted", N_("Cơ sở không còn được duyệt trên hệ thống")
    EXPIRED = "expired", N_("Đã quá hạn sử dụng")
    INCOMPLETE = "incomplete", N_("Thông tin chưa đủ")
    COMPLETE = "complete", N_("Đủ thông tin truy xuất")

    @property
    def tone(self) -> str:
        """``bad``: do not buy or eat before asking; ``warn``: something is not known; ``good``: nothing is missing."""
        if self is Verdict.COMPLETE:
            return "good"
        return "warn" if self in (Verdict.INCOMPLETE, Verdict.UNLISTED) else "bad"


def verdicts(
    *,
    batch: BatchStatus,
    business: BusinessStatus,
    best_before: date | None,
    complete: bool,
    today: date,
    under_review: bool = False,
    recalled: bool = False,
    held: bool = False,
) -> tuple[Verdict, ...]:
    """Everything that holds of a published batch on a day, gravest first; never empty."""
    holds = {
        Verdict.RECALLED: recalled,
        Verdict.HELD: held,
        Verdict.WITHDRAWN: batch is BatchStatus.WITHDRAWN,
        Verdict.UNDER_REVIEW: under_review,
        Verdict.SUSPENDED: business is BusinessStatus.SUSPENDED,
        Verdict.UNLISTED: business not in (BusinessStatus.APPROVED, BusinessStatus.SUSPENDED),
        Verdict.EXPIRED: best_before is not None and today > best_before,
        Verdict.INCOMPLETE: not complete,
        Verdict.COMPLETE: complete,
    }
    return tuple(verdict for verdict in Verdict if holds[verdict])
