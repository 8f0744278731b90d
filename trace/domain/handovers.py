"""Goods on their way from one business to another: what each side may say, and what follows from it.

Amounts count base units (g, ml, piece). Both sides' amounts are kept; what lies between them was lost on the way.
"""

from datetime import date, datetime

from .balance import HappensInFuture, check_movement
from .batches import AmountNotPositive
from .dates import format_moment
from .errors import N_, Conflict, InvalidInput
from .evidence import Evidence
from .labelled import Labelled
from .quantities import Unit, format_amount


class HandoverStatus(Labelled):
    OFFERED = "offered", N_("Chờ nhận")
    ACCEPTED = "accepted", N_("Đã nhận đủ")
    ACCEPTED_WITH_DIFFERENCE = "accepted_with_difference", N_("Đã nhận, có chênh lệch")
    REJECTED = "rejected", N_("Bị từ chối")
    WITHDRAWN = "withdrawn", N_("Bên giao đã rút lại")
    EXPIRED = "expired", N_("Quá hạn nhận")
    DISPUTED = "disputed", N_("Đang khiếu nại")

    @property
    def is_received(self) -> bool:
        """The buyer has the goods, and nobody says otherwise."""
        return self in (HandoverStatus.ACCEPTED, HandoverStatus.ACCEPTED_WITH_DIFFERENCE)

    @property
    def came_back(self) -> bool:
        """The goods are the seller's again."""
        return self in (HandoverStatus.REJECTED, HandoverStatus.WITHDRAWN, HandoverStatus.EXPIRED)


class BuyerNotFound(InvalidInput):
    code = "buyer-not-found"
    message = N_(
        "Không có cơ sở đã duyệt nào tên hoặc mã số thuế như vậy. Hãy gõ lại, hoặc điền phần “Bên nhận chưa có trên hệ thống”."
    )


class OfferedToItself(InvalidInput):
    code = "offered-to-itself"
    message = N_("Bên nhận chính là cơ sở của bạn. Hãy chọn một cơ sở khác.")


class MayNotTrade(Conflict):
    """Goods change hands between approved businesses only; a counterparty without enrolment is named as such."""

    code = "may-not-trade"
    message = N_("%(business)s chưa được duyệt, đang bị đình chỉ hoặc đã rút, nên chưa giao nhận được lô hàng nào.")


class NotMovable(Conflict):
    code = "batch-not-movable"
    message = N_(
        "Lô %(lot)s đã rút nên không giao hay nhận được nữa. Hãy từ chối, hoặc để bên giao rút lại chuyến hàng."
    )


class ExpectedBeforeShipped(InvalidInput):
    code = "expected-before-shipped"
    message = N_("Giờ dự kiến tới nơi không thể trước giờ giao. Hãy kiểm tra lại.")


class ShippedBeforeReceived(InvalidInput):
    code = "shipped-before-received"
    message = N_("Cơ sở nhận lô này lúc %(time)s, nên không thể giao đi trước lúc đó.")


class ReceivedBeforeShipped(InvalidInput):
    code = "received-before-shipped"
    message = N_("Chuyến hàng được giao đi lúc %(time)s, nên không thể nhận trước lúc đó.")


class MoreThanSent(InvalidInput):
    code = "more-than-sent"
    message = N_(
        "Bên giao ghi %(sent)s, nên không nhận được nhiều hơn. Nếu hàng thừa thật, hãy nhờ bên giao ghi thêm một chuyến cho phần thừa."
    )


class DifferenceUnexplained(InvalidInput):
    code = "difference-unexplained"
    message = N_("Hãy ghi vì sao nhận ít hơn số đã giao; bên giao cũng đọc được.")


class HandoverDecided(Conflict):
    """Somebody was faster, perhaps on the phone beside. The sentence says who, and what it came to (``DECIDED``)."""

    code = "handover-decided"
    message = N_("Chuyến hàng này đã được xử lý. Hãy tải lại trang để xem.")


class DisputeNotPossible(Conflict):
    code = "dispute-not-possible"
    message = N_("Chỉ khiếu nại được chuyến hàng đã nhận và chưa có khiếu nại nào đang mở.")


class NotDisputed(Conflict):
    code = "not-disputed"
    message = N_("Chuyến hàng này không có khiếu nại nào đang mở. Hãy tải lại trang để xem.")


DECIDED = {
    HandoverStatus.ACCEPTED: N_("%(person)s đã nhận chuyến hàng này lúc %(time)s, không cần nhận lại."),
    HandoverStatus.ACCEPTED_WITH_DIFFERENCE: N_(
        "%(person)s đã nhận chuyến hàng này lúc %(time)s, có ghi chênh lệch; không cần nhận lại."
    ),
    HandoverStatus.REJECTED: N_("%(person)s đã từ chối chuyến hàng này lúc %(time)s; số hàng đã về kho bên giao."),
    HandoverStatus.WITHDRAWN: N_("%(person)s đã rút lại chuyến hàng này lúc %(time)s; số hàng đã về kho bên giao."),
    HandoverStatus.EXPIRED: N_(
        "Chuyến hàng này quá hạn nhận từ lúc %(time)s nên số hàng đã về kho bên giao. Hãy nhờ bên giao ghi lại."
    ),
}
"""Why an offer is no longer open."""


def check_offer(
    amount: int,
    *,
    shipped_at: datetime,
    expected_at: datetime | None,
    received_at: datetime | None,
    lot: str,
    production_date: date,
    now: datetime,
) -> None:
    """``received_at``: when the seller first got the batch, None for its maker.

    Raises AmountNotPositive, ExpectedBeforeShipped, ShippedBeforeReceived and what ``check_movement`` raises.
    """
    if amount <= 0:
        raise AmountNotPositive(field="amount")
    check_movement(shipped_at, lot=lot, production_date=production_date, now=now, field="shipped_at")
    if received_at and shipped_at < received_at:
        raise ShippedBeforeReceived(field="shipped_at", time=format_moment(received_at))
    if expected_at and expected_at < shipped_at:
        raise ExpectedBeforeShipped(field="expected_at")


def received_status(sent: int, received: int, *, reason: str, unit: Unit) -> HandoverStatus:
    """What accepting so much of what was sent comes to. Raises AmountNotPositive, MoreThanSent, DifferenceUnexplained."""
    if received <= 0:
        message = N_("Nếu không nhận gì, hãy từ chối chuyến hàng.")
        raise AmountNotPositive(message, field="received")
    if received > sent:
        raise MoreThanSent(field="received", sent=format_amount(sent, unit))
    if received < sent and not reason:
        raise DifferenceUnexplained(field="reason")
    return settled_status(sent, received)


def settled_status(sent: int, received: int | None) -> HandoverStatus:
    """Of goods that were received and are not, or no longer, disputed."""
    return HandoverStatus.ACCEPTED if received == sent else HandoverStatus.ACCEPTED_WITH_DIFFERENCE


def check_receipt(at: datetime, *, shipped_at: datetime, now: datetime) -> None:
    """Raises HappensInFuture or ReceivedBeforeShipped."""
    if at > now:
        raise HappensInFuture(field="at")
    if at < shipped_at:
        raise ReceivedBeforeShipped(field="at", time=format_moment(shipped_at))


def evidence_of(recorded: Evidence, status: HandoverStatus | None, *, inspected: bool = False) -> Evidence:
    """How well a step is known, given the handover it belongs to: shipping was declared by one side when it was
    recorded and is confirmed by both once received; while the sides disagree, neither is more than declared.
    What the authority saw for itself outranks both."""
    if inspected:
        return Evidence.INSPECTED
    if status is None:
        return recorded
    return Evidence.CONFIRMED if status.is_received else Evidence.DECLARED
