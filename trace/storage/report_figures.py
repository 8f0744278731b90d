"""What a report tells beside its indicators: by commune, by commodity, and how the department looked after it all."""

from sqlalchemy import ScalarSelect, Select, and_, case, func, select

from ..domain.plans import Period
from ..domain.products import Commodity
from .batches import Batch
from .businesses import Business
from .complaints import Complaint
from .coverage import LINKED, RegisterEntry
from .laboratory import LaboratoryTest
from .plan_measures import is_traceable, was_published
from .products import Product
from .recalls import Recall


def by_commune(list_id: int, period: Period) -> Select[str | None, int, int, int]:
    """Of each commune of a list: names on it, those that enrolled, those that are traceable in the period."""
    linked = RegisterEntry.match.in_(LINKED)
    return (
        select(
            RegisterEntry.commune_code,
            func.count(),
            func.count(case((linked, 1))),
            func.count(case((and_(linked, *is_traceable(period)), 1))),
        )
        .select_from(RegisterEntry)
        .outerjoin(Business, Business.id == RegisterEntry.business_id)
        .where(RegisterEntry.list_id == list_id)
        .group_by(RegisterEntry.commune_code)
        .order_by(RegisterEntry.commune_code)
    )


def by_chain(period: Period) -> Select[Commodity, int, int, int]:
    """Of each commodity: businesses that published in the period, their batches, and those that are complete."""
    return (
        select(
            Product.commodity,
            func.count(Batch.business_id.distinct()),
            func.count(),
            func.count(case((Batch.complete, 1))),
        )
        .select_from(Batch)
        .join(Product, Product.id == Batch.product_id)
        .where(*was_published(period))
        .group_by(Product.commodity)
        .order_by(Product.commodity)
    )


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
