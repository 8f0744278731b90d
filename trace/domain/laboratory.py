"""A laboratory's word on a batch, and what an officer makes of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled

MOST_FINDINGS = 60
LONGEST_TEXT = 200


class LaboratoryStatus(Labelled):
    """Of a report that was handed in."""

    SUBMITTED = "submitted", N_("Chờ cán bộ xem phiếu")
    CONFIRMED = "confirmed", N_("Cán bộ đã xác nhận phiếu")
    RELEASED = "released", N_("Cán bộ cho dùng tiếp lô")
    REFUSED = "refused", N_("Phiếu không được công nhận")

    @property
    def is_decision(self) -> bool:
        return self is not LaboratoryStatus.SUBMITTED


KEEPING_BACK = (LaboratoryStatus.SUBMITTED, LaboratoryStatus.CONFIRMED)
"""In these a failed result keeps its batch, and what was made of it, from being published, labelled or used."""


class LaboratoryTestFailed(Conflict):
    code = "laboratory-test-failed"
    message = N_(
        "Kết quả kiểm nghiệm của lô này không đạt (phiếu %(report)s). "
        "Hãy giữ hàng lại; lô chỉ công bố được khi cán bộ kết luận cho dùng tiếp."
    )


class ReportAlreadySubmitted(InvalidInput):
    code = "report-already-submitted"
    message = N_("Phiếu %(report)s của phòng kiểm nghiệm này đã gửi cho lô này. Nếu gửi nhầm, hãy báo cán bộ.")


class LaboratoryStepNotPossible(Conflict):
    code = "laboratory-step-not-possible"
    message = N_("Phiếu này đã có kết luận khác. Hãy tải lại trang để xem tình trạng mới nhất.")


@dataclass(frozen=True)
class Finding:
    """One line of a report as it is printed: ``value`` may be "KPH" (not detected) or "< 0,01"."""

    substance: str
    value: str
    unit: str = ""
    limit: str = ""
    """The most that is allowed, where the report says so."""


def parse_findings(typed: str) -> list[Finding]:
    """One finding a line: substance; value; unit; limit. What is missing stays empty."""
    lines = [[cell.strip() for cell in line.replace("\t", ";").split(";")] for line in typed.splitlines()]
    return [Finding(*[*cells, "", "", ""][:4]) for cells in lines if any(cells)]


def write_findings(findings: Sequence[Finding]) -> list[str]:
    """``Chlorpyrifos: 0,02 mg/kg (giới hạn 0,01)`` for events; the sign for a limit is the same in every language."""
    return [
        " ".join(filter(None, (f"{each.substance}: {each.value}", each.unit, each.limit and f"(≤ {each.limit})")))
        for each in findings
    ]


def check_findings(findings: Sequence[Finding], *, field: str = "findings") -> None:
    """Raises InvalidInput."""
    if len(findings) > MOST_FINDINGS:
        raise InvalidInput(N_("Tối đa %(most)s chỉ tiêu cho một phiếu."), field=field, most=MOST_FINDINGS)
    for line, each in enumerate(findings, start=1):
        if not each.substance or not each.value:
            message = N_(
                "Dòng %(line)s thiếu tên chỉ tiêu hoặc kết quả. Hãy viết: chỉ tiêu; kết quả; đơn vị; giới hạn."
            )
            raise InvalidInput(message, field=field, line=line)
        if any(len(text) > LONGEST_TEXT for text in asdict(each).values()):
            raise InvalidInput(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field=field)


def check_decision(status: LaboratoryStatus, decision: LaboratoryStatus, *, passed: bool) -> None:
    """A report that waits is confirmed or refused, or its failed batch released; a confirmed failure may still be.

    Raises LaboratoryStepNotPossible.
    """
    possible = {LaboratoryStatus.CONFIRMED, LaboratoryStatus.REFUSED} | (
        set() if passed else {LaboratoryStatus.RELEASED}
    )
    if status is LaboratoryStatus.CONFIRMED:
        possible = set() if passed else {LaboratoryStatus.RELEASED, LaboratoryStatus.REFUSED}
    if status not in KEEPING_BACK or decision not in possible:
        raise LaboratoryStepNotPossible


@dataclass(frozen=True, kw_only=True)
class LaboratoryFacts:
    """What a report says. ``sampled_at`` keeps the offset that it came with; ``site_id`` is where the sample was taken."""

    laboratory: str
    report: str
    sampled_at: datetime
    site_id: int
    passed: bool | None
    sample: str = ""
    findings: Sequence[Finding] = ()
