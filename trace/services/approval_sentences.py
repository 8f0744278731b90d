"""What people are told of a second person's approval, and of goods held meanwhile."""

from ..domain.errors import N_

APPROVALS = {
    "approval-asked": (
        N_("Chờ người thứ hai duyệt: %(title)s"),
        N_("%(person)s đề nghị: %(title)s. Lý do: %(reason)s. Việc chỉ có hiệu lực khi một cán bộ khác duyệt."),
    ),
    "approval-approved": (
        N_("Đã duyệt: %(title)s"),
        N_("%(person)s đã duyệt đề nghị của bạn: %(title)s. Ghi chú: %(note)s."),
    ),
    "approval-refused": (
        N_("Không duyệt: %(title)s"),
        N_("%(person)s không duyệt đề nghị của bạn: %(title)s. Lý do: %(note)s."),
    ),
    "batches-held": (
        N_("Lô tạm dừng, chờ quyết định thu hồi: %(lots)s"),
        N_(
            "Cơ quan quản lý đang xem xét thu hồi: %(lots)s. Hãy giữ hàng lại, đừng bán và đừng giao đi; "
            "trang của người mua đã ghi như vậy. Bạn sẽ được báo ngay khi có quyết định."
        ),
    ),
    "batches-hold-lifted": (
        N_("Lô không bị thu hồi: %(lots)s"),
        N_("Cơ quan quản lý đã quyết định không thu hồi: %(lots)s. Hàng được bán và giao tiếp như trước."),
    ),
}
