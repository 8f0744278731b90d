"""What is left of a batch, and what may be made of what: nothing comes from nothing, and nothing before its parts.

Amounts count base units (g, ml, piece).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from .dates import format_date, vietnam_date
from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled
from .quantities import Unit, format_amount


class MovementKind(Labelled):
    """How goods leave a holding."""

    USED = "used", N_("Làm ra lô khác")
    LOST = "lost", N_("Hao hụt")
    OWN_USE = "own_use", N_("Tự dùng")
    SOLD = "sold", N_("Bán lẻ")
    DESTROYED = "destroyed", N_("Tiêu hủy")
    SHIPPED = "shipped", N_("Giao cho cơ sở khác")

    @property
    def is_final(self) -> bool:
        """Whether the goods are with no holder of their batch any more: those shipped go on to another."""
        return self is not MovementKind.SHIPPED


class Direction(StrEnum):
    """Which way a batch is followed."""

    BACK = "back"
    FORWARD = "forward"


class NotHeld(InvalidInput):
    """Also where the batch does not exist: a business learns nothing of batches that it never held."""

    code = "not-held"
    message = N_("Cơ sở không giữ lô này. Hãy chọn một lô đang có trong kho của cơ sở.")


class NotEnoughHeld(Conflict):
    code = "not-enough-held"
    message = N_("Lô %(lot)s chỉ còn %(held)s trong kho. Hãy nhập một số không lớn hơn.")


class HoldingMoved(Conflict):
    """The same form may have been sent twice, or a colleague was faster."""

    code = "holding-moved"
    message = N_("Số trong kho vừa thay đổi, nay còn %(held)s. Có thể việc này đã được ghi: hãy xem lại rồi gửi.")


class BatchWithdrawn(Conflict):
    code = "batch-withdrawn"
    message = N_("Lô %(lot)s đã rút nên không làm ra lô khác được. Chỉ ghi được hao hụt, tự dùng hoặc tiêu hủy.")


class MadeFromTooLittle(InvalidInput):
    code = "made-from-too-little"
    message = N_("Làm ra và hao hụt cộng lại là %(made)s, nhiều hơn %(used)s đã dùng. Hãy kiểm tra lại các số.")


class UnitsDiffer(InvalidInput):
    code = "units-differ"
    message = N_("Lô %(lot)s tính bằng đơn vị khác với sản phẩm làm ra. Hãy chọn sản phẩm có cùng đơn vị.")


class OlderThanItsParts(InvalidInput):
    code = "older-than-its-parts"
    message = N_("Lô %(lot)s có ngày sản xuất %(day)s, nên lô làm ra từ nó không thể sớm hơn ngày đó.")


class HappensInFuture(InvalidInput):
    code = "happens-in-future"
    message = N_("Thời gian này chưa tới. Hãy nhập lúc đã làm xong.")


class HappensBeforeProduction(InvalidInput):
    code = "happens-before-production"
    message = N_("Lô %(lot)s sản xuất ngày %(day)s, nên việc này không thể xảy ra trước ngày đó.")


@dataclass(frozen=True)
class Part:
    """So much of a batch as went into another."""

    lot: str
    amount: int
    unit: Unit
    production_date: date


def check_movement(at: datetime, *, lot: str, production_date: date, now: datetime, field: str = "at") -> None:
    """Raises HappensInFuture or HappensBeforeProduction."""
    if at > now:
        raise HappensInFuture(field=field)
    if vietnam_date(at) < production_date:
        raise HappensBeforeProduction(field=field, lot=lot, day=format_date(production_date))


def check_genealogy(
    parts: Sequence[Part], *, amount: int, loss: int, unit: Unit, production_date: date, at: datetime, now: datetime
) -> None:
    """Whether a batch of ``amount`` can have been made ``at`` that time from ``parts``, ``loss`` being lost on the way.

    What is missing between them stays unexplained and is shown so; more than went in is refused.
    Raises HappensInFuture, HappensBeforeProduction, OlderThanItsParts, UnitsDiffer or MadeFromTooLittle.
    """
    for part in parts:
        check_movement(at, lot=part.lot, production_date=part.production_date, now=now)
        if part.unit is not unit:
            raise UnitsDiffer(field="product_id", lot=part.lot)
        if production_date < part.production_date:
            raise OlderThanItsParts(field="production_date", lot=part.lot, day=format_date(part.production_date))
    used = sum(part.amount for part in parts)
    if amount + loss > used:
        raise MadeFromTooLittle(field="amount", made=format_amount(amount + loss, unit), used=format_amount(used, unit))
