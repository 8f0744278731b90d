"""What the department does with its queues: a call about a paper that lapses, and other weights for the risk score."""

from datetime import timedelta

from sqlalchemy import select

from ...domain.certificates import CertificateScheme
from ...domain.work import Work
from ...storage.certificates import Certificate
from .. import clock, risk_weights, risks, work
from ..risk_weights import WeightsFacts
from .stage import Stage


def work_off(stage: Stage) -> None:
    session, officer = stage.session, stage.actor("officer")
    with stage.on(3, 9):
        lapsing = session.scalars(
            select(Certificate.id).where(
                Certificate.business_id == stage.businesses["cooperative"],
                Certificate.scheme == CertificateScheme.VIETGAP,
            )
        ).one()
        work.assign(session, officer, Work.RENEWAL, lapsing, assignee_id=stage.users["commune_officer"])
    with stage.on(2, 14):
        said = "Đã gọi: hợp tác xã nộp hồ sơ cấp lại trong tuần này."
        work.comment(session, stage.actor("commune_officer"), Work.RENEWAL, lapsing, said)
    risks.recount_all(session)
    with stage.on(1, 15):
        facts = WeightsFacts(
            weights={"unanswered_offer": (4, 16), "late_entry": (2, 12)},
            valid_from=clock.today() + timedelta(days=7),
            source="Kết quả kiểm tra quý III (ví dụ)",
            reason="Chuyến hàng không ai xác nhận và nhật ký ghi muộn hay đi cùng hàng không rõ nguồn.",
        )
        risk_weights.propose(session, stage.actor("data_administrator"), facts)
