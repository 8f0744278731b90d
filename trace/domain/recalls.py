"""Taking food back: what a recall covers, who may say so, and how far it has come.

Thông tư 17/2021/TT-BNNPTNT: receive, assess, plan, approve, recall, dispose, report; voluntary or compulsory.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled


class RecallKind(Labelled):
    """A business takes back what it made; or the department orders it."""

    VOLUNTARY = "voluntary", N_("Tự nguyện")
    COMPULSORY = "compulsory", N_("Bắt buộc")


class RecallClass(Labelled):
    """How grave the danger is, gravest first. This service's own scale: the circular knows no classes."""

    SERIOUS = "serious", N_("Mức 1 – có thể gây hại nghiêm trọng cho sức khỏe")
    MODERATE = "moderate", N_("Mức 2 – có thể gây hại cho sức khỏe")
    MINOR = "minor", N_("Mức 3 – sai nhãn hoặc chất lượng, khó gây hại")

    @property
    def advice(self) -> str:
        """What whoever has the food at home is to do."""
        return _ADVICE[self]

    @property
    def less_grave(self) -> "list[RecallClass]":
        classes = list(RecallClass)
        return classes[classes.index(self) + 1 :]


_ADVICE = {
    RecallClass.SERIOUS: N_(
        "Không ăn, không cho ai hay vật nuôi ăn. Giữ nguyên bao bì và tem, mang trả nơi đã mua. "
        "Nếu đã ăn và thấy khó chịu, hãy đến cơ sở y tế và mang theo bao bì."
    ),
    RecallClass.MODERATE: N_("Không ăn. Giữ nguyên bao bì và tem, mang trả nơi đã mua."),
    RecallClass.MINOR: N_("Tạm ngừng dùng. Giữ bao bì và tem, hỏi nơi đã mua để được đổi hoặc trả."),
}


class RecallStatus(Labelled):
    PROPOSED = "proposed", N_("Chờ xác nhận")
    ORDERED = "ordered", N_("Chờ người thứ hai duyệt")
    OPEN = "open", N_("Đang thu hồi")
    CLOSED = "closed", N_("Đã kết thúc")
    DISMISSED = "dismissed", N_("Đã bỏ")


WAITING = (RecallStatus.PROPOSED, RecallStatus.ORDERED)
"""Nobody has been told to send anything back yet."""


class Disposal(Labelled):
    """What becomes of food that was taken back: the four ways of the circular."""

    REPAIR = "repair_or_relabel", N_("Khắc phục lỗi sản phẩm hoặc lỗi ghi nhãn")
    CHANGE_PURPOSE = "change_of_purpose", N_("Chuyển mục đích sử dụng")
    RE_EXPORT = "re_export", N_("Tái xuất")
    DESTROY = "destruction", N_("Tiêu hủy")


class ScopeKind(Labelled):
    BATCHES = "batches", N_("Theo mã lô hàng")
    SITE = "site_and_period", N_("Theo nơi sản xuất và khoảng ngày")
    INPUT = "input_lot", N_("Theo vật tư đã dùng (thuốc, phân, giống)")


class RecallNotPossible(Conflict):
    code = "recall-not-possible"
    message = N_("Vụ thu hồi này không ở tình trạng cho phép việc đó. Hãy tải lại trang để xem tình trạng mới nhất.")


class NothingToRecall(InvalidInput):
    code = "nothing-to-recall"
    message = N_("Không có lô hàng đã công bố nào trong phạm vi này. Hãy kiểm tra lại mã, nơi, ngày hoặc tên vật tư.")


class NothingToRehearse(InvalidInput):
    code = "nothing-to-rehearse"
    message = N_("Không có lô hàng đã công bố nào để diễn tập. Hãy công bố một lô, hoặc kiểm tra lại mã.")


class ScopeGrew(Conflict):
    """Somebody made, offered or withdrew something since the person looked."""

    code = "recall-scope-changed"
    message = N_("Phạm vi vừa thay đổi: nay có %(count)s lô hàng. Hãy xem lại rồi xác nhận.")


class ForOfficersToDecide(Conflict):
    code = "recall-for-officers"
    message = N_("Phạm vi có lô do cơ sở khác làm ra, nên cán bộ phải quyết định. Đề nghị đã được gửi.")


class NotConfirmed(InvalidInput):
    code = "recall-not-confirmed"
    message = N_("Hãy gõ đúng chữ THU HỒI để xác nhận.")


class MoreLocatedThanHeld(InvalidInput):
    code = "more-located-than-held"
    message = N_("Lô %(lot)s theo sổ chỉ có %(held)s. Hãy nhập một số không lớn hơn.")


class AlreadyDestroyed(Conflict):
    code = "already-destroyed"
    message = N_(
        "Lô %(lot)s đã xác nhận tiêu hủy %(destroyed)s. Nếu tìm thấy thêm và đã tiêu hủy nốt, hãy nhập tổng số."
    )


class HoldersSilent(Conflict):
    code = "holders-silent"
    message = N_("Còn %(count)s nơi chưa xác nhận, nên chỉ cán bộ mới kết thúc được vụ thu hồi.")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where a recall begins; what was made of it follows by itself.

    ``codes`` (BATCHES) are public codes; ``site_id`` with the days of production ``since`` … ``until`` (SITE);
    ``material`` as the diary names it, and ``lot`` as part of what was written with it, empty for any (INPUT).
    ``business_id`` keeps SITE and INPUT to what one business made; None is everybody.
    """

    kind: ScopeKind
    codes: tuple[str, ...] = ()
    site_id: int | None = None
    since: date | None = None
    until: date | None = None
    material: str = ""
    lot: str = ""
    business_id: int | None = None


@dataclass(frozen=True)
class Period:
    """So many hours after which something is due, as a law or this service set it; in force from ``since``."""

    name: str
    hours: int
    since: date
    source: str


DECIDE = "decide"
"""The department decides about a proposal (Thông tư 17/2021)."""


def reminder(recall_class: RecallClass) -> str:
    """The name of the period after which a silent holder is reminded, and again after as long."""
    return f"remind_{recall_class.value}"


def due(periods: "tuple[Period, ...]", name: str, start: datetime, today: date) -> datetime:
    """When what began at ``start`` is due under the rule in force today."""
    rules = (one for one in periods if one.name == name and one.since <= today)
    return start + timedelta(hours=max(rules, key=lambda one: one.since).hours)


def order(status: RecallStatus) -> RecallStatus:
    if status is not RecallStatus.PROPOSED:
        raise RecallNotPossible
    return RecallStatus.ORDERED


def confirm(status: RecallStatus) -> RecallStatus:
    if status not in WAITING:
        raise RecallNotPossible
    return RecallStatus.OPEN


def dismiss(status: RecallStatus) -> RecallStatus:
    if status not in WAITING:
        raise RecallNotPossible
    return RecallStatus.DISMISSED


def close(status: RecallStatus) -> RecallStatus:
    if status is not RecallStatus.OPEN:
        raise RecallNotPossible
    return RecallStatus.CLOSED


def scope_as_json(scope: Scope) -> dict[str, object]:
    """As it is kept; ``scope_from_json`` reads it."""
    return {
        "kind": scope.kind.value,
        "codes": list(scope.codes),
        "site_id": scope.site_id,
        "since": scope.since and scope.since.isoformat(),
        "until": scope.until and scope.until.isoformat(),
        "material": scope.material,
        "lot": scope.lot,
        "business_id": scope.business_id,
    }


def scope_from_json(kept: dict[str, object]) -> Scope:
    days = {name: date.fromisoformat(str(kept[name])) if kept[name] else None for name in ("since", "until")}
    codes = kept["codes"] if isinstance(kept["codes"], list) else []
    rest = {**kept, **days, "kind": ScopeKind(str(kept["kind"])), "codes": tuple(codes)}
    return Scope(**rest)  # type: ignore[arg-type] # JSON that this module wrote
