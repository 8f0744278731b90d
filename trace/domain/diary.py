"""The production diary (nhật ký sản xuất): what each kind of entry must say, and what the rules see in it.

Intervals and doses come from the label of the product that was used; nothing here proposes one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .dates import vietnam_date
from .diary_measures import Measures
from .errors import N_, Conflict, InvalidFields, InvalidInput, TraceError
from .labelled import Labelled
from .text import fold


class EntryKind(Labelled):
    SOWING = "sowing", N_("Gieo trồng")
    IRRIGATION = "irrigation", N_("Tưới nước")
    FERTILISER = "fertiliser", N_("Bón phân")
    PESTICIDE = "pesticide", N_("Phun thuốc bảo vệ thực vật")
    ARRIVAL = "arrival", N_("Nhập đàn")
    FEED = "feed", N_("Cho ăn")
    VETERINARY_DRUG = "veterinary_drug", N_("Dùng thuốc thú y")
    TREATMENT = "treatment", N_("Khám, tiêm phòng")
    HARVEST = "harvest", N_("Thu hoạch")
    EXIT = "exit", N_("Xuất chuồng")
    NOTE = "note", N_("Ghi chú")

    @property
    def has_interval(self) -> bool:
        """After it the food must wait: pre-harvest interval (thời gian cách ly) or withdrawal time."""
        return self in (EntryKind.PESTICIDE, EntryKind.VETERINARY_DRUG)

    @property
    def is_harvest(self) -> bool:
        return self in (EntryKind.HARVEST, EntryKind.EXIT)


OF_CROPS = (
    EntryKind.IRRIGATION,
    EntryKind.FERTILISER,
    EntryKind.PESTICIDE,
    EntryKind.HARVEST,
    EntryKind.SOWING,
    EntryKind.NOTE,
)
OF_ANIMALS = (
    EntryKind.FEED,
    EntryKind.VETERINARY_DRUG,
    EntryKind.TREATMENT,
    EntryKind.EXIT,
    EntryKind.HARVEST,
    EntryKind.ARRIVAL,
    EntryKind.NOTE,
)
"""The most frequent first, as the buttons stand."""

FIELDS: dict[EntryKind, tuple[str, ...]] = {
    EntryKind.SOWING: ("material", "dose"),
    EntryKind.IRRIGATION: ("material",),
    EntryKind.FERTILISER: ("material", "dose", "area_m2", "operator"),
    EntryKind.PESTICIDE: ("material", "active_ingredient", "dose", "interval_days", "area_m2", "operator"),
    EntryKind.ARRIVAL: ("material", "dose"),
    EntryKind.FEED: ("material", "dose"),
    EntryKind.VETERINARY_DRUG: (
        "material",
        "active_ingredient",
        "dose",
        "interval_days",
        "produce_interval_days",
        "operator",
    ),
    EntryKind.TREATMENT: ("material", "operator"),
    EntryKind.HARVEST: ("amount",),
    EntryKind.EXIT: ("amount",),
    EntryKind.NOTE: (),
}
"""What each kind asks for, beside its day, a note and a photo."""
OPTIONAL = {
    EntryKind.SOWING: {"dose"},
    EntryKind.IRRIGATION: {"material"},
    EntryKind.FERTILISER: {"area_m2", "operator"},
    EntryKind.FEED: {"dose"},
}
SAFETY = frozenset({"active_ingredient", "dose", "interval_days", "produce_interval_days", "amount"})
"""Never filled in from an earlier entry: each is read off the label or the scale again."""


class EntryIncomplete(InvalidInput):
    code = "diary-entry-incomplete"
    message = N_("Loại ghi chép này cần mục này. Hãy nhập theo nhãn sản phẩm hoặc theo thực tế.")


class EntryInFuture(InvalidInput):
    code = "diary-entry-in-future"
    message = N_("Ngày này chưa tới. Hãy ghi việc đã làm xong.")


class EntryBeforeSeason(InvalidInput):
    code = "diary-entry-before-season"
    message = N_("Mùa vụ này bắt đầu ngày %(started_on)s. Hãy kiểm tra lại ngày.")


class KindOfOtherFarming(InvalidInput):
    code = "diary-kind-of-other-farming"
    message = N_("Loại ghi chép này không dùng cho mùa vụ này.")


class SeasonClosed(Conflict):
    code = "season-closed"
    message = N_("Mùa vụ này đã kết thúc nên không ghi thêm được. Hãy mở mùa vụ mới.")


class KeyOfOtherEntry(Conflict):
    """One device's key, two different contents: keeping the second would lose it, silently."""

    code = "diary-key-of-other-entry"
    message = N_("Ghi chép này đã lưu trước đó với nội dung khác. Hãy xem lại mùa vụ, rồi ghi mới hoặc đính chính.")


class CorrectionOfCorrection(Conflict):
    code = "diary-correction-of-correction"
    message = N_("Đây là một lần đính chính. Hãy đính chính từ ghi chép gốc.")


class CorrectedElsewhere(Conflict):
    """Two people correct one entry, one of them perhaps without a network: neither overwrites the other unseen."""

    code = "diary-corrected-elsewhere"
    message = N_("Ghi chép này đã được người khác sửa sau khi bạn mở. Hãy xem cả hai bản rồi chọn một bản.")


class HarvestInsideInterval(Conflict):
    """A batch of a harvest that came too early after a treatment, and nobody has cleared it yet."""

    code = "harvest-inside-interval"
    message = N_(
        "Lô thu hoạch ngày %(harvested_on)s khi “%(material)s” còn thời gian cách ly đến %(safe_from)s. "
        "Lô chỉ công bố được khi cán bộ xem xét hoặc có kết quả kiểm nghiệm. Sở đã được báo."
    )


class SeasonNotNamed(Conflict):
    """A batch could be from a plot that was still inside an interval, and does not say which plot it is from."""

    code = "season-not-named"
    message = N_(
        "Ngày %(harvested_on)s, ở địa điểm này có thửa của cùng sản phẩm còn thời gian cách ly. "
        "Hãy sửa lô và chọn mùa vụ mà lô được thu hoạch."
    )


class FlagKind(Labelled):
    HARVEST_IN_INTERVAL = "harvest_in_interval", N_("Thu hoạch trong thời gian cách ly")
    COPIED_ENTRIES = "copied_entries", N_("Ghi chép giống hệt mùa vụ khác")
    COPIED_PHOTO = "copied_photo", N_("Ảnh trùng với mùa vụ khác")

    @property
    def blocks_publishing(self) -> bool:
        return self is FlagKind.HARVEST_IN_INTERVAL


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """``dose`` as the label writes it ("15 ml/bình 16 l"); ``interval_days`` whole days to wait before harvest or slaughter,
    ``produce_interval_days`` before what a living animal gives (milk, eggs, honey) may be taken; ``amount`` in the
    product's base unit; ``area_m2`` in square metres."""

    kind: EntryKind
    happened_on: date
    material: str = ""
    active_ingredient: str = ""
    dose: str = ""
    interval_days: int | None = None
    produce_interval_days: int | None = None
    area_m2: int | None = None
    operator: str = ""
    amount: int | None = None
    note: str = ""


def asked(kind: EntryKind, *, of_living: bool) -> tuple[str, ...]:
    """What this kind asks for. ``of_living``: the season's product is taken from animals that live on."""
    return tuple(name for name in FIELDS[kind] if name != "produce_interval_days" or of_living)


def required(kind: EntryKind, *, of_living: bool = False) -> frozenset[str]:
    """The facts without which an entry of this kind says nothing."""
    if kind in (EntryKind.NOTE, EntryKind.TREATMENT):
        return frozenset({"note"})
    return frozenset(asked(kind, of_living=of_living)) - OPTIONAL.get(kind, set())


def check_entry(
    facts: EntryFacts,
    *,
    kinds: Collection[EntryKind],
    started_on: date,
    today: date,
    measures: Measures,
    of_living: bool = False,
) -> None:
    """Raises InvalidFields naming every fault. ``kinds`` are those of the season's farming; ``of_living`` as in ``asked``."""
    errors: list[TraceError] = []
    if facts.kind not in kinds:
        raise KindOfOtherFarming(field="kind")
    if facts.happened_on > today:
        errors.append(EntryInFuture(field="happened_on"))
    if facts.happened_on < started_on:
        errors.append(EntryBeforeSeason(field="happened_on", started_on=f"{started_on:%d/%m/%Y}"))
    errors += [
        EntryIncomplete(field=name)
        for name in sorted(required(facts.kind, of_living=of_living))
        if getattr(facts, name) in ("", None)
    ]
    for name in ("interval_days", "produce_interval_days"):
        days = getattr(facts, name)
        if days is not None and not 0 <= days <= measures.longest_interval_days:
            message = N_("Thời gian cách ly tính bằng ngày, từ 0 đến %(most)s.")
            errors.append(InvalidInput(message, field=name, most=measures.longest_interval_days))
    if facts.area_m2 is not None and facts.area_m2 <= 0:
        errors.append(InvalidInput(N_("Diện tích tính bằng m², lớn hơn 0."), field="area_m2"))
    if errors:
        raise InvalidFields(errors)


class Harvest(NamedTuple):
    """``of_living``: milk, eggs or honey taken, and not the animal."""

    on: date
    of_living: bool = False


@dataclass(frozen=True)
class Application:
    """One use of a product on a season: ``id`` of its entry; ``age`` in days since the season began."""

    id: int
    kind: EntryKind
    on: date
    age: int
    material: str
    dose: str
    interval_days: int | None
    produce_interval_days: int | None = None

    def safe_from(self, *, of_living: bool = False) -> date:
        """The first day on which the food may be harvested; milk, eggs and honey by their own interval, where one is known."""
        own = self.produce_interval_days if of_living else None
        return self.on + timedelta(days=(self.interval_days or 0) if own is None else own)


def early_harvests(
    applications: Iterable[Application], harvests: Collection[Harvest]
) -> Iterator[tuple[Harvest, Application]]:
    """Each harvest with each application whose interval had not passed on its day.

    A spray of the same day counts, whichever came first: the hour is not recorded.
    """
    for application in applications:
        for harvest in sorted(harvests):
            if application.on <= harvest.on < application.safe_from(of_living=harvest.of_living):
                yield harvest, application


def looks_copied(ours: Iterable[Application], theirs: Iterable[Application], measures: Measures) -> bool:
    """Whether two seasons of different products share too many applications, alike to the day, the dose and the interval."""
    shared = Counter(map(_shape, ours)) & Counter(map(_shape, theirs))
    return shared.total() >= measures.same_applications


def days_late(happened_on: date, *, recorded_at: datetime, device_time: datetime | None, measures: Measures) -> int:
    """Days between the work and its being written down, by the phone's clock where it was offline; 0 where that is soon.

    A phone whose clock runs ahead cannot write later than the record.
    """
    written = min(device_time or recorded_at, recorded_at)
    days = (vietnam_date(written) - happened_on).days
    return days if days > measures.late_after_days else 0


def _shape(application: Application) -> tuple[object, ...]:
    return (
        application.kind,
        application.age,
        fold(application.material),
        fold(application.dose),
        application.interval_days,
        application.produce_interval_days,
    )
