"""The department's headline number: how many businesses on its official list can really be traced.

Enrolment is not traceability, so the number is shown with every stage before it: where businesses fall behind is as
much the answer as how many arrive.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from .coverage_definitions import Definition
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


@dataclass(frozen=True)
class Effect:
    """How many entries of the list stand at each step by the definition of today, and by another."""

    before: Mapping[Progress, int]
    after: Mapping[Progress, int]

    def as_json(self) -> dict[str, dict[str, int]]:
        return {
            name: {step.value: count for step, count in each.items()}
            for name, each in (("before", self.before), ("after", self.after))
        }

    @property
    def stages(self) -> list[tuple[Stage, Stage]]:
        return list(zip(stages(self.before), stages(self.after), strict=True))


def effect_from(kept: Mapping[str, Mapping[str, int]]) -> Effect:
    """As ``Effect.as_json`` wrote it."""
    before, after = ({Progress(step): count for step, count in kept[name].items()} for name in ("before", "after"))
    return Effect(before, after)


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
