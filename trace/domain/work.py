"""What waits for the department: one queue for each kind of thing, and who does what about each.

The subjects stay where they are: an application, a complaint. Work is only who has it, what was said, and how it ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled


class Work(Labelled):
    """What there is to do about one subject."""

    APPLICATION = "application", N_("Duyệt hồ sơ")
    APPROVAL = "approval", N_("Quyết định đề nghị của cán bộ khác")
    CERTIFICATE = "certificate", N_("Kiểm tra giấy chứng nhận")
    COMPLAINT = "complaint", N_("Trả lời phản ánh")
    EXCESS = "excess", N_("Xem mục vượt mức")
    FINDING = "finding", N_("Đôn đốc khắc phục sai lỗi")
    HANDOVER = "handover", N_("Nhắc chuyến hàng chưa nhận")
    HARVEST = "harvest", N_("Xử lý thu hoạch trong thời gian cách ly")
    RECALL_HOLDER = "recall_holder", N_("Gọi nơi giữ hàng thu hồi")
    RENEWAL = "renewal", N_("Nhắc gia hạn giấy chứng nhận")

    @property
    def closes_by_hand(self) -> bool:
        """The others end with a decision on the subject itself, which needs its own words."""
        return self in (Work.HANDOVER, Work.RECALL_HOLDER, Work.RENEWAL)


class Queue(Labelled):
    APPLICATIONS = "applications", N_("Hồ sơ chờ duyệt")
    APPROVALS = "approvals", N_("Chờ người thứ hai")
    CERTIFICATES = "certificates", N_("Giấy chờ kiểm tra")
    COMPLAINTS = "complaints", N_("Phản ánh chưa xong")
    RECALL_HOLDERS = "recall_holders", N_("Nơi giữ hàng thu hồi chưa trả lời")
    HARVESTS = "harvests", N_("Thu hoạch trong thời gian cách ly")
    EXCESSES = "excesses", N_("Vượt mức có thể")
    FINDINGS = "findings", N_("Sai lỗi quá hạn khắc phục")
    HANDOVERS = "handovers", N_("Chuyến hàng quá lâu chưa nhận")
    EXPIRED = "expired", N_("Giấy đã hết hạn")
    EXPIRING_7 = "expiring_7", N_("Giấy hết hạn trong 7 ngày")
    EXPIRING_30 = "expiring_30", N_("Giấy hết hạn trong 30 ngày")

    @property
    def work(self) -> Work:
        return _WORK[self]


_WORK: Mapping[Queue, Work] = {
    Queue.APPLICATIONS: Work.APPLICATION,
    Queue.APPROVALS: Work.APPROVAL,
    Queue.CERTIFICATES: Work.CERTIFICATE,
    Queue.COMPLAINTS: Work.COMPLAINT,
    Queue.RECALL_HOLDERS: Work.RECALL_HOLDER,
    Queue.HARVESTS: Work.HARVEST,
    Queue.EXCESSES: Work.EXCESS,
    Queue.FINDINGS: Work.FINDING,
    Queue.HANDOVERS: Work.HANDOVER,
    Queue.EXPIRED: Work.RENEWAL,
    Queue.EXPIRING_7: Work.RENEWAL,
    Queue.EXPIRING_30: Work.RENEWAL,
}


class Whose(Labelled):
    MINE = "mine", N_("Việc của tôi")
    UNASSIGNED = "unassigned", N_("Chưa ai nhận")


class Step(Labelled):
    """What was done about a piece of work."""

    ASSIGNED = "assigned", N_("Giao cho %(name)s")
    RELEASED = "released", N_("Thôi giao")
    COMMENTED = "commented", N_("Ghi chú")
    CLOSED = "closed", N_("Khép lại")
    REOPENED = "reopened", N_("Mở lại")


class WorkClosed(Conflict):
    code = "work-closed"
    message = N_("%(name)s đã khép lại việc này. Hãy tải lại trang để xem lý do; nếu cần làm tiếp, hãy mở lại.")


class WorkChanged(Conflict):
    code = "work-changed"
    message = N_("Trong lúc bạn xem, %(name)s vừa ghi thêm vào việc này. Hãy tải lại trang rồi làm tiếp.")


class WorkNotClosed(Conflict):
    code = "work-not-closed"
    message = N_("Việc này đang mở.")


class EndsWithDecision(InvalidInput):
    code = "work-ends-with-decision"
    message = N_("Việc này chỉ khép lại khi có quyết định trên trang của nó.")


class NotHandling(InvalidInput):
    code = "work-not-handling"
    message = N_("Hãy chọn một cán bộ xử lý việc của địa bàn này.")


@dataclass(frozen=True, kw_only=True)
class Targets:
    """In how many days each should be done (trace/data/work_targets.csv); of a renewal after the paper's last day, of a
    finding after its deadline."""

    application: int
    approval: int
    certificate: int
    complaint: int
    excess: int
    finding: int
    handover: int
    harvest: int
    recall_holder: int
    renewal: int

    def of(self, work: Work) -> int:
        days: int = getattr(self, work.value)
        return days
