"""The share of goods packed in what degrades or is used again, month by month (plan 96/KH-UBND, I.4.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from ..domain.dates import start_of_day
from ..domain.errors import N_
from ..domain.permissions import Actor, Permission, require
from ..domain.products import SPARING, PackagingMaterial
from ..storage import packaging as questions
from ..storage.packaging import PackagingMonth
from .clock import today

MONTHS = 12
DEFINITION = N_(
    "Tử số: lô công bố trong tháng mà sản phẩm khai bao bì dễ phân hủy, dùng lại nhiều lần hoặc không bao gói. Mẫu số: mọi lô "
    "công bố trong tháng. Không tính lô đã rút."
)


@dataclass(frozen=True)
class Month:
    """``batches`` by material; None for products that do not say what they are packed in."""

    first: date
    batches: Mapping[PackagingMaterial | None, int]

    @property
    def total(self) -> int:
        return sum(self.batches.values())

    @property
    def sparing(self) -> int:
        return sum(count for material, count in self.batches.items() if material in SPARING)


@dataclass(frozen=True)
class Shares:
    """The last twelve months, the oldest first; ``counted_on`` None where nothing was counted yet."""

    months: Sequence[Month]
    counted_on: date | None

    @property
    def materials(self) -> list[PackagingMaterial | None]:
        """Those that occur."""
        found = {material for month in self.months for material, count in month.batches.items() if count}
        return [each for each in (*PackagingMaterial, None) if each in found]


def keep(session: Session) -> None:
    """Count this month and the one before anew, as batches are corrected and withdrawn; and any that was never counted."""
    day = today()
    *earlier, before, this = _months(day)
    there = set(session.scalars(select(PackagingMonth.month).distinct()))
    for month in [each for each in earlier if each not in there] + [before, this]:
        session.execute(delete(PackagingMonth).where(PackagingMonth.month == month))
        counted = session.execute(questions.published_by_commune(*_span(month))).all()
        rows = [
            {"month": month, "commune_code": commune, "material": material, "batches": batches, "counted_on": day}
            for commune, material, batches in counted
        ]
        if rows:
            session.execute(insert(PackagingMonth), rows)
    session.commit()


def shares(session: Session, actor: Actor, commune_code: str = "") -> Shares:
    """Of the city or one commune; an officer of a commune reads their own."""
    require(actor, Permission.COVERAGE_READ)
    months = _months(today())
    own = actor.office.commune_code if actor.office else None
    rows = session.execute(questions.kept(months[0], own or commune_code)).all()
    counts: dict[date, dict[str, int]] = {}
    for month, material, batches, _ in rows:
        counts.setdefault(month, {})[material] = int(batches)
    counted_on = max((day for *_, day in rows), default=None)
    return Shares([_month(each, counts.get(each, {}).items()) for each in months], counted_on)


def own_shares(session: Session, actor: Actor, business_id: int) -> Shares:
    """Of one business, as they stand now."""
    require(actor, Permission.BUSINESS_READ, business_id)
    day = today()
    months = _months(day)
    rows = session.execute(questions.published_by(business_id, [_span(each) for each in months])).all()
    counts = [[(material, batches[place]) for material, *batches in rows] for place in range(MONTHS)]
    return Shares([_month(each, found) for each, found in zip(months, counts, strict=True)], day)


def _month(first: date, counts: Iterable[tuple[str, int]]) -> Month:
    return Month(first, {PackagingMaterial(material) if material else None: count for material, count in counts})


def _months(day: date) -> list[date]:
    months = [day.replace(day=1)]
    while len(months) < MONTHS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    return months


def _span(month: date) -> tuple[datetime, datetime]:
    return start_of_day(month), start_of_day((month + timedelta(days=31)).replace(day=1))
