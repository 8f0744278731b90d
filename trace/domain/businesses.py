"""Who takes part, and how the department's decisions move a business from application to approval."""

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled
from .text import clean_lines


class BusinessKind(Labelled):
    HOUSEHOLD = "household", N_("Hộ sản xuất, kinh doanh")
    COOPERATIVE = "cooperative", N_("Hợp tác xã")
    COMPANY = "company", N_("Doanh nghiệp")
    SLAUGHTERHOUSE = "slaughterhouse", N_("Cơ sở giết mổ")
    PROCESSOR = "processor", N_("Cơ sở sơ chế, chế biến")
    DISTRIBUTOR = "distributor", N_("Nhà phân phối")
    MARKET = "market", N_("Chợ")
    SHOP = "shop", N_("Cửa hàng, siêu thị")


TRADING = frozenset({BusinessKind.DISTRIBUTOR, BusinessKind.MARKET, BusinessKind.SHOP})
"""Kinds that sell what others made: distribution in the plan, points of sale, and coverage looks at what they received."""


class BusinessStatus(Labelled):
    DRAFT = "draft", N_("Đang soạn hồ sơ")
    APPLIED = "applied", N_("Chờ duyệt")
    APPROVED = "approved", N_("Đã duyệt")
    REJECTED = "rejected", N_("Bị từ chối")
    SUSPENDED = "suspended", N_("Tạm đình chỉ")
    WITHDRAWN = "withdrawn", N_("Đã rút")

    @property
    def may_publish(self) -> bool:
        """Only an approved business may show batches to shoppers; every other may prepare everything."""
        return self is BusinessStatus.APPROVED


class Decision(Labelled):
    """A step in the life of an enrolment. The business itself applies and withdraws; an officer decides the rest."""

    APPLY = "apply", N_("Nộp hồ sơ")
    APPROVE = "approve", N_("Duyệt")
    REJECT = "reject", N_("Từ chối")
    SUSPEND = "suspend", N_("Đình chỉ tạm thời")
    REINSTATE = "reinstate", N_("Khôi phục")
    WITHDRAW = "withdraw", N_("Rút khỏi hệ thống")

    @property
    def is_officers(self) -> bool:
        return self not in (Decision.APPLY, Decision.WITHDRAW)

    @property
    def needs_reason(self) -> bool:
        """Whoever is refused or stopped must be able to read why, and so must whoever lifts a suspension later."""
        return self in (Decision.REJECT, Decision.SUSPEND, Decision.REINSTATE)


TRANSITIONS: dict[tuple[BusinessStatus, Decision], BusinessStatus] = {
    (BusinessStatus.DRAFT, Decision.APPLY): BusinessStatus.APPLIED,
    (BusinessStatus.APPLIED, Decision.APPROVE): BusinessStatus.APPROVED,
    (BusinessStatus.APPLIED, Decision.REJECT): BusinessStatus.REJECTED,
    (BusinessStatus.APPLIED, Decision.WITHDRAW): BusinessStatus.WITHDRAWN,
    (BusinessStatus.REJECTED, Decision.APPLY): BusinessStatus.APPLIED,
    (BusinessStatus.APPROVED, Decision.SUSPEND): BusinessStatus.SUSPENDED,
    (BusinessStatus.APPROVED, Decision.WITHDRAW): BusinessStatus.WITHDRAWN,
    (BusinessStatus.SUSPENDED, Decision.REINSTATE): BusinessStatus.APPROVED,
    (BusinessStatus.SUSPENDED, Decision.WITHDRAW): BusinessStatus.WITHDRAWN,
    (BusinessStatus.WITHDRAWN, Decision.APPLY): BusinessStatus.APPLIED,
}


class DecisionNotPossible(Conflict):
    """The business is not in a state from which this decision leads anywhere."""

    code = "decision-not-possible"
    message = N_("Hồ sơ này không còn ở bước chờ quyết định đó. Hãy tải lại trang để xem tình trạng mới nhất.")


class ReasonRequired(InvalidInput):
    """A decision against someone carries a reason that they can read."""

    code = "reason-required"
    message = N_("Hãy ghi rõ lý do để cơ sở biết cần làm gì.")


def decisions_from(status: BusinessStatus) -> list[Decision]:
    """The decisions that are possible now, for the buttons of a page."""
    return [decision for before, decision in TRANSITIONS if before is status]


def transition(status: BusinessStatus, decision: Decision, reason: str = "") -> BusinessStatus:
    """The status after ``decision``. Raises ``DecisionNotPossible`` or ``ReasonRequired`` (field ``reason``)."""
    after = TRANSITIONS.get((status, decision))
    if after is None:
        raise DecisionNotPossible
    if decision.needs_reason and not clean_lines(reason):
        raise ReasonRequired(field="reason")
    return after
