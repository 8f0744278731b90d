"""What land can give: yields by crop, and whether a harvest is possible on the land that it is said to come from.

Yields are grams per square metre and cycle (vụ, lứa); a crop has so many cycles a year at the most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from .errors import N_, InvalidInput
from .quantities import Unit, format_amount
from .text import fold

DAYS_OF_YEAR = 365
LARGEST_YIELD = 1_000_000  # a tonne a square metre is a slip
MOST_CYCLES = 52

Known = TypeVar("Known")


class HarvestBeyondPossible(InvalidInput):
    """More than the best cycle on all of the site, as often as the year allows."""

    code = "harvest-beyond-possible"
    message = N_(
        "%(site)s rộng %(area)s m², %(crop)s được nhiều nhất %(high)s mỗi m² một vụ và %(cycles)s vụ một năm, "
        "tức là %(possible)s. Năm %(year)s đã ghi %(recorded)s, thêm %(amount)s là %(total)s. "
        "Hãy kiểm tra số vừa nhập; nếu diện tích khai thiếu thì sửa diện tích trước."
    )


class HarvestUnusual(InvalidInput):
    """More within one cycle's time than one cycle gives; it may be so, and then somebody says why."""

    code = "harvest-unusual"
    message = N_(
        "%(site)s rộng %(area)s m², một vụ %(crop)s được nhiều nhất %(possible)s. Trong %(days)s ngày gần đây đã ghi "
        "%(recorded)s, thêm %(amount)s là %(total)s. Nếu đúng vậy, hãy ghi lý do; cơ quan quản lý cũng đọc được."
    )


class YieldNotPossible(InvalidInput):
    code = "yield-not-possible"
    message = N_("Năng suất phải lớn hơn 0, và mức thấp không lớn hơn mức cao.")


@dataclass(frozen=True)
class Yield:
    low: int
    high: int
    cycles: int

    @property
    def days(self) -> int:
        """How long the shortest cycle takes."""
        return -(-DAYS_OF_YEAR // self.cycles)


@dataclass(frozen=True)
class Land:
    """A site that grows a crop; names are as people read them."""

    site: str
    crop: str
    area_m2: int
    expected: Yield

    @property
    def in_a_cycle(self) -> int:
        """The most that it gives, in grams."""
        return self.area_m2 * self.expected.high

    @property
    def in_a_year(self) -> int:
        return self.in_a_cycle * self.expected.cycles


@dataclass(frozen=True)
class Harvested:
    """What else was recorded of the same crop on the same land, in grams: in the calendar year, and within a cycle's days."""

    in_year: int
    in_cycle: int


def check_yield(expected: Yield) -> None:
    """Raises YieldNotPossible or InvalidInput."""
    if not 0 < expected.low <= expected.high:
        raise YieldNotPossible(field="low")
    if expected.high > LARGEST_YIELD:
        raise InvalidInput(N_("Năng suất này quá lớn. Hãy nhập số kg trên một mét vuông."), field="high")
    if not 0 < expected.cycles <= MOST_CYCLES:
        raise InvalidInput(N_("Số vụ một năm là từ 1 đến %(most)s."), field="cycles", most=MOST_CYCLES)


def crop_named(product_name: str, crops: Mapping[str, Known]) -> Known | None:
    """The crop whose words occur in a product's name, the longest one; else what is known of every crop (the empty name)."""
    name = f" {fold(product_name)} "
    fitting = [crop for crop in crops if f" {fold(crop)} " in name or not crop]
    return crops[max(fitting, key=len)] if fitting else None


def is_unusual(amount: int, land: Land, harvested: Harvested) -> bool:
    """Whether ``amount`` grams more need an explanation."""
    return harvested.in_cycle + amount > land.in_a_cycle


def check_possible(amount: int, land: Land, harvested: Harvested, *, year: int) -> None:
    """Raises HarvestBeyondPossible, which shows the sum."""
    if harvested.in_year + amount > land.in_a_year:
        raise HarvestBeyondPossible(
            field="amount",
            site=land.site,
            area=f"{land.area_m2:,}".replace(",", "."),
            crop=land.crop,
            high=format_amount(land.expected.high, Unit.KGM),
            cycles=land.expected.cycles,
            possible=format_amount(land.in_a_year, Unit.KGM),
            year=year,
            recorded=format_amount(harvested.in_year, Unit.KGM),
            amount=format_amount(amount, Unit.KGM),
            total=format_amount(harvested.in_year + amount, Unit.KGM),
        )


def unusual(amount: int, land: Land, harvested: Harvested, *, field: str) -> HarvestUnusual:
    """The question for whoever recorded what ``is_unusual``; ``field`` is where the answer goes."""
    return HarvestUnusual(
        field=field,
        site=land.site,
        area=f"{land.area_m2:,}".replace(",", "."),
        crop=land.crop,
        possible=format_amount(land.in_a_cycle, Unit.KGM),
        days=land.expected.days,
        recorded=format_amount(harvested.in_cycle, Unit.KGM),
        amount=format_amount(amount, Unit.KGM),
        total=format_amount(harvested.in_cycle + amount, Unit.KGM),
    )


def total(harvests: Iterable[tuple[str, int, int]], crops: Mapping[str, Known], wanted: Known) -> Harvested:
    """Of ``(product name, in year, in cycle)``, those that are of the ``wanted`` crop."""
    same = [(year, cycle) for name, year, cycle in harvests if crop_named(name, crops) is wanted]
    return Harvested(sum(year for year, _ in same), sum(cycle for _, cycle in same))
