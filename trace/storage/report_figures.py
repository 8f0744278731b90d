"""What a report tells beside its indicators and coverage: how the department looked after it all."""

from sqlalchemy import ScalarSelect, Select, func, select

from ..domain.plans import Period
from .complaints import Complaint
from .laboratory import LaboratoryTest
from .recalls import Recall


def oversight(period: Period) -> Select[int, int, int, int]:
    """One row: laboratory reports handed in, those that failed, recalls ordered, complaints received."""
    since, until = period.since, period.until

    def of(statement: Select[int]) -> ScalarSelect[int]:
        return statement.scalar_subquery()

    reports = select(func.count(LaboratoryTest.id)).where(
        LaboratoryTest.recorded_at >= since, LaboratoryTest.recorded_at < until
    )
    return select(
        of(reports),
        of(reports.where(~LaboratoryTest.passed)),
        of(select(func.count(Recall.id)).where(Recall.confirmed_at >= since, Recall.confirmed_at < until)),
        of(select(func.count(Complaint.id)).where(Complaint.at >= since, Complaint.at < until)),
    )
