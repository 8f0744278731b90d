"""How many labels a batch can need, and when none may leave."""

from collections.abc import Sequence

from .errors import N_, Conflict, InvalidInput, TraceError
from .quantities import Unit

MOST_LABELS = 1_000_000
"""In one file."""


class LabelsNotReady(Conflict):
    """No label leaves the system unless it leads to a batch with data."""

    code = "labels-not-ready"
    message = N_("Lô này chưa công bố nên chưa in được tem: mã trên tem phải mở ra trang của lô. Hãy công bố lô trước.")


class LabelLeadsNowhere(TraceError):
    code = "label-leads-nowhere"
    message = N_("Liên kết trên tem chưa mở ra trang của lô này nên tem chưa được in. Hãy thử lại sau ít phút.")


class MoreLabelsThanPacks(InvalidInput):
    """A slip of the keyboard, or labels for goods that are not there; whoever insists says why."""

    code = "more-labels-than-packs"
    message = N_(
        "Lô này chỉ đóng được khoảng %(packs)s gói, đã in %(made)s tem; thêm %(count)s tem là nhiều hơn số gói. "
        "Nếu vẫn cần in, hãy ghi lý do; cơ quan quản lý cũng đọc được."
    )


class LabelCountImpossible(InvalidInput):
    code = "label-count-impossible"
    message = N_("Mỗi lần in được từ 1 đến %(most)s tem. Hãy nhập số khác, hoặc chia làm nhiều lần.")


def check_wanted(count: int) -> None:
    """Raises LabelCountImpossible."""
    if not 1 <= count <= MOST_LABELS:
        raise LabelCountImpossible(field="count", most=MOST_LABELS)


def packs_possible(amount: int, pack_sizes: Sequence[int], unit: Unit) -> int | None:
    """Packs of the smallest size in ``amount`` base units; None where no size is known. Loose pieces are packs of one."""
    if not pack_sizes:
        return amount if unit is Unit.EA else None
    return amount // min(pack_sizes)


def check_count(count: int, *, made: int, packs: int | None) -> None:
    """Raises ``MoreLabelsThanPacks``. ``made`` labels were handed out before."""
    if packs is not None and made + count > packs:
        raise MoreLabelsThanPacks(field="count", packs=packs, made=made, count=count)
