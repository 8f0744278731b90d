"""What a scan of one stamp says, from who scanned it before.

A stamp is stuck on one pack. So when it is scanned again and again, in many places, somebody may have copied it – or many
people may have passed one shelf. The verdict raises the question and claims no proof.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from .dates import vietnam_date
from .errors import N_
from .labelled import Labelled


class StampVerdict(Labelled):
    UNSCANNED = "unscanned", N_("Chưa người mua nào quét tem này")
    FIRST = "first_scan", N_("Tem này được quét lần đầu")
    SEEN = "seen_before", N_("Tem này đã được quét trước đây")
    OFTEN = "seen_too_often", N_("Tem này bị quét nhiều khác thường")
    INACTIVE = "not_activated", N_("Tem này chưa được kích hoạt")
    UNBOUND = "not_bound", N_("Tem này chưa gắn với lô hàng nào")
    VOIDED = "voided", N_("Tem này đã bị hủy")
    NEVER_ISSUED = "never_issued", N_("Không có tem nào mang số này")
    MISTYPED = "mistyped", N_("Số tem chưa đúng")
    UNCHECKED = "unchecked", N_("Hiện chưa kiểm tra được tem này")

    @property
    def tone(self) -> str:
        """As ``Verdict.tone``, and ``info`` for what is neither good nor bad."""
        if self in (StampVerdict.VOIDED, StampVerdict.NEVER_ISSUED):
            return "bad"
        if self in (StampVerdict.UNSCANNED, StampVerdict.SEEN):
            return "info"
        return "good" if self is StampVerdict.FIRST else "warn"

    @property
    def is_signal(self) -> bool:
        """Whether the business and the department should hear of it. A slip of the finger and a key that we lack
        ourselves say nothing about the goods."""
        return self.tone in ("bad", "warn") and self not in (StampVerdict.MISTYPED, StampVerdict.UNCHECKED)


@dataclass(frozen=True, slots=True)
class Look:
    """By one device on one day: the same device is not kept twice for a day. ``place`` is a commune's code, where said."""

    at: datetime
    device: str
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Dated data, not law (trace/data/stamp_measures.csv); a product may have its own number of occasions."""

    family: int
    """So many devices on one day are one occasion: people who show the pack to each other."""
    occasions: int
    """So many are ordinary: checked when it was packed, received, looked at in the shop, opened at home."""
    places: int
    """So many communes are ordinary: where it was packed, sold and eaten."""

    def for_product(self, occasions: int | None) -> "Thresholds":
        """With the product's own number of occasions, where it has one."""
        return self if occasions is None else replace(self, occasions=occasions)


def judge(looks: Sequence[Look], thresholds: Thresholds, *, device: str) -> StampVerdict:
    """Of an active stamp. ``looks`` are oldest first and include this one, unless it does not count: a robot's, or
    one by somebody who works where the batch was; then ``device`` is in none of them."""
    if not looks:
        return StampVerdict.UNSCANNED
    found = occasions(looks, thresholds.family)
    if found > thresholds.occasions or len(places(looks)) > thresholds.places:
        return StampVerdict.OFTEN
    if found == 1 and device in {look.device for look in looks}:
        return StampVerdict.FIRST
    return StampVerdict.SEEN


def occasions(looks: Iterable[Look], family: int) -> int:
    """Days on which it was scanned, a day counting once for each ``family`` devices or part of them."""
    return sum(-(-devices // family) for devices in Counter(vietnam_date(look.at) for look in looks).values())


def places(looks: Iterable[Look]) -> list[str]:
    """Codes of the communes that were said, in the order in which they were."""
    return list(dict.fromkeys(look.place for look in looks if look.place))
