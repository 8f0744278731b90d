"""What a shopper may report, and what becomes of a report."""

from . import crockford
from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled


class ComplaintReason(Labelled):
    SPOILED = "spoiled", N_("Hàng hỏng, có mùi lạ")
    ILLNESS = "illness", N_("Bị đau bụng, ngộ độc sau khi ăn")
    FOREIGN_OBJECT = "foreign_object", N_("Có vật lạ trong sản phẩm")
    WRONG_PRODUCT = "wrong_product", N_("Sản phẩm không đúng với thông tin trên trang")
    SUSPECTED_COPY = "suspected_copy", N_("Nghi tem bị sao chép, hàng giả")
    EXPIRED = "expired", N_("Bán hàng quá hạn sử dụng")
    OTHER = "other", N_("Lý do khác")

    @property
    def is_urgent(self) -> bool:
        """Someone may be harmed: the department sees it first."""
        return self in (ComplaintReason.ILLNESS, ComplaintReason.FOREIGN_OBJECT)


class ComplaintStatus(Labelled):
    RECEIVED = "received", N_("Đã tiếp nhận")
    REVIEWING = "reviewing", N_("Đang xem xét")
    RESOLVED = "resolved", N_("Đã giải quyết")
    UNFOUNDED = "unfounded", N_("Không có cơ sở")


TRANSITIONS: dict[ComplaintStatus, tuple[ComplaintStatus, ...]] = {
    ComplaintStatus.RECEIVED: (ComplaintStatus.REVIEWING, ComplaintStatus.RESOLVED, ComplaintStatus.UNFOUNDED),
    ComplaintStatus.REVIEWING: (ComplaintStatus.RESOLVED, ComplaintStatus.UNFOUNDED),
    ComplaintStatus.RESOLVED: (ComplaintStatus.REVIEWING,),
    ComplaintStatus.UNFOUNDED: (ComplaintStatus.REVIEWING,),
}


class ComplaintStepNotPossible(Conflict):
    code = "complaint-step-not-possible"
    message = N_("Phản ánh này không thể chuyển sang bước đó. Hãy tải lại trang để xem tình trạng mới nhất.")


class InvalidTrackingNumber(InvalidInput):
    code = "invalid-tracking-number"
    message = N_("Mã phản ánh có dạng PA-XXXX-XXXX. Hãy gõ lại đúng như trong biên nhận.")


def transition(status: ComplaintStatus, to: ComplaintStatus) -> ComplaintStatus:
    """A closed complaint may be opened again. Raises ``ComplaintStepNotPossible``."""
    if to not in TRANSITIONS[status]:
        raise ComplaintStepNotPossible
    return to


def tracking_number(random_bytes: bytes) -> str:
    """``PA-7K3M-9XW2``: 35 random bits of at least 5 random bytes and a check character.

    The number alone opens the state of the complaint, so it tells nothing about the day or how many there are.
    """
    symbols = crockford.with_check(crockford.encode(random_bytes, 7))
    return f"PA-{symbols[:4]}-{symbols[4:]}"


def parse_tracking_number(typed: str) -> str:
    """The tracking number as printed, from any case and spacing. Raises ``InvalidTrackingNumber``."""
    symbols = crockford.normalise(typed).removeprefix("PA")
    if len(symbols) != 8 or not crockford.passes(symbols):
        raise InvalidTrackingNumber(field="tracking_number")
    return f"PA-{symbols[:4]}-{symbols[4:]}"
