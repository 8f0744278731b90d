"""What is left of a batch, and what may be made of what: nothing comes from nothing, and nothing before its parts.

Amounts count base units (g, ml, piece).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from .dates import format_date, vietnam_date
from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled
from .making_rules import NO_RULE, MakingRule, in_one_unit
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

    @classmethod
    def of(cls, loose: int, packed: int, unit: Unit, *, lot: str, field: str) -> Self:
        """What is in cases has to be unpacked before."""
        held = format_amount(loose, unit)
        if not packed:
            return cls(field=field, lot=lot, held=held)
        message = N_("Lô %(lot)s chỉ còn %(held)s để rời; %(packed)s đang ở trong thùng. Hãy mở thùng trước.")
        return cls(message, field=field, lot=lot, held=held, packed=format_amount(packed, unit))


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


class AlreadyUndone(Conflict):
    """Also for a correction of a correction: what was taken back is said again as it should have been."""

    code = "already-undone"
    message = N_("Bản ghi này đã được hủy hoặc đính chính nên không hủy được nữa. Nếu hủy nhầm, hãy ghi lại từ đầu.")


class UndoFirst(Conflict):
    """Something came after; the sentence says what has to be undone before."""

    code = "undo-first"


class UnitsDiffer(InvalidInput):
    code = "units-differ"
    message = N_(
        "Lô %(lot)s tính bằng đơn vị khác với sản phẩm làm ra. Hãy chọn sản phẩm có cùng đơn vị, "
        "hoặc khai số gam mỗi đơn vị trong công thức của sản phẩm."
    )


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
    rule: MakingRule = NO_RULE


def check_movement(at: datetime, *, lot: str, production_date: date, now: datetime, field: str = "at") -> None:
    """Raises HappensInFuture or HappensBeforeProduction."""
    if at > now:
        raise HappensInFuture(field=field)
    if vietnam_date(at) < production_date:
        raise HappensBeforeProduction(field=field, lot=lot, day=format_date(production_date))


@dataclass(frozen=True)
class Making:
    """What went in, what came out and what was lost on the way, in base units of ``unit``."""

    used: int
    made: int
    loss: int
    unit: Unit

    @property
    def unexplained(self) -> int:
        return max(0, self.used - self.made - self.loss)

    @property
    def added(self) -> int:
        """What came out, or was lost, beyond what went in."""
        return max(0, self.made + self.loss - self.used)


def making(parts: Sequence[Part], *, amount: int, loss: int, unit: Unit, rule: MakingRule) -> Making:
    """The amounts in one unit: that of what is made, or grams where the rules say what a piece weighs.

    Raises UnitsDiffer.
    """
    made = [(amount, unit, rule), (loss, unit, rule)]
    found = in_one_unit([*((part.amount, part.unit, part.rule) for part in parts), *made])
    if isinstance(found, int):
        raise UnitsDiffer(field="product_id", lot=parts[min(found, len(parts) - 1)].lot)
    common, amounts = found
    return Making(sum(amounts[:-2]), amounts[-2], amounts[-1], common)


def check_genealogy(
    parts: Sequence[Part],
    *,
    amount: int,
    loss: int,
    unit: Unit,
    production_date: date,
    at: datetime,
    now: datetime,
    rule: MakingRule = NO_RULE,
) -> Making:
    """Whether a batch of ``amount`` can have been made ``at`` that time from ``parts``, ``loss`` being lost on the way.

    More than went in is refused, but for what the product's ``rule`` lets be added. What is missing stays unexplained
    and is shown so.
    Raises HappensInFuture, HappensBeforeProduction, OlderThanItsParts, UnitsDiffer or MadeFromTooLittle.
    """
    for part in parts:
        check_movement(at, lot=part.lot, production_date=part.production_date, now=now)
        if production_date < part.production_date:
            raise OlderThanItsParts(field="production_date", lot=part.lot, day=format_date(part.production_date))
    found = making(parts, amount=amount, loss=loss, unit=unit, rule=rule)
    if 100 * (found.made + found.loss) > found.used * (100 + rule.share):
        made, used = format_amount(found.made + found.loss, found.unit), format_amount(found.used, found.unit)
        if rule.share:
            sentence = N_(
                "Làm ra và hao hụt cộng lại là %(made)s, nhiều hơn %(used)s đã dùng "
                "cùng %(share)s%% được thêm theo công thức. Hãy kiểm tra lại các số."
            )
            raise MadeFromTooLittle(sentence, field="amount", made=made, used=used, share=rule.share)
        raise MadeFromTooLittle(field="amount", made=made, used=used)
    return found
