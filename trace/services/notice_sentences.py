"""What each kind of notice says."""

from ..domain.errors import N_
from .approval_sentences import APPROVALS

SENTENCES: dict[str, tuple[str, str]] = {
    "business-applied": (
        N_("Hồ sơ mới của %(business)s"),
        N_("%(business)s vừa nộp hồ sơ tham gia truy xuất nguồn gốc. Hãy xem và quyết định."),
    ),
    "business-approve": (
        N_("%(business)s đã được duyệt"),
        N_("Hồ sơ của %(business)s đã được duyệt. Từ bây giờ cơ sở có thể công bố lô hàng và in tem."),
    ),
    "business-reject": (
        N_("Hồ sơ của %(business)s chưa được chấp nhận"),
        N_("Hồ sơ của %(business)s chưa được chấp nhận. Lý do: %(reason)s. Hãy sửa hồ sơ rồi nộp lại."),
    ),
    "business-suspend": (
        N_("%(business)s bị tạm đình chỉ"),
        N_("%(business)s bị tạm đình chỉ. Lý do: %(reason)s. Các lô hàng đã công bố nay kèm thông báo này."),
    ),
    "business-reinstate": (
        N_("%(business)s được khôi phục"),
        N_("%(business)s được khôi phục và có thể công bố lô hàng trở lại. Ghi chú: %(reason)s."),
    ),
    "business-withdraw": (
        N_("%(business)s đã rút khỏi hệ thống"),
        N_("%(business)s đã rút khỏi hệ thống truy xuất nguồn gốc."),
    ),
    "certificate-submitted": (
        N_("Giấy chứng nhận số %(number)s cần kiểm tra"),
        N_("Giấy chứng nhận số %(number)s vừa được gửi lên. Hãy xem tệp và xác nhận."),
    ),
    "certificate-verify": (
        N_("Giấy chứng nhận số %(number)s đã được xác nhận"),
        N_("Giấy chứng nhận số %(number)s đã được xác nhận và hiện trên trang của người tiêu dùng."),
    ),
    "certificate-refuse": (
        N_("Giấy chứng nhận số %(number)s không được xác nhận"),
        N_("Giấy chứng nhận số %(number)s không được xác nhận. Lý do: %(reason)s."),
    ),
    "certificate-lapsing": (
        N_("Giấy chứng nhận số %(number)s sắp hết hạn"),
        N_("Giấy chứng nhận số %(number)s hết hạn ngày %(valid_until)s. Hãy gia hạn và gửi bản mới."),
    ),
    "complaint-received": (
        N_("Phản ánh mới %(tracking)s"),
        N_("Có người tiêu dùng phản ánh về %(product)s, lô %(lot)s. Hãy xem và trả lời."),
    ),
    "complaint-answered": (
        N_("Phản ánh %(tracking)s đã được trả lời"),
        N_("Phản ánh %(tracking)s về %(product)s đã được trả lời."),
    ),
    "connection-asked": (
        N_("%(business)s muốn kết nối với cơ sở của bạn"),
        N_("%(business)s gửi lời kết nối: %(wanted)s. Hãy xem rồi đồng ý hoặc từ chối."),
    ),
    "connection-accept": (
        N_("%(business)s đã đồng ý kết nối"),
        N_("%(business)s đã đồng ý kết nối (%(wanted)s). Hai bên nay xem được cách liên hệ của nhau."),
    ),
    "connection-decline": (
        N_("%(business)s chưa nhận lời kết nối"),
        N_("%(business)s chưa nhận lời kết nối (%(wanted)s)."),
    ),
    "connection-withdraw": (
        N_("%(business)s đã rút lời kết nối"),
        N_("%(business)s đã rút lời kết nối (%(wanted)s)."),
    ),
    "connection-end": (
        N_("%(business)s đã thôi kết nối"),
        N_("%(business)s đã thôi kết nối. Hai bên không còn xem được cách liên hệ của nhau."),
    ),
    "green-point-applied": (
        N_("%(site)s xin được công nhận điểm kinh doanh xanh"),
        N_("%(business)s nộp hồ sơ điểm kinh doanh xanh cho %(site)s. Hãy xem và quyết định."),
    ),
    "green-point-award": (
        N_("%(site)s là điểm kinh doanh xanh"),
        N_(
            "%(site)s được công nhận là điểm kinh doanh xanh đến hết ngày %(valid_until)s và có trên bản đồ của người mua."
        ),
    ),
    "green-point-refuse": (
        N_("%(site)s chưa được công nhận điểm kinh doanh xanh"),
        N_("%(site)s chưa được công nhận điểm kinh doanh xanh. Lý do: %(reason)s. Hãy làm tiếp rồi nộp lại."),
    ),
    "green-point-revoke": (
        N_("%(site)s bị rút công nhận điểm kinh doanh xanh"),
        N_("%(site)s bị rút công nhận điểm kinh doanh xanh. Lý do: %(reason)s."),
    ),
    "green-point-lapsing": (
        N_("%(site)s sắp hết hạn công nhận điểm kinh doanh xanh"),
        N_("Công nhận điểm kinh doanh xanh của %(site)s hết hạn ngày %(valid_until)s. Hãy nộp hồ sơ mới."),
    ),
    "diary-harvest-early": (
        N_("%(plot)s: thu hoạch khi chưa hết thời gian cách ly"),
        N_(
            "Nhật ký %(product)s ở %(plot)s của %(business)s ghi thu hoạch khi chưa hết thời gian cách ly. "
            "Lô của lần thu hoạch này chỉ công bố được sau khi cán bộ xem xét."
        ),
    ),
    "diary-copied": (
        N_("Nhật ký của %(business)s có phần giống mùa vụ khác"),
        N_("Nhật ký %(product)s ở %(plot)s giống hệt một mùa vụ của sản phẩm khác. Hãy xem và kết luận."),
    ),
    "batches-under-review": (
        N_("Đang được kiểm tra: %(lots)s"),
        N_(
            "Nhật ký sản xuất ghi thu hoạch khi chưa hết thời gian cách ly. Trang của người mua nay ghi lô %(lots)s đang "
            "được kiểm tra. Hãy giữ hàng lại cho đến khi cán bộ kết luận."
        ),
    ),
    "batches-failed": (
        N_("Kiểm nghiệm không đạt: %(lots)s"),
        N_(
            "Kết quả kiểm nghiệm của lô %(lots)s, hoặc của lô đã dùng để làm ra lô đó, không đạt. Trang của người mua nay "
            "ghi đang được kiểm tra. Hãy giữ hàng lại cho đến khi cán bộ kết luận."
        ),
    ),
    "batches-released": (
        N_("Kiểm tra xong: %(lots)s"),
        N_("Cán bộ đã kết luận. Trang của người mua không còn ghi lô %(lots)s đang được kiểm tra."),
    ),
    "diary-cleared": (
        N_("Cảnh báo ở nhật ký %(plot)s đã được xem xét"),
        N_("Cán bộ đã xem xét cảnh báo ở nhật ký %(plot)s. Kết luận: %(reason)s."),
    ),
    "laboratory-submitted": (
        N_("Phiếu kiểm nghiệm %(report)s cần xem"),
        N_("%(business)s gửi phiếu kiểm nghiệm %(report)s của %(product)s, lô %(lot)s. Hãy so phiếu với điều đã khai."),
    ),
    "laboratory-failed": (
        N_("Kiểm nghiệm không đạt: %(product)s, lô %(lot)s"),
        N_(
            "Phiếu kiểm nghiệm %(report)s do %(business)s gửi cho biết %(product)s, lô %(lot)s không đạt. "
            "Lô được giữ lại cho đến khi cán bộ kết luận."
        ),
    ),
    "laboratory-confirmed": (
        N_("Phiếu kiểm nghiệm %(report)s đã được xác nhận"),
        N_("Cán bộ đã xác nhận phiếu kiểm nghiệm %(report)s của %(product)s, lô %(lot)s. Ghi chú: %(reason)s."),
    ),
    "laboratory-released": (
        N_("Lô %(lot)s được dùng tiếp"),
        N_("Cán bộ cho dùng tiếp %(product)s, lô %(lot)s (phiếu %(report)s). Lý do: %(reason)s."),
    ),
    "laboratory-refused": (
        N_("Phiếu kiểm nghiệm %(report)s không được công nhận"),
        N_("Phiếu kiểm nghiệm %(report)s của %(product)s, lô %(lot)s không được công nhận. Lý do: %(reason)s."),
    ),
    "handover-offered": (
        N_("%(seller)s giao %(amount)s %(product)s"),
        N_("%(seller)s vừa ghi giao cho %(buyer)s %(amount)s %(product)s. Khi hàng tới, hãy xác nhận đã nhận."),
    ),
    "handover-accepted": (
        N_("%(buyer)s đã nhận %(product)s"),
        N_("%(buyer)s đã nhận đủ %(amount)s %(product)s."),
    ),
    "handover-difference": (
        N_("%(buyer)s nhận %(product)s có chênh lệch"),
        N_("%(buyer)s nhận %(received)s trong %(amount)s %(product)s đã giao. Lý do: %(reason)s."),
    ),
    "handover-rejected": (
        N_("%(buyer)s từ chối %(product)s"),
        N_("%(buyer)s không nhận %(amount)s %(product)s. Lý do: %(reason)s. Số hàng đã trở lại kho của cơ sở."),
    ),
    "handover-withdrawn": (
        N_("%(seller)s rút lại chuyến hàng"),
        N_("%(seller)s đã rút lại chuyến %(amount)s %(product)s; không cần xác nhận nữa."),
    ),
    "handover-expired": (
        N_("Chuyến hàng quá hạn nhận"),
        N_(
            "%(buyer)s chưa xác nhận %(amount)s %(product)s trong thời hạn, nên số hàng đã trở lại kho của %(seller)s. "
            "Nếu hàng đã giao thật, hãy ghi lại chuyến hàng."
        ),
    ),
    "handover-disputed": (
        N_("Khiếu nại về chuyến %(product)s"),
        N_("Có khiếu nại về chuyến %(amount)s %(product)s từ %(seller)s tới %(buyer)s: %(reason)s."),
    ),
    "handover-disputed-officer": (
        N_("Khiếu nại giao nhận giữa %(seller)s và %(buyer)s"),
        N_("Một bên khiếu nại về chuyến hàng từ %(seller)s tới %(buyer)s: %(reason)s."),
    ),
    "handover-resolved": (
        N_("Khiếu nại về chuyến %(product)s đã được giải quyết"),
        N_("Khiếu nại về chuyến %(amount)s %(product)s từ %(seller)s tới %(buyer)s đã khép lại: %(reason)s."),
    ),
    "member-joined": (
        N_("%(person)s đã tham gia %(business)s"),
        N_("%(person)s đã dùng liên kết mời và nay là thành viên của %(business)s."),
    ),
    "member-removed": (
        N_("Bạn không còn thuộc %(business)s"),
        N_("%(person)s đã bỏ quyền của bạn ở %(business)s. Nếu đây là nhầm lẫn, hãy nhờ họ mời lại."),
    ),
    "key-issued": (
        N_("Khóa API mới của %(business)s"),
        N_("%(person)s vừa tạo khóa API “%(name)s” cho %(business)s. Nếu bạn không rõ việc này, hãy thu hồi khóa."),
    ),
    **APPROVALS,
    "officer-appointed": (
        N_("Bạn được giao quyền cán bộ"),
        N_("%(person)s đã giao cho tài khoản này quyền cán bộ. Lần đầu mở trang, hãy thiết lập xác minh hai bước."),
    ),
    "work-assigned": (
        N_("Bạn được giao một việc"),
        N_("%(person)s vừa giao cho bạn một việc cần làm."),
    ),
    "officer-removed": (
        N_("Tài khoản không còn quyền cán bộ"),
        N_("%(person)s đã bỏ quyền cán bộ của tài khoản này."),
    ),
    "stamps-odd": (
        N_("Có tem cần xem: mã %(code)s"),
        N_(
            "Hôm nay có người quét tem mang mã %(code)s mà tem đó không có thật, đã hủy, chưa kích hoạt, chưa gắn với lô, "
            "hoặc bị quét nhiều khác thường. Hãy mở danh sách để xem là điều nào."
        ),
    ),
    "recall-confirmed": (
        N_("THU HỒI %(number)s: %(product)s"),
        N_(
            "Cơ sở đang hoặc đã từng giữ hàng thuộc vụ thu hồi %(number)s (%(product)s). Lý do: %(reason)s. "
            "Ngừng bán, để riêng hàng này và xác nhận ngay số lượng tìm thấy."
        ),
    ),
    "recall-reminder": (
        N_("Nhắc lại: xác nhận vụ thu hồi %(number)s"),
        N_(
            "Cơ sở chưa xác nhận số hàng tìm thấy của vụ thu hồi %(number)s (%(product)s). Lý do thu hồi: %(reason)s. "
            "Hãy kiểm kho và xác nhận ngay, kể cả khi không còn hàng."
        ),
    ),
    "recall-returned": (
        N_("Hàng thu hồi trở lại kho: %(product)s"),
        N_(
            "%(amount)s hàng thuộc vụ thu hồi %(number)s (%(product)s) bị từ chối và đã trở lại kho của cơ sở. "
            "Để riêng số hàng này và xác nhận lại cách xử lý."
        ),
    ),
    "recall-proposed": (
        N_("Đề nghị thu hồi %(product)s"),
        N_("%(business)s đề nghị thu hồi %(product)s do cơ sở khác làm ra. Hãy xem và quyết định trước %(due)s."),
    ),
    "recall-voluntary": (
        N_("%(product)s được thu hồi tự nguyện (%(number)s)"),
        N_("Cơ sở tự nguyện thu hồi %(product)s, số %(number)s. Lý do: %(reason)s. Hãy theo dõi việc xác nhận."),
    ),
    "recall-silent": (
        N_("Vụ thu hồi %(number)s: còn %(silent)s nơi chưa xác nhận"),
        N_(
            "Vụ thu hồi %(number)s (%(product)s) còn %(silent)s nơi chưa xác nhận dù đã được nhắc. Hãy gọi điện cho họ."
        ),
    ),
    "inspection-planned": (
        N_("%(business)s: kiểm tra ngày %(day)s"),
        N_("%(business)s có cuộc kiểm tra ngày %(day)s. Lý do: %(reason)s."),
    ),
    "inspection-moved": (
        N_("%(business)s: cuộc kiểm tra chuyển sang ngày %(day)s"),
        N_("Cuộc kiểm tra %(business)s chuyển sang ngày %(day)s. Lý do: %(reason)s."),
    ),
    "inspection-cancelled": (
        N_("%(business)s: cuộc kiểm tra ngày %(day)s đã hủy"),
        N_("Cuộc kiểm tra %(business)s ngày %(day)s đã hủy. Lý do: %(reason)s."),
    ),
    "inspection-signed": (
        N_("Biên bản kiểm tra %(number)s"),
        N_("Biên bản kiểm tra %(number)s của %(business)s đã ký. Hãy xem biên bản và các sai lỗi cần khắc phục."),
    ),
    "inspection-corrected": (
        N_("Biên bản đính chính %(number)s"),
        N_("Biên bản kiểm tra của %(business)s được đính chính bằng biên bản %(number)s. Hãy xem bản mới."),
    ),
    "finding-answered": (
        N_("%(business)s đã trả lời một sai lỗi"),
        N_("%(business)s trả lời về sai lỗi “%(finding)s” (hạn %(day)s). Hãy xem và kết luận."),
    ),
    "finding-closed": (
        N_("Sai lỗi đã khắc phục: %(finding)s"),
        N_("Cán bộ kết luận sai lỗi “%(finding)s” của %(business)s đã khắc phục: %(conclusion)s."),
    ),
    "finding-handed-back": (
        N_("Sai lỗi chưa khắc phục xong: %(finding)s"),
        N_("Sai lỗi “%(finding)s” của %(business)s chưa khắc phục xong: %(conclusion)s. Hạn là ngày %(day)s."),
    ),
    "finding-due": (
        N_("Sắp đến hạn khắc phục: %(finding)s"),
        N_("%(business)s cần khắc phục “%(finding)s” trước hết ngày %(day)s và trả lời trên hệ thống."),
    ),
    "finding-overdue": (
        N_("Quá hạn khắc phục: %(finding)s"),
        N_("Sai lỗi “%(finding)s” của %(business)s đã quá hạn ngày %(day)s mà chưa khắc phục."),
    ),
}
"""Kind → subject and body: gettext ids whose places are filled from the notice's ``values``, all of them text."""
