"""Green business points (điểm kinh doanh xanh): what a place of sale must show, and how it gets and loses the name."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .businesses import TRADING, BusinessKind
from .errors import N_, Conflict, InvalidFields, InvalidInput, TraceError
from .labelled import Labelled
from .sites import SiteKind

PLACES = frozenset({SiteKind.SHOP, SiteKind.STORE})
"""Where goods are sold or kept for sale; never where they are grown."""


class GreenPointStatus(Labelled):
    APPLIED = "applied", N_("Chờ xét")
    AWARDED = "awarded", N_("Được công nhận")
    REFUSED = "refused", N_("Chưa được công nhận")
    REVOKED = "revoked", N_("Bị rút công nhận")
    CANCELLED = "cancelled", N_("Cơ sở đã rút hồ sơ")


class GreenPointStep(Labelled):
    AWARD = "award", N_("Công nhận")
    REFUSE = "refuse", N_("Chưa công nhận")
    REVOKE = "revoke", N_("Rút công nhận")
    CANCEL = "cancel", N_("Rút hồ sơ")

    @property
    def needs_reason(self) -> bool:
        return self in (GreenPointStep.REFUSE, GreenPointStep.REVOKE)


_TRANSITIONS = {
    (GreenPointStatus.APPLIED, GreenPointStep.AWARD): GreenPointStatus.AWARDED,
    (GreenPointStatus.APPLIED, GreenPointStep.REFUSE): GreenPointStatus.REFUSED,
    (GreenPointStatus.AWARDED, GreenPointStep.REVOKE): GreenPointStatus.REVOKED,
    (GreenPointStatus.APPLIED, GreenPointStep.CANCEL): GreenPointStatus.CANCELLED,
}


@dataclass(frozen=True, eq=False)
class Criterion:
    """One row of trace/data/green_point_criteria.csv: in force ``since`` a day, ``until`` another or without end."""

    name: str
    since: date
    until: date | None
    required: bool
    needs_evidence: bool
    sentences: Mapping[str, str]
    """By language."""
    source: str

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, kw_only=True)
class Measures:
    """In force on a day (trace/data/green_point_measures.csv)."""

    validity_months: int
    lapse_notice_days: int


@dataclass(frozen=True)
class SelfCheck:
    """What the applicant says of one criterion."""

    met: bool = False
    note: str = ""
    has_evidence: bool = False


class GreenPointStepNotPossible(Conflict):
    code = "green-point-step-not-possible"
    message = N_("Hồ sơ này không còn ở bước đó. Hãy tải lại trang để xem tình trạng mới nhất.")


class AlreadyGreenPoint(Conflict):
    code = "already-green-point"
    message = N_("Địa điểm này đã có hồ sơ đang chờ xét hoặc đang được công nhận.")


def after(status: GreenPointStatus, step: GreenPointStep) -> GreenPointStatus:
    """Raises GreenPointStepNotPossible."""
    if (status, step) not in _TRANSITIONS:
        raise GreenPointStepNotPossible
    return _TRANSITIONS[status, step]


def check_applicant(kind: BusinessKind, place: SiteKind) -> None:
    """Raises InvalidInput where this is no place of sale."""
    if kind not in TRADING:
        raise InvalidInput(N_("Chỉ cửa hàng, siêu thị, chợ và nhà phân phối đăng ký điểm kinh doanh xanh."))
    if place not in PLACES:
        raise InvalidInput(N_("Hãy chọn một điểm bán hoặc kho của cơ sở."), field="site_id")


def check_answers(criteria: Iterable[Criterion], answers: Mapping[str, SelfCheck]) -> None:
    """Raises InvalidFields: ``met_<name>`` for what must be met and is not, ``file_<name>`` for what must be shown."""
    faults: list[TraceError] = []
    for each in criteria:
        answer = answers.get(each.name, SelfCheck())
        if each.required and not answer.met:
            faults.append(InvalidInput(N_("Điều này phải đạt rồi mới nộp hồ sơ."), field=f"met_{each.name}"))
        elif each.needs_evidence and answer.met and not answer.has_evidence:
            faults.append(InvalidInput(N_("Hãy gửi ảnh hoặc tệp PDF cho thấy điều này."), field=f"file_{each.name}"))
    if faults:
        raise InvalidFields(faults)


def months_later(day: date, months: int) -> date:
    """The last day of so many months that begin on ``day``: a year from 1 March ends on 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last) - timedelta(days=1)
