"""An authority's visits to a business: planned, held with a checklist, and written into minutes that both sides sign."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from .errors import N_, Conflict, InvalidFields, InvalidInput, TraceError
from .labelled import Labelled

MOST_EXTRAS = 3
"""Findings, and samples, beyond what the checklist asks for."""
LONGEST_LINE = 200
LONGEST_TEXT = 4000
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class InspectionKind(Labelled):
    PERIODIC = "periodic", N_("Định kỳ")
    UNSCHEDULED = "unscheduled", N_("Đột xuất")
    POST_MARKET = "post_market", N_("Hậu kiểm")
    REINSPECTION = "reinspection", N_("Tái kiểm tra")

    @property
    def is_announced(self) -> bool:
        """Whether the business may know of the plan; the others would be of no use if it did."""
        return self in (InspectionKind.PERIODIC, InspectionKind.REINSPECTION)


class InspectionStatus(Labelled):
    PLANNED = "planned", N_("Đã lên kế hoạch")
    SIGNED = "signed", N_("Đã ký biên bản")
    CANCELLED = "cancelled", N_("Đã hủy")


class Result(Labelled):
    """Of one point of the checklist."""

    PASSED = "passed", N_("Đạt")
    MINOR = "minor", N_("Lỗi nhẹ")
    MAJOR = "major", N_("Lỗi nặng")
    NOT_APPLICABLE = "not_applicable", N_("Không áp dụng")

    @property
    def is_finding(self) -> bool:
        return self in (Result.MINOR, Result.MAJOR)


class Severity(Labelled):
    MINOR = "minor", N_("Lỗi nhẹ")
    MAJOR = "major", N_("Lỗi nặng")


class Grade(Labelled):
    A = "a", N_("Loại A")
    B = "b", N_("Loại B")
    C = "c", N_("Loại C")


class InspectionStepNotPossible(Conflict):
    code = "inspection-step-not-possible"
    message = N_("Cuộc kiểm tra này đã hủy hoặc đã có biên bản. Hãy tải lại trang để xem tình trạng mới nhất.")


class MinutesCorrected(Conflict):
    code = "minutes-corrected"
    message = N_("Biên bản này đã có biên bản đính chính. Hãy tải lại trang rồi đính chính bản mới nhất.")


class KeyOfOtherMinutes(InvalidInput):
    code = "key-of-other-minutes"
    message = N_("Biên bản với khóa này đã được gửi cho một cuộc kiểm tra khác.")


@dataclass(frozen=True)
class Point:
    """One point of a checklist."""

    code: str
    section: str
    section_english: str
    text: str
    english: str


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    business_id: int
    kind: InspectionKind | None
    planned_on: date | None
    site_ids: Sequence[int] = ()
    """None named: wherever the business works."""
    lead_id: int | None = None
    """The officer who answers for the visit."""
    team: str = ""
    """Who else comes, with their offices."""
    reason: str = ""
    follows_id: int | None = None
    """The visit whose findings this one looks at again."""


@dataclass(frozen=True, kw_only=True)
class CheckedPoint:
    """``deadline`` of what is to be put right."""

    code: str
    result: Result | None
    note: str = ""
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class FindingFacts:
    code: str
    """Of its point; ``K1``, ``K2``… beyond the checklist. Unique in a visit, so that a correction finds it again."""
    severity: Severity | None
    text: str
    deadline: date | None


@dataclass(frozen=True, kw_only=True)
class SampleFacts:
    code: str
    """The number on the sample's seal."""
    product: str
    batch_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class VisitFacts:
    """What was seen. ``began`` and ``ended`` are clock times, ``08:30``."""

    held_on: date | None
    began: str
    ended: str
    place: str = ""
    officer: str = ""
    """Name and office of who signs for the authority."""
    representative: str = ""
    """Name and office of who signs for the business."""
    points: Sequence[CheckedPoint] = ()
    extras: Sequence[FindingFacts] = ()
    samples: Sequence[SampleFacts] = ()
    event_ids: Sequence[int] = ()
    """Steps of batches that were seen on site to be as they are recorded."""
    grade: Grade | None = None
    grade_reason: str = ""
    sanctions: str = ""
    conclusion: str = ""
    remarks: str = ""
    """What the business says to it."""
    refused: bool = False
    """The business would not sign; ``remarks`` say why."""


def check_plan(facts: PlanFacts, *, today: date) -> None:
    """Raises InvalidFields."""
    errors: list[TraceError] = []
    if facts.kind is None:
        errors.append(InvalidInput(N_("Hãy chọn loại kiểm tra."), field="kind"))
    errors += _day_errors(facts.planned_on, today)
    if not facts.reason:
        errors.append(InvalidInput(N_("Hãy ghi lý do hoặc căn cứ kiểm tra."), field="reason"))
    _raise(errors)


def check_day(planned_on: date | None, *, today: date) -> None:
    """Raises InvalidFields."""
    _raise(_day_errors(planned_on, today))


def check_visit(facts: VisitFacts, checklist: Collection[str], *, today: date) -> None:
    """``checklist`` holds the codes of the points that the kind of business is asked about. Raises InvalidFields."""
    errors: list[TraceError] = []
    if facts.held_on is None or facts.held_on > today:
        errors.append(InvalidInput(N_("Hãy nhập ngày kiểm tra, không muộn hơn hôm nay."), field="held_on"))
    errors += [
        InvalidInput(N_("Hãy nhập giờ theo dạng 08:30."), field=name)
        for name in ("began", "ended")
        if not _TIME.fullmatch(getattr(facts, name))
    ]
    if not errors and facts.ended < facts.began:
        errors.append(InvalidInput(N_("Giờ kết thúc sớm hơn giờ bắt đầu."), field="ended"))
    for name, message in (
        ("officer", N_("Hãy ghi họ tên, chức vụ người ký thay đoàn kiểm tra.")),
        ("representative", N_("Hãy ghi họ tên, chức vụ người đại diện cơ sở.")),
        ("conclusion", N_("Hãy ghi kết luận của đoàn kiểm tra.")),
    ):
        if not getattr(facts, name):
            errors.append(InvalidInput(message, field=name))
    if facts.refused and not facts.remarks:
        errors.append(InvalidInput(N_("Cơ sở không ký thì hãy ghi vì sao."), field="remarks"))
    if facts.grade and not facts.grade_reason:
        errors.append(InvalidInput(N_("Hãy ghi vì sao xếp loại như vậy."), field="grade_reason"))
    errors += _point_errors(facts, checklist)
    for number, finding in enumerate(facts.extras, start=1):
        errors += _finding_errors(finding, facts.held_on, f"extra_{number}")
    for number, sample in enumerate(facts.samples, start=1):
        if not sample.code or not sample.product:
            message = N_("Mẫu cần có số mẫu và tên sản phẩm.")
            errors.append(InvalidInput(message, field=f"sample_{number}_code"))
    if len({sample.code for sample in facts.samples}) < len(facts.samples):
        errors.append(InvalidInput(N_("Hai mẫu có cùng một số."), field="sample_1_code"))
    _raise(errors)


def findings_of(facts: VisitFacts) -> list[FindingFacts]:
    """Those of the checklist, then those beyond it."""
    return [
        *(
            FindingFacts(code=each.code, severity=Severity(each.result.value), text=each.note, deadline=each.deadline)
            for each in facts.points
            if each.result and each.result.is_finding
        ),
        *facts.extras,
    ]


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def _point_errors(facts: VisitFacts, checklist: Collection[str]) -> list[TraceError]:
    errors: list[TraceError] = []
    if unknown := {each.code for each in facts.points} - set(checklist):
        message = N_("Bảng kiểm không có mục %(codes)s. Hãy tải lại trang.")
        errors.append(InvalidInput(message, codes=", ".join(sorted(unknown))))
    answered = {each.code: each for each in facts.points if each.result}
    errors += [
        InvalidInput(N_("Hãy chọn kết quả cho mục này."), field=f"result_{code}")
        for code in checklist
        if code not in answered
    ]
    for code, each in answered.items():
        if each.result and each.result.is_finding:
            finding = FindingFacts(code=code, severity=Severity.MINOR, text=each.note, deadline=each.deadline)
            errors += _finding_errors(finding, facts.held_on, "", note=f"note_{code}", deadline=f"deadline_{code}")
    return errors


def _finding_errors(
    finding: FindingFacts, held_on: date | None, field: str, *, note: str = "", deadline: str = ""
) -> list[TraceError]:
    errors: list[TraceError] = []
    if not finding.text:
        errors.append(InvalidInput(N_("Hãy ghi rõ sai lỗi."), field=note or f"{field}_text"))
    if finding.severity is None:
        errors.append(InvalidInput(N_("Hãy chọn mức độ của sai lỗi."), field=f"{field}_severity"))
    if finding.deadline is None or (held_on and finding.deadline < held_on):
        message = N_("Hãy nhập hạn khắc phục, từ ngày kiểm tra trở đi.")
        errors.append(InvalidInput(message, field=deadline or f"{field}_deadline"))
    return errors


def _day_errors(planned_on: date | None, today: date) -> list[TraceError]:
    if planned_on is None or planned_on < today:
        return [InvalidInput(N_("Hãy nhập ngày kiểm tra, từ hôm nay trở đi."), field="planned_on")]
    return []


def _raise(errors: list[TraceError]) -> None:
    if errors:
        raise InvalidFields(errors)
