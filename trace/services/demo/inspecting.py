"""The department's visits: one to the farm, which put a fault right half-way, and one that is still to come."""

from datetime import timedelta

from ...domain.inspections import (
    CheckedPoint,
    Grade,
    InspectionKind,
    PlanFacts,
    Result,
    SampleFacts,
    VisitFacts,
)
from ...storage.batches import Batch
from ...storage.chain import standing_events
from ...storage.inspection_findings import findings_of
from ...storage.inspection_measures import checklist_on
from ...storage.inspections import Inspection
from .. import clock, inspection_findings, inspection_visits, inspections
from ..inspection_visits import Enclosed
from .stage import Stage

FAULTS = {
    "T1": (Result.MINOR, "Sổ nhập giống, phân bón thiếu tên người giao ở hai lần nhập gần nhất.", 10),
    "S5": (Result.MAJOR, "Vỏ thuốc đã dùng để ở bờ ruộng, chưa có thùng thu gom.", 5),
}
"""By point: how bad, what, and within how many days it is to be put right."""
SEEN = "farm 2"
"""The batch whose steps the officer saw."""


def inspect(stage: Stage) -> None:
    with stage.on(9, 16):
        officer = stage.actor("officer")
        visit = _plan(stage, "farm", days=2, reason="Kế hoạch kiểm tra năm (ví dụ)", team="Đinh Văn Hùng (ví dụ)")
    with stage.on(7, 10, 30):
        inspection_visits.sign(
            stage.session, officer, visit.id, _seen(stage, visit), Enclosed(store=stage.store, photos={})
        )
    with stage.on(4, 8):
        finding = stage.session.scalars(findings_of(visit.id)).all()[0]
        said = "Đã ghi bổ sung tên người giao và nhắc người trong nhà ghi đủ từ nay."
        inspection_findings.answer(stage.session, stage.actor("farm"), finding.id, text=said)
    with stage.on(1, 9, 30):
        _plan(stage, "cooperative", days=4, reason="Kiểm tra định kỳ theo xếp loại (ví dụ)")


def _plan(stage: Stage, part: str, *, days: int, reason: str, team: str = "") -> Inspection:
    facts = PlanFacts(
        business_id=stage.businesses[part],
        kind=InspectionKind.PERIODIC,
        planned_on=clock.today() + timedelta(days=days),
        reason=reason,
        team=team,
    )
    return inspections.plan(stage.session, stage.actor("officer"), facts)


def _seen(stage: Stage, visit: Inspection) -> VisitFacts:
    today, batch = clock.today(), stage.session.get_one(Batch, stage.batches[SEEN])
    points = []
    for point in checklist_on(visit.business.kind, today):
        result, note, days = FAULTS.get(point.code, (Result.PASSED, "", 0))
        deadline = today + timedelta(days=days) if days else None
        points.append(CheckedPoint(code=point.code, result=result, note=note, deadline=deadline))
    steps = [event.id for event in stage.session.scalars(standing_events(batch.id))]
    return VisitFacts(
        held_on=today,
        began="08:30",
        ended="10:15",
        officer="Nguyễn Thị Mai (ví dụ), chuyên viên",
        representative="Nguyễn Văn Sáu (ví dụ), chủ hộ",
        points=points,
        samples=[SampleFacts(code="VIDU-M-01", product=f"{batch.product.name}, lô {batch.lot}", batch_id=batch.id)],
        event_ids=steps,
        grade=Grade.B,
        grade_reason="Một lỗi nặng, một lỗi nhẹ; không ảnh hưởng ngay đến sản phẩm.",
        sanctions="Nhắc nhở tại chỗ; chưa đến mức xử phạt.",
        conclusion="Hộ làm đúng phần lớn quy định. Đề nghị khắc phục hai sai lỗi đúng hạn và trả lời trên hệ thống.",
        remarks="Hộ nhất trí với biên bản.",
    )
