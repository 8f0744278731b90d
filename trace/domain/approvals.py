"""What one officer proposes takes effect only when another approves it."""

from .errors import N_, Conflict, NotAllowed
from .labelled import Labelled


class ApprovalKind(Labelled):
    """What it is about. ``services.approvals.WORKS`` says who may propose and approve it, and what approval carries out."""

    SUSPENSION = "suspension", N_("Tạm đình chỉ cơ sở")
    RECALL = "recall", N_("Thu hồi bắt buộc")
    RISK_WEIGHTS = "risk_weights", N_("Đổi trọng số điểm rủi ro")
    COVERAGE_DEFINITION = "coverage_definition", N_("Đổi định nghĩa kết quả truy xuất")


class ApprovalStatus(Labelled):
    OPEN = "open", N_("Chờ người thứ hai")
    APPROVED = "approved", N_("Đã duyệt")
    REFUSED = "refused", N_("Không duyệt")
    WITHDRAWN = "withdrawn", N_("Người đề nghị đã rút")


class NeedsAnother(NotAllowed):
    """Nobody approves or refuses what they proposed themselves."""

    code = "needs-another-person"
    message = N_("Bạn đã đề nghị việc này, nên một cán bộ khác phải quyết định. Bạn có thể rút đề nghị.")


class NotTheProposer(NotAllowed):
    code = "not-the-proposer"
    message = N_("Chỉ người đề nghị rút được đề nghị. Bạn có thể không duyệt.")


class AlreadyProposed(Conflict):
    code = "already-proposed"
    message = N_("Việc này đã được đề nghị và đang chờ người thứ hai.")
