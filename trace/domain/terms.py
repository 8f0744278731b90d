"""Our own words in EPCIS events, published under ``/voc/``: names for what GS1's vocabularies do not say.

A term never changes its meaning and is never taken away: events that use it are kept for ever.
"""

from dataclasses import dataclass

from .errors import N_
from .vocabulary import BusinessStep


@dataclass(frozen=True)
class Term:
    """A business step, or a property of events. ``label`` and ``comment`` are gettext ids.

    ``shown``: anyone may read its values; else only who recorded the event, and the department.
    """

    name: str
    label: str
    comment: str
    shown: bool = False
    is_step: bool = False


TERMS = (
    Term(
        BusinessStep.PRELIMINARY_PROCESSING.value,
        BusinessStep.PRELIMINARY_PROCESSING.label,
        N_("Nhặt, rửa, cắt, phân loại, làm ráo trước khi đóng gói; chưa làm ra sản phẩm khác."),
        shown=True,
        is_step=True,
    ),
    Term(
        BusinessStep.LABORATORY_TESTING.value,
        BusinessStep.LABORATORY_TESTING.label,
        N_("Mẫu của lô được một phòng kiểm nghiệm phân tích. Thời gian của sự kiện là lúc lấy mẫu."),
        shown=True,
        is_step=True,
    ),
    Term("batch", N_("Mã lô"), N_("Mã truy xuất nguồn gốc của lô mà sự kiện nói tới."), shown=True),
    Term("number", N_("Số thứ tự"), N_("Sự kiện thứ mấy của lô, kể cả những sự kiện đã khai là sai."), shown=True),
    Term("packs", N_("Số gói"), N_("Số gói đã đóng trong lần đóng gói.")),
    Term("loss", N_("Hao hụt khi làm ra"), N_("Phần mất đi khi làm ra lô, tính bằng g, ml hoặc cái.")),
    Term(
        "movement",
        N_("Hàng đi đâu"),
        N_("Vì sao hàng rời khỏi kho: sold (bán lẻ), lost (hao hụt), own_use (tự dùng) hoặc destroyed (tiêu hủy)."),
    ),
    Term("reason", N_("Lý do"), N_("Vì sao hàng rời khỏi kho, theo lời người ghi.")),
    Term("laboratory", N_("Phòng kiểm nghiệm"), N_("Phòng kiểm nghiệm đã phân tích mẫu."), shown=True),
    Term("report", N_("Số phiếu"), N_("Số của phiếu kết quả kiểm nghiệm."), shown=True),
    Term("findings", N_("Các chỉ tiêu"), N_("Từng chỉ tiêu, kết quả và giới hạn như in trên phiếu.")),
    Term("note", N_("Ghi chú"), N_("Việc đã làm, theo lời người ghi.")),
    Term(
        "said",
        N_("Vì sao ghi sai"),
        N_("Trong khai báo sai: sự kiện sai ở đâu, theo lời người khai báo."),
        shown=True,
    ),
)
SHOWN = frozenset(term.name for term in TERMS if term.shown)


def namespace(public_url: str) -> str:
    """What precedes a term's name in its URI; the page at this address explains them all."""
    return f"{public_url}/voc/#"
