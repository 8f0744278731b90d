"""The department's headline number: how many businesses on its official list can really be traced.

Enrolment is not traceability, so the number is shown with every stage before it: where businesses fall behind is as
much the answer as how many arrive.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from .errors import N_
from .labelled import Labelled
from .reach import Reach
from .text import fold


class Progress(Labelled):
    """How far a business on the list has come, least first; each says what is still missing."""

    NOT_ENROLLED = "not_enrolled", N_("Chưa đăng ký trên hệ thống")
    UNCONFIRMED = "unconfirmed", N_("Có cơ sở trùng tên, chờ xác nhận")
    NOT_APPROVED = "not_approved", N_("Đã đăng ký, chưa được duyệt")
    INACTIVE = "inactive", N_("Đã duyệt, lâu không ghi sự kiện nào")
    NO_BATCH = "no_batch", N_("Chưa có lô nào được công bố")
    INCOMPLETE = "incomplete", N_("Có lô công bố nhưng chưa đủ nội dung")
    OUT_OF_PERIOD = "out_of_period", N_("Lô đủ nội dung gần nhất đã quá kỳ")
    NO_LABELS = "no_labels", N_("Lô đủ nội dung chưa có tem còn hiệu lực")
    NO_HANDOVER = "no_handover", N_("Lô có tem chưa qua giao nhận hai bên xác nhận")
    BROKEN_BEHIND = "broken_behind", N_("Đứt ở phía trước: có lô nguồn chưa đủ nội dung")
    TRACEABLE = "traceable", N_("Truy xuất được từ đầu đến cuối")


class StageName(Labelled):
    """From the widest to the narrowest."""

    LISTED = "listed", N_("Có trong danh sách chính thức")
    ENROLLED = "enrolled", N_("Đã đăng ký và được duyệt")
    ACTIVE = "active", N_("Đang hoạt động")
    COMPLETE = "complete", N_("Có lô đủ mười nội dung")
    LABELLED = "labelled", N_("Có tem tra ra được")
    HANDED_OVER = "handed_over", N_("Giao nhận hai bên xác nhận")
    TRACEABLE = "traceable", N_("Truy xuất được từ đầu đến cuối")


_FIRST: dict[StageName, Progress] = {
    StageName.LISTED: Progress.NOT_ENROLLED,
    StageName.ENROLLED: Progress.INACTIVE,
    StageName.ACTIVE: Progress.NO_BATCH,
    StageName.COMPLETE: Progress.NO_LABELS,
    StageName.LABELLED: Progress.NO_HANDOVER,
    StageName.HANDED_OVER: Progress.BROKEN_BEHIND,
    StageName.TRACEABLE: Progress.TRACEABLE,
}
"""The least progress of those who reached a stage."""

_ORDER = list(Progress)
REACHED: dict[StageName, frozenset[Progress]] = {
    stage: frozenset(_ORDER[_ORDER.index(first) :]) for stage, first in _FIRST.items()
}
STOPPED: dict[StageName, frozenset[Progress]] = {
    after: REACHED[before] - REACHED[after] for before, after in pairwise(StageName)
}
"""Who is lost on the way to a stage from the one before it."""


class Dimension(Labelled):
    """By what the funnel may be read. All but COMMODITY split the whole list; a business deals in several commodities."""

    TOTAL = "total", N_("Toàn thành phố")
    COMMUNE = "commune", N_("Xã, phường")
    KIND = "kind", N_("Loại hình")
    COMMODITY = "commodity", N_("Nhóm hàng")
    CHAIN = "chain", N_("Chuỗi thực phẩm an toàn")


@dataclass(frozen=True)
class Stage:
    name: StageName
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Definition:
    """What counts as traceable. The text of a version never changes; a new rule is a new version."""

    version: int
    since: date
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


def progress_of(
    definition: Definition, *, last_event_on: date | None, latest: Mapping[Reach, date], today: date
) -> tuple[Progress, date | None]:
    """The progress of an approved business, and the first day on which passing time may change it.

    ``latest``: when the latest batch that it handles, and that came so far and no further, was published.
    """
    if not definition.is_active(last_event_on, today):
        return Progress.INACTIVE, None
    start = definition.period_start(today)
    progress, due = Progress.NO_BATCH, []
    for reach in sorted(latest):
        if reach is Reach.PUBLISHED:
            progress = max(progress, Progress.INCOMPLETE, key=_ORDER.index)
        elif reach is not Reach.HIDDEN:
            in_period = latest[reach] >= start
            progress = max(progress, _BY_REACH[reach] if in_period else Progress.OUT_OF_PERIOD, key=_ORDER.index)
            if in_period:
                due.append(definition.leaves_on(latest[reach]))
    if definition.active_days and last_event_on:
        due.append(last_event_on + timedelta(days=definition.active_days + 1))
    return progress, min(due, default=None)


_BY_REACH = {
    Reach.COMPLETE: Progress.NO_LABELS,
    Reach.LABELLED: Progress.NO_HANDOVER,
    Reach.HANDED_OVER: Progress.BROKEN_BEHIND,
    Reach.END_TO_END: Progress.TRACEABLE,
}


DEFINITIONS: dict[int, tuple[str, ...]] = {
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
"""Sentences by version: gettext ids with the places ``months`` and ``days``."""


@dataclass(frozen=True)
class Target:
    percent: int
    since: date
    until: date | None
    source: str


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """``as_of`` is the date of the official list, None while there is none; then there are no stages either."""

    as_of: date | None
    source: str
    counted_on: date
    period_start: date
    definition: Definition
    target: Target | None
    stages: tuple[Stage, ...]
    progress: Mapping[Progress, int]

    @property
    def headline(self) -> Stage | None:
        return self.stages[-1] if self.stages else None

    @property
    def largest_loss(self) -> tuple[Stage, int] | None:
        """The stage that most of those before it do not reach, and how many; None where nobody is lost."""
        losses = [(after, before.numerator - after.numerator) for before, after in pairwise(self.stages)]
        worst = max(losses, key=lambda one: one[1], default=None)
        return worst if worst and worst[1] else None


def stages(progress: Mapping[Progress, int]) -> tuple[Stage, ...]:
    """The stages from the widest to the narrowest; none where the list is empty."""
    listed = sum(progress.values())
    if not listed:
        return ()
    return tuple(
        Stage(name, sum(progress.get(step, 0) for step in reached), listed) for name, reached in REACHED.items()
    )


def in_force(definitions: Iterable[Definition], today: date) -> Definition:
    return max((one for one in definitions if one.since <= today), key=lambda one: one.version)


def target_in_force(targets: Iterable[Target], today: date) -> Target | None:
    current = (one for one in targets if one.since <= today and (one.until is None or today <= one.until))
    return max(current, key=lambda one: one.since, default=None)


# Ways to write one legal form, so that “HTX DV NN Văn Đức” and “Hợp tác xã Dịch vụ nông nghiệp Văn Đức” meet.
_SHORT_FORMS = {
    "htx": "hop tac xa",
    "dv": "dich vu",
    "nn": "nong nghiep",
    "cty": "cong ty",
    "tnhh": "trach nhiem huu han",
    "cp": "co phan",
    "mtv": "mot thanh vien",
    "dntn": "doanh nghiep tu nhan",
    "hkd": "ho kinh doanh",
    "cs": "co so",
    "sx": "san xuat",
    "kd": "kinh doanh",
    "tm": "thuong mai",
    "xnk": "xuat nhap khau",
}


def business_key(name: str) -> str:
    """The key under which one business's differently written names meet; a proposal to a person, never a proof."""
    words = re.findall(r"\w+", fold(name))
    return " ".join(_SHORT_FORMS.get(word, word) for word in words)
