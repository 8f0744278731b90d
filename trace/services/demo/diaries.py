"""The acts in the fields: two seasons whose diary is kept, one that waited long enough after a spray and one that did not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ...domain.diary import EntryFacts, EntryKind
from ...storage.products import Product
from ...storage.sites import Site
from .. import clock, diary
from ..diary import SeasonFacts
from .script import HARVESTS
from .stage import Stage


@dataclass(frozen=True)
class Work:
    """One entry. ``written`` days after it was done."""

    days_ago: int
    kind: EntryKind
    material: str = ""
    dose: str = ""
    active_ingredient: str = ""
    interval_days: int | None = None
    area_m2: int | None = None
    kilograms: int | None = None
    note: str = ""
    written: int = 0


@dataclass(frozen=True)
class Diary:
    plot: str
    days_ago: int
    works: Sequence[Work]


DIARIES = {
    "complete": Diary(
        "Luống 1–3",
        32,
        (
            Work(32, EntryKind.SOWING, "Hạt cải ngọt giống địa phương", "1,2 g/m²"),
            Work(30, EntryKind.IRRIGATION, "Nước giếng khoan"),
            Work(24, EntryKind.FERTILISER, "Phân hữu cơ vi sinh (ví dụ)", "20 kg/sào", area_m2=720),
            Work(
                18,
                EntryKind.PESTICIDE,
                "Thuốc trừ sâu sinh học (ví dụ)",
                "15 g/bình 16 l",
                "Bacillus thuringiensis",
                interval_days=3,
                area_m2=720,
            ),
            Work(11, EntryKind.IRRIGATION, "Nước giếng khoan"),
            Work(9, EntryKind.NOTE, note="Nhổ cỏ, tỉa cây xấu.", written=6),
            Work(1, EntryKind.HARVEST, kilograms=120),
        ),
    ),
    "flagged": Diary(
        "Thửa ven đê",
        60,
        (
            Work(60, EntryKind.SOWING, "Cây giống su hào 25 ngày tuổi", "35 × 35 cm"),
            Work(40, EntryKind.FERTILISER, "NPK 16-16-8 (ví dụ)", "8 kg/sào", area_m2=1800),
            Work(
                4,
                EntryKind.PESTICIDE,
                "Thuốc trừ sâu tơ (ví dụ)",
                "10 ml/bình 16 l",
                "Spinetoram",
                interval_days=7,
                area_m2=1800,
            ),
            Work(0, EntryKind.HARVEST, kilograms=150),
        ),
    ),
}
"""By the batch that was harvested from the season."""


def keep_diary(stage: Stage, part: str) -> int | None:
    """Write the diary of the season that a batch of the story comes from; its id, or None where none was kept."""
    kept = DIARIES.get(part)
    if kept is None:
        return None
    harvest = next(each for each in HARVESTS if each.part == part)
    business_id = stage.businesses[harvest.house]
    person = stage.actor("cooperative_staff" if harvest.house == "cooperative" else harvest.house)
    own_product = select(Product.id).where(Product.business_id == business_id, Product.name == harvest.goods)
    own_site = select(Site.id).where(Site.business_id == business_id, Site.code == harvest.place)
    with stage.on(kept.days_ago, 7):
        facts = SeasonFacts(
            site_id=stage.session.scalars(own_site).one(),
            product_id=stage.session.scalars(own_product).one(),
            plot=kept.plot,
            started_on=clock.today(),
        )
        season_id = diary.open_season(stage.session, person, business_id, facts).id
    for work in kept.works:
        with stage.on(work.days_ago, 7, 20):
            day = clock.today()
        with stage.on(work.days_ago - work.written, 7, 30):
            diary.record(stage.session, person, season_id, _facts(work, day, person.name))
    return season_id


def _facts(work: Work, day: date, name: str) -> EntryFacts:
    return EntryFacts(
        kind=work.kind,
        happened_on=day,
        material=work.material,
        dose=work.dose,
        active_ingredient=work.active_ingredient,
        interval_days=work.interval_days,
        area_m2=work.area_m2,
        operator=name,
        amount=None if work.kilograms is None else work.kilograms * 1000,
        note=work.note,
    )
