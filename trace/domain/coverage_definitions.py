"""What counts as traceable: which rule, and the numbers that the department may change."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from .errors import N_, Conflict, InvalidFields, InvalidInput, TraceError

MOST_MONTHS = 60
MOST_DAYS = 730


class DefinitionChanged(Conflict):
    code = "coverage-definition-changed"
    message = N_(
        "Trong lúc bạn sửa, %(name)s đã công bố định nghĩa phiên bản %(version)s. Hãy tải lại trang rồi sửa tiếp."
    )


class DefinitionTooLate(Conflict):
    """A figure that was reported today may not get another meaning today."""

    code = "coverage-definition-too-late"
    message = N_("Ngày áp dụng %(day)s đã tới, nên không duyệt được nữa. Hãy đề nghị lại với một ngày sau hôm nay.")


class NothingToDivideBy(Conflict):
    code = "coverage-nothing-to-divide-by"
    message = N_(
        "Chưa có danh sách chính thức, nên mẫu số bằng 0 và không tính được tỷ lệ nào. Hãy nạp danh sách trước khi đổi định nghĩa."
    )


@dataclass(frozen=True)
class Definition:
    """What counts as traceable. A version never changes; other numbers, like another rule, are a new version."""

    version: int
    since: date
    rule: int
    """What is asked, see ``SENTENCES``; the numbers are what it is asked with."""
    period_months: int
    active_days: int
    """Within so many days something was recorded; 0: this version does not ask."""
    source: str

    def period_start(self, today: date) -> date:
        """The first day on which publishing a batch still counts."""
        months = today.year * 12 + today.month - 1 - self.period_months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))

    def is_active(self, last_event_on: date | None, today: date) -> bool:
        return not self.active_days or (last_event_on is not None and (today - last_event_on).days <= self.active_days)

    def leaves_on(self, published_on: date) -> date:
        """The first day on which a batch published then no longer counts."""
        day = published_on + timedelta(days=28 * self.period_months)
        while self.period_start(day) <= published_on:
            day += timedelta(days=1)
        return day


def check_definition(*, period_months: int | None, active_days: int | None, since: date | None, earliest: date) -> None:
    """``earliest``: the first day on which another definition may begin. Raises InvalidFields."""
    errors: list[TraceError] = []
    if period_months is None or not 1 <= period_months <= MOST_MONTHS:
        message = N_("Kỳ phải dài từ 1 đến %(most)s tháng. Kỳ 0 tháng thì không lô nào được tính.")
        errors.append(InvalidInput(message, field="period_months", most=MOST_MONTHS))
    if active_days is None or not 1 <= active_days <= MOST_DAYS:
        message = N_("Số ngày phải từ 1 đến %(most)s. Với 0 ngày thì không cơ sở nào là đang hoạt động.")
        errors.append(InvalidInput(message, field="active_days", most=MOST_DAYS))
    if since is None or since < earliest:
        message = N_("Ngày áp dụng sớm nhất là %(day)s: số đã báo cáo hôm nay không đổi nghĩa.")
        errors.append(InvalidInput(message, field="since", day=f"{earliest:%d/%m/%Y}"))
    if errors:
        raise InvalidFields(errors)


SENTENCES: dict[int, tuple[str, ...]] = {
    1: (
        N_("Mẫu số: số dòng của danh sách chính thức mới nhất do Sở ban hành."),
        N_(
            "Tử số: số dòng khớp với một cơ sở đã được duyệt và có ít nhất một lô hàng công bố trong %(months)s tháng "
            "gần nhất, đang hiển thị với người tiêu dùng và đủ mười nội dung theo Thông tư 02/2024/TT-BKHCN."
        ),
        N_("Nội dung “nếu có” (thương hiệu, thời hạn sử dụng) chỉ tính khi sản phẩm có."),
        N_(
            "Kế hoạch còn yêu cầu có liên kết chuỗi được hai bên cùng xác nhận. Hệ thống chưa ghi giao nhận hai bên, nên "
            "phiên bản này chưa tính điều kiện đó; khi có giao nhận, định nghĩa sẽ có phiên bản mới."
        ),
    ),
    2: (
        N_("Mẫu số: số dòng của danh sách chính thức mới nhất do Sở ban hành."),
        N_("Đã đăng ký: dòng khớp với một cơ sở đã được duyệt."),
        N_("Đang hoạt động: cơ sở đã ghi ít nhất một sự kiện trong %(days)s ngày gần nhất."),
        N_(
            "Có lô đủ nội dung: ít nhất một lô do cơ sở làm ra, công bố trong %(months)s tháng gần nhất, đang hiển thị với "
            "người tiêu dùng và đủ mười nội dung theo Thông tư 02/2024/TT-BKHCN (nội dung “nếu có” chỉ tính khi sản phẩm có)."
        ),
        N_(
            "Với nhà phân phối, chợ và cửa hàng, tính những lô đã nhận bằng giao nhận hai bên cùng xác nhận; ngày tính kỳ là "
            "ngày lô được công bố."
        ),
        N_("Có tem tra ra được: lô ấy đã in tem và còn tem chưa bị hủy."),
        N_("Giao nhận: lô ấy đã qua ít nhất một lần giao nhận hai bên cùng xác nhận và không đang khiếu nại."),
        N_(
            "Truy xuất được từ đầu đến cuối: mọi lô đã làm nên lô ấy cũng đang hiển thị và đủ nội dung, và được chuyển giữa "
            "các cơ sở bằng giao nhận hai bên cùng xác nhận."
        ),
        N_("Lô bị thu hồi vẫn tính: thu hồi được là nhờ truy xuất được."),
    ),
}
"""By rule: gettext ids with the places ``months`` and ``days``."""
