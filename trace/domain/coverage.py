"""The department's headline number: how many businesses on its official list can really be traced.

Enrolment is not traceability, so the number is shown with every stage before it: where businesses fall behind is as
much the answer as how many arrive.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .errors import N_
from .labelled import Labelled
from .text import fold


class Progress(Labelled):
    """How far a business on the list has come, least first; each says what is still missing."""

    NOT_ENROLLED = "not_enrolled", N_("Chưa đăng ký trên hệ thống")
    UNCONFIRMED = "unconfirmed", N_("Có cơ sở trùng tên, chờ xác nhận")
    NOT_APPROVED = "not_approved", N_("Đã đăng ký, chưa được duyệt")
    NO_BATCH = "no_batch", N_("Đã duyệt, chưa công bố lô nào")
    INCOMPLETE = "incomplete", N_("Có lô công bố nhưng chưa đủ nội dung")
    OUT_OF_PERIOD = "out_of_period", N_("Lô đủ nội dung gần nhất đã quá kỳ")
    TRACEABLE = "traceable", N_("Truy xuất được")


class StageName(Labelled):
    """From the widest to the narrowest."""

    LISTED = "listed", N_("Có trong danh sách chính thức")
    ENROLLED = "enrolled", N_("Đã đăng ký")
    APPROVED = "approved", N_("Đã được duyệt")
    PUBLISHING = "publishing", N_("Đã công bố lô hàng")
    TRACEABLE = "traceable", N_("Truy xuất được")


REACHED: dict[StageName, frozenset[Progress]] = {
    StageName.LISTED: frozenset(Progress),
    StageName.ENROLLED: frozenset(Progress) - {Progress.NOT_ENROLLED, Progress.UNCONFIRMED},
    StageName.APPROVED: frozenset({Progress.NO_BATCH, Progress.INCOMPLETE, Progress.OUT_OF_PERIOD, Progress.TRACEABLE}),
    StageName.PUBLISHING: frozenset({Progress.INCOMPLETE, Progress.OUT_OF_PERIOD, Progress.TRACEABLE}),
    StageName.TRACEABLE: frozenset({Progress.TRACEABLE}),
}


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
    source: str

    def period_start(self, today: date) -> date:
        """The first day on which publishing a batch still counts."""
        months = today.year * 12 + today.month - 1 - self.period_months
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))


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
}
"""Sentences by version: gettext ids with the place ``months``."""


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
