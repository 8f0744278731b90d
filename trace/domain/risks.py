"""Whom to inspect first: a score that anyone can add up again.

It is the plain sum of a business's points, and each point names the fact behind it. How much a fact weighs is dated data
(trace/data/risk_weights.csv; the department publishes later versions).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .certificates import CertificateScheme
from .errors import N_, Conflict, InvalidInput
from .inspections import Grade
from .labelled import Labelled
from .products import Commodity

FIRST = 50
"""So many at the head of the list are whom the next visits go to."""
MOST_POINTS = 100
BIGGEST_MOVES = 10


class Factor(Labelled):
    """What weighs."""

    COMMODITY = "commodity", N_("Loại thực phẩm")
    VOLUME = "volume", N_("Sản lượng")
    GRADE = "grade", N_("Xếp loại lần kiểm tra gần nhất")
    LAST_VISIT = "last_visit", N_("Lâu chưa kiểm tra lại")
    NEVER_VISITED = "never_visited", N_("Chưa kiểm tra lần nào")
    FINDING_OVERDUE = "finding_overdue", N_("Sai lỗi quá hạn khắc phục")
    CERTIFICATE_LAPSED = "certificate_lapsed", N_("Giấy chứng nhận hết hạn")
    EXCESS = "excess", N_("Vượt mức có thể")
    COPIED_DATA = "copied_data", N_("Dữ liệu chép lại")
    LATE_ENTRY = "late_entry", N_("Ghi nhật ký muộn")
    INTERVAL_VIOLATED = "interval_violated", N_("Thu hoạch trong thời gian cách ly")
    UNANSWERED_OFFER = "unanswered_offer", N_("Chuyến giao không ai xác nhận")
    IGNORED_OFFER = "ignored_offer", N_("Chuyến đến không trả lời")
    OUTSIDERS_ONLY = "outsiders_only", N_("Chỉ giao cho nơi ngoài hệ thống")
    COMPLAINT = "complaint", N_("Phản ánh của người mua")
    ILLNESS = "illness", N_("Phản ánh bị ngộ độc")
    SUSPICIOUS_STAMP = "suspicious_stamp", N_("Tem đáng ngờ")
    RECALL = "recall", N_("Thu hồi")


SENTENCES = {
    Factor.COMMODITY: N_("Loại thực phẩm: %(subject)s"),
    Factor.VOLUME: N_("Sản lượng đã công bố: %(count)s tấn"),
    Factor.GRADE: N_("Lần kiểm tra gần nhất xếp %(subject)s"),
    Factor.LAST_VISIT: N_("Số ngày từ lần kiểm tra gần nhất: %(count)s"),
    Factor.NEVER_VISITED: N_("Chưa có lần kiểm tra nào"),
    Factor.FINDING_OVERDUE: N_("Sai lỗi quá hạn khắc phục: %(count)s"),
    Factor.CERTIFICATE_LAPSED: N_("Giấy chứng nhận %(subject)s hết hạn %(count)s ngày, chưa có giấy mới"),
    Factor.EXCESS: N_("Số lần ghi nhiều hơn mức có thể: %(count)s"),
    Factor.COPIED_DATA: N_("Cảnh báo nhật ký chép lại, chưa giải tỏa: %(count)s"),
    Factor.LATE_ENTRY: N_("Dòng nhật ký ghi muộn: %(count)s"),
    Factor.INTERVAL_VIOLATED: N_("Lần thu hoạch trong thời gian cách ly, chưa giải tỏa: %(count)s"),
    Factor.UNANSWERED_OFFER: N_("Chuyến hàng giao đi không ai xác nhận: %(count)s"),
    Factor.IGNORED_OFFER: N_("Chuyến hàng gửi đến mà cơ sở không trả lời: %(count)s"),
    Factor.OUTSIDERS_ONLY: N_("Mọi chuyến hàng đều giao cho nơi ngoài hệ thống: %(count)s chuyến"),
    Factor.COMPLAINT: N_("Phản ánh của người mua: %(count)s"),
    Factor.ILLNESS: N_("Phản ánh bị đau bụng, ngộ độc: %(count)s"),
    Factor.SUSPICIOUS_STAMP: N_("Lần tem bị quét khác thường: %(count)s"),
    Factor.RECALL: N_("Vụ thu hồi hàng cơ sở làm ra: %(count)s"),
}
_ORDER = {factor: place for place, factor in enumerate(Factor)}
SUBJECTS: Mapping[Factor, type[Labelled]] = {
    Factor.COMMODITY: Commodity,
    Factor.GRADE: Grade,
    Factor.CERTIFICATE_LAPSED: CertificateScheme,
}
"""What a fact's ``subject`` is a member of."""
WEIGHED_BY_SUBJECT = frozenset({Factor.COMMODITY, Factor.GRADE})
"""Each subject has a weight of its own, and of several only the heaviest counts."""


class WeightsChanged(Conflict):
    code = "risk-weights-changed"
    message = N_(
        "Trong lúc bạn sửa, %(name)s đã công bố trọng số phiên bản %(number)s. Hãy tải lại trang rồi sửa tiếp."
    )


@dataclass(frozen=True, kw_only=True)
class Measures:
    """Dated data (trace/data/risk_measures.csv)."""

    period_days: int
    """What happened so long ago or less counts."""
    recent_visit_days: int
    """A visit so long ago or less is recent: the time since it does not count."""


@dataclass(frozen=True)
class Fact:
    """So much of what weighs; ``subject`` is a value of ``SUBJECTS``, empty where there is none."""

    factor: Factor
    count: int
    subject: str = ""

    @property
    def weight(self) -> str:
        """The name of its weight."""
        return f"{self.factor}:{self.subject}" if self.factor in WEIGHED_BY_SUBJECT else self.factor.value

    def as_json(self) -> dict[str, Any]:
        return {"factor": self.factor.value, "count": self.count, "subject": self.subject}


@dataclass(frozen=True)
class Weight:
    """``points`` for every ``per`` that a fact counts, begun ones included, and no more than ``most`` in all."""

    per: int
    points: int
    most: int
    source: str = ""
    estimate: str = ""
    """What of it nobody measured."""

    def of(self, count: int) -> int:
        return min(self.most, -(-count // self.per) * self.points)


@dataclass(frozen=True)
class Point:
    fact: Fact
    points: int

    @property
    def sentence(self) -> str:
        """A gettext id with the places ``count`` and ``subject``."""
        return SENTENCES[self.fact.factor]

    @property
    def subject(self) -> Labelled | None:
        kind = SUBJECTS.get(self.fact.factor)
        return kind(self.fact.subject) if kind else None


@dataclass(frozen=True)
class Move:
    """What other weights would do to one business."""

    business_id: int
    before: int
    after: int


@dataclass(frozen=True)
class Preview:
    """What other weights would do to the list: who comes into its head, who leaves it, and whose score changes most."""

    entering: Sequence[Move]
    leaving: Sequence[Move]
    moves: Sequence[Move]
    changed: int
    """How many businesses get another score."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def business_ids(self) -> set[int]:
        return {move.business_id for moves in (self.entering, self.leaving, self.moves) for move in moves}


def preview_from(kept: Mapping[str, Any]) -> Preview:
    """As ``Preview.as_json`` wrote it."""
    moves = {name: [Move(**one) for one in kept[name]] for name in ("entering", "leaving", "moves")}
    return Preview(**moves, changed=kept["changed"])


def facts_from(kept: Iterable[Mapping[str, Any]]) -> list[Fact]:
    """As ``Fact.as_json`` wrote them."""
    return [Fact(Factor(one["factor"]), one["count"], one["subject"]) for one in kept]


def points_of(facts: Iterable[Fact], weights: Mapping[str, Weight]) -> list[Point]:
    """The points of a business, most first. What weighs nothing is left out."""
    return sorted(
        (Point(fact, points) for fact, points in _weighed(facts, weights)),
        key=lambda point: (-point.points, _ORDER[point.fact.factor], point.fact.subject),
    )


def score_of(facts: Iterable[Fact], weights: Mapping[str, Weight]) -> int:
    return sum(points for _, points in _weighed(facts, weights))


def _weighed(facts: Iterable[Fact], weights: Mapping[str, Weight]) -> list[tuple[Fact, int]]:
    counted: list[tuple[Fact, int]] = []
    heaviest: dict[Factor, tuple[Fact, int]] = {}
    for fact in facts:
        weight = weights.get(fact.weight)
        points = weight.of(fact.count) if weight else 0
        if not points:
            continue
        if fact.factor not in WEIGHED_BY_SUBJECT:
            counted.append((fact, points))
        elif fact.factor not in heaviest or heaviest[fact.factor][1] < points:
            heaviest[fact.factor] = fact, points
    return [*counted, *heaviest.values()]


def check_weight(name: str, weight: Weight) -> None:
    """Raises InvalidInput, ``field`` the weight's name."""
    if not 0 <= weight.points <= weight.most <= MOST_POINTS:
        message = N_("Số điểm từ 0, không quá mức nhiều nhất; mức nhiều nhất không quá %(most)s.")
        raise InvalidInput(message, field=name, most=MOST_POINTS)


def compare(before: Mapping[int, int], after: Mapping[int, int]) -> Preview:
    """Scores by business, under the weights in force and under others."""

    def head(scores: Mapping[int, int]) -> list[int]:
        return sorted(scores, key=lambda business_id: (-scores[business_id], -business_id))[:FIRST]

    def moves(business_ids: Iterable[int]) -> list[Move]:
        return [Move(each, before[each], after[each]) for each in business_ids]

    first, then = head(before), head(after)
    changed = [each for each in before if before[each] != after[each]]
    biggest = sorted(changed, key=lambda each: (-abs(after[each] - before[each]), each))[:BIGGEST_MOVES]
    return Preview(
        entering=moves(each for each in then if each not in set(first)),
        leaving=moves(each for each in first if each not in set(then)),
        moves=moves(biggest),
        changed=len(changed),
    )
