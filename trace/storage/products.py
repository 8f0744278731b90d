"""What a business makes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.products import Commodity, PackagingMaterial
from ..domain.quantities import Unit
from .database import Base, PrimaryKey
from .files import StoredFile


class Product(Base):
    __tablename__ = "products"
    __table_args__ = (
        Index("ix_products_business", "business_id", "id"),
        Index("ix_products_gtin", "gtin"),
        Index("ix_products_commodity", "commodity", "active", "business_id"),
        Index("ix_products_packaging", "packaging_material", "active", "business_id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    folded_name: Mapped[str]
    commodity: Mapped[Commodity]
    brand: Mapped[str] = mapped_column(default="")
    gtin: Mapped[str | None]
    """14 digits; the same GTIN may stand at several businesses until one is shown to own it."""
    unit: Mapped[Unit]
    pack_sizes: Mapped[list[int]]
    """In the base unit (g, ml, pieces), most used first."""
    shelf_life_days: Mapped[int | None]
    storage_low: Mapped[int | None]
    """Kept at this temperature or above, in tenths of a degree Celsius; None: no limit."""
    storage_high: Mapped[int | None]
    """Kept at this temperature or below."""
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    standards: Mapped[list[str]]
    """Standards applied, item 10 of the record: for example ``TCVN 12827:2023``."""
    packaging_material: Mapped[PackagingMaterial | None]
    stamp_occasions: Mapped[int | None]
    """After how many occasions a stamp's scans are unusual; None: ``domain.stamp_verdicts.Thresholds`` say so."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    photo: Mapped[StoredFile | None] = relationship()


def products_of(business_id: int, *, active: bool | None = None) -> Select[Product]:
    """With their photos; by name, those in use first."""
    statement = select(Product).where(Product.business_id == business_id).options(joinedload(Product.photo))
    if active is not None:
        statement = statement.where(Product.active == active)
    return statement.order_by(Product.active.desc(), Product.folded_name, Product.id)


def product_with_gtin(business_id: int, gtin: str) -> Select[Product]:
    return select(Product).where(Product.business_id == business_id, Product.gtin == gtin)
