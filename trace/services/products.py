"""What a business makes, as shoppers and labels will name it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ..domain.errors import N_, InvalidInput
from ..domain.files import Audience
from ..domain.identifiers import Gtin
from ..domain.permissions import Actor, Permission, require
from ..domain.products import Commodity, PackagingMaterial
from ..domain.quantities import LARGEST_AMOUNT, Unit
from ..domain.sensors import COLDEST, HOTTEST
from ..domain.text import clean, fold
from ..storage.batches import product_has_batches
from ..storage.files import FileStore
from ..storage.products import Product, product_with_gtin
from . import audit
from .changes import Faults, assign, load_for_change
from .clock import now
from .completeness import recount
from .files import store_photo

LONGEST_SHELF_LIFE_DAYS = 3650
MOST_OCCASIONS = 100


class GtinTaken(InvalidInput):
    code = "gtin-taken"
    message = N_("Mã GTIN này đã dùng cho sản phẩm “%(product)s” của cơ sở. Mỗi sản phẩm cần một mã riêng.")


@dataclass(frozen=True, kw_only=True)
class ProductFacts:
    """``pack_sizes`` in the base unit (g, ml, piece), most used first; ``shelf_life_days`` None where there is none.

    ``storage_low`` and ``storage_high`` in tenths of a degree Celsius: outside of them a reading is an alarm.
    ``stamp_occasions`` after so many, scans of one stamp are unusual; None: the usual number of the day.
    """

    name: str
    name_en: str = ""
    commodity: Commodity
    brand: str = ""
    gtin: str = ""
    unit: Unit = Unit.KGM
    pack_sizes: Sequence[int] = ()
    shelf_life_days: int | None = None
    storage_low: int | None = None
    storage_high: int | None = None
    stamp_occasions: int | None = None
    standards: Sequence[str] = ()
    packaging_material: PackagingMaterial | None = None


def register(
    session: Session,
    actor: Actor,
    business_id: int,
    facts: ProductFacts,
    *,
    photo: bytes | None = None,
    store: FileStore | None = None,
) -> Product:
    """Raises InvalidFields, or InvalidInput on ``photo``."""
    require(actor, Permission.PRODUCTS_WRITE, business_id)
    product = Product(business_id=business_id, created_at=now(), **_checked(session, business_id, facts))
    session.add(product)
    audit.record(session, actor, "products:register", product, changes={"name": product.name, "gtin": product.gtin})
    if photo and store:
        _put_photo(session, actor, store, product, photo)
    session.commit()
    return product


def update(
    session: Session,
    actor: Actor,
    product_id: int,
    facts: ProductFacts,
    *,
    version: int | None = None,
    photo: bytes | None = None,
    store: FileStore | None = None,
) -> Product:
    """Raises Conflict when ``version`` is no longer the latest; published batches show what changes here at once."""
    product = load_for_change(session, Product, product_id, version)
    require(actor, Permission.PRODUCTS_WRITE, product.business_id)
    changes = assign(product, **_checked(session, product.business_id, facts, product))
    if changes:
        audit.record(session, actor, "products:update", product, changes=changes)
    if photo and store:
        _put_photo(session, actor, store, product, photo)
    recount(session, product_id=product.id)
    session.commit()
    return product


def set_photo(
    session: Session, actor: Actor, product_id: int, photo: bytes, *, store: FileStore, version: int | None = None
) -> Product:
    """Raises InvalidInput, on ``photo``, for anything that is not one."""
    product = load_for_change(session, Product, product_id, version)
    require(actor, Permission.PRODUCTS_WRITE, product.business_id)
    _put_photo(session, actor, store, product, photo)
    recount(session, product_id=product.id)
    session.commit()
    return product


def set_active(session: Session, actor: Actor, product_id: int, *, active: bool, version: int | None = None) -> Product:
    """Stop offering a product for new batches, or offer it again; its batches stay."""
    product = load_for_change(session, Product, product_id, version)
    require(actor, Permission.PRODUCTS_WRITE, product.business_id)
    if changes := assign(product, active=active):
        audit.record(
            session, actor, "products:reactivate" if active else "products:deactivate", product, changes=changes
        )
    session.commit()
    return product


def _put_photo(session: Session, actor: Actor, store: FileStore, product: Product, photo: bytes) -> None:
    file = store_photo(
        session, store, business_id=product.business_id, audience=Audience.PUBLIC, data=photo, field="photo"
    )
    product.photo = file
    audit.record(session, actor, "products:set_photo", product, changes={"sha256": file.sha256})


def _checked(
    session: Session, business_id: int, facts: ProductFacts, product: Product | None = None
) -> dict[str, object]:
    faults = Faults()
    name = clean(facts.name)
    if not name:
        faults.add(N_("Hãy nhập tên sản phẩm, ví dụ “Cải ngọt”."), field="name")
    elif len(name) > 120:
        faults.add(N_("Tên quá dài (tối đa 120 ký tự)."), field="name")
    gtin = faults.attempt(lambda: Gtin(facts.gtin).linkable()) if clean(facts.gtin) else None
    if gtin and (other := session.scalar(product_with_gtin(business_id, gtin.value))) and other is not product:
        faults.note(GtinTaken(field="gtin", product=other.name))
    if product and facts.unit is not product.unit and session.scalar(product_has_batches(product.id)):
        faults.add(N_("Sản phẩm đã có lô hàng nên không đổi được đơn vị tính. Hãy tạo sản phẩm mới."), field="unit")
    if any(not 0 < size <= LARGEST_AMOUNT for size in facts.pack_sizes) or len(facts.pack_sizes) > 12:
        faults.add(N_("Quy cách đóng gói phải lớn hơn 0, tối đa 12 loại."), field="pack_sizes")
    if facts.shelf_life_days is not None and not 0 <= facts.shelf_life_days <= LONGEST_SHELF_LIFE_DAYS:
        faults.add(
            N_("Hạn sử dụng tính bằng ngày, từ 0 đến %(longest)s."),
            field="shelf_life_days",
            longest=LONGEST_SHELF_LIFE_DAYS,
        )
    limits = [each for each in (facts.storage_low, facts.storage_high) if each is not None]
    if limits != sorted(limits) or any(not COLDEST <= each <= HOTTEST for each in limits):
        faults.add(N_("Nhiệt độ bảo quản từ −60 đến 100 °C, mức thấp không hơn mức cao."), field="storage_high")
    if facts.stamp_occasions is not None and not 1 <= facts.stamp_occasions <= MOST_OCCASIONS:
        faults.add(N_("Hãy nhập một số từ 1 đến %(most)s."), field="stamp_occasions", most=MOST_OCCASIONS)
    faults.raise_any()
    return {
        "name": name,
        "name_en": clean(facts.name_en)[:120],
        "folded_name": fold(name),
        "commodity": facts.commodity,
        "brand": clean(facts.brand)[:120],
        "gtin": gtin and gtin.value,
        "unit": facts.unit,
        "pack_sizes": list(dict.fromkeys(facts.pack_sizes)),
        "shelf_life_days": facts.shelf_life_days,
        "storage_low": facts.storage_low,
        "storage_high": facts.storage_high,
        "stamp_occasions": facts.stamp_occasions,
        "standards": list(dict.fromkeys(filter(None, (clean(each)[:120] for each in facts.standards))))[:20],
        "packaging_material": facts.packaging_material,
    }
