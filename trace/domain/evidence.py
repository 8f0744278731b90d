"""How a fact is known, graded the same way for shopper, business and officer."""

from .errors import N_
from .labelled import Labelled


class Evidence(Labelled):
    """Ordered: ``INSPECTED > CONFIRMED > DOCUMENT > DECLARED > MISSING``, so ``max`` gives the best that is known."""

    INSPECTED = "inspected", N_("Cơ quan chức năng đã kiểm tra")
    CONFIRMED = "confirmed", N_("Hai bên giao nhận cùng xác nhận")
    DOCUMENT = "document", N_("Có giấy tờ kèm theo")
    DECLARED = "declared", N_("Cơ sở tự khai")
    MISSING = "missing", N_("Chưa có thông tin")

    @property
    def rank(self) -> int:
        """4 for the strongest, 0 for nothing."""
        return len(Evidence) - 1 - list(Evidence).index(self)

    # A string would be compared by its letters.
    def __lt__(self, other: str) -> bool:
        return self.rank < Evidence(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Evidence(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Evidence(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Evidence(other).rank
