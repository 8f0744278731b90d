"""Whether a batch can be traced: the ten items of Thông tư 02/2024/TT-BKHCN and the stages of its commodity's chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .errors import N_
from .labelled import Labelled
from .stages import Chain
from .vocabulary import BusinessStep


class LegalItem(Labelled):
    """In the order of the circular; ``number`` is the item's place in it."""

    PRODUCT_NAME = "product_name", N_("Tên sản phẩm, hàng hóa")
    PRODUCT_IMAGE = "product_image", N_("Hình ảnh sản phẩm")
    BUSINESS_NAME = "business_name", N_("Tên đơn vị sản xuất, kinh doanh")
    BUSINESS_ADDRESS = "business_address", N_("Địa chỉ đơn vị sản xuất, kinh doanh")
    STAGES = "stages", N_("Các công đoạn, kèm mã sản phẩm, mã địa điểm và thời gian")
    PRODUCTION_TIME = "production_time", N_("Thời gian sản xuất")
    TRACE_CODE = "trace_code", N_("Mã truy xuất nguồn gốc")
    BRAND = "brand", N_("Thương hiệu, nhãn hiệu, mã ký hiệu, số sê-ri (nếu có)")
    SHELF_LIFE = "shelf_life", N_("Thời hạn sử dụng (nếu có)")
    STANDARDS = "standards", N_("Tiêu chuẩn, quy chuẩn áp dụng")

    @property
    def number(self) -> int:
        return list(LegalItem).index(self) + 1

    @property
    def if_any(self) -> bool:
        """The circular asks for it only where it exists."""
        return self in (LegalItem.BRAND, LegalItem.SHELF_LIFE)

    @property
    def shown_to_shoppers(self) -> bool:
        """At the least these: items 1–4, 6, 8 and 9."""
        return self.number in (1, 2, 3, 4, 6, 8, 9)


@dataclass(frozen=True)
class StageFacts:
    """One recorded stage. It counts when it says what, where and when (item 5)."""

    stage: BusinessStep
    product_code: str
    location_code: str
    time: datetime | None


@dataclass(frozen=True, kw_only=True)
class BatchFacts:
    """What is known of a batch. Empty text and None mean that nothing is known.

    ``standards`` holds the product's own and the schemes of certificates that covered it on the production date.
    """

    product_name: str = ""
    has_image: bool = False
    business_name: str = ""
    business_address: str = ""
    stages: Sequence[StageFacts] = ()
    production_date: date | None = None
    public_code: str | None = None
    brand: str = ""
    best_before: date | None = None
    standards: Sequence[str] = ()


@dataclass(frozen=True)
class Completeness:
    """Each legal item is in exactly one of the three lists, in the order of the circular.

    ``optional_stages`` are part of the chain too, but nothing is missing without them.
    """

    present: tuple[LegalItem, ...]
    missing: tuple[LegalItem, ...]
    not_applicable: tuple[LegalItem, ...]
    expected_stages: tuple[BusinessStep, ...]
    missing_stages: tuple[BusinessStep, ...]
    optional_stages: tuple[BusinessStep, ...]

    @property
    def complete(self) -> bool:
        """Every item that applies is there, and with item 5 every expected stage."""
        return not self.missing


def completeness(facts: BatchFacts, chain: Chain) -> Completeness:
    """``chain`` is what its commodity's template expected on the day the batch was produced."""
    expected = tuple(stage.step for stage in chain if not stage.optional)
    recorded = {stage.stage for stage in facts.stages if stage.product_code and stage.location_code and stage.time}
    missing_stages = tuple(stage for stage in expected if stage not in recorded)
    known = {
        LegalItem.PRODUCT_NAME: bool(facts.product_name),
        LegalItem.PRODUCT_IMAGE: facts.has_image,
        LegalItem.BUSINESS_NAME: bool(facts.business_name),
        LegalItem.BUSINESS_ADDRESS: bool(facts.business_address),
        LegalItem.STAGES: not missing_stages,
        LegalItem.PRODUCTION_TIME: facts.production_date is not None,
        LegalItem.TRACE_CODE: bool(facts.public_code),
        LegalItem.BRAND: bool(facts.brand),
        LegalItem.SHELF_LIFE: facts.best_before is not None,
        LegalItem.STANDARDS: bool(facts.standards),
    }
    return Completeness(
        present=tuple(item for item in LegalItem if known[item]),
        missing=tuple(item for item in LegalItem if not known[item] and not item.if_any),
        not_applicable=tuple(item for item in LegalItem if not known[item] and item.if_any),
        expected_stages=expected,
        missing_stages=missing_stages,
        optional_stages=tuple(stage.step for stage in chain if stage.optional),
    )
