"""Which businesses are in the directory, what each shows there, and how they are found."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, func, or_, select
from sqlalchemy.orm import Mapped, contains_eager, joinedload, mapped_column, relationship

from ..domain.businesses import BusinessKind, BusinessStatus
from ..domain.certificates import CertificateScheme, CertificateStatus
from ..domain.products import Commodity, PackagingMaterial
from ..domain.text import fold
from .businesses import Business
from .certificates import Certificate
from .database import Base, PrimaryKey
from .products import Product


class Listing(Base):
    """What a business chose for the directory; the columns ``shows_…`` are for every reader of it."""

    __tablename__ = "directory_listings"
    __table_args__ = (Index("ix_directory_listings_listed", "listed", "id"),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), unique=True)
    listed: Mapped[bool] = mapped_column(default=False)
    offers: Mapped[str] = mapped_column(default="")
    seeks: Mapped[str] = mapped_column(default="")
    shows_products: Mapped[bool] = mapped_column(default=True)
    """The commodities and the packaging of its products in use."""
    shows_certificates: Mapped[bool] = mapped_column(default=True)
    shows_street: Mapped[bool] = mapped_column(default=False)
    shares_phone: Mapped[bool] = mapped_column(default=False)
    """With this, ``contact_name`` and ``email``, each where given: only for those it is connected with."""
    contact_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    business: Mapped[Business] = relationship()


def listings_where(
    *,
    on: date,
    search: str = "",
    kind: BusinessKind | None = None,
    commune_code: str = "",
    commodity: Commodity | None = None,
    packaging: PackagingMaterial | None = None,
    scheme: CertificateScheme | None = None,
) -> Select[Listing]:
    """Of approved businesses, with these; nothing is found by what a business does not show. ``on``: certificates stand."""
    statement = (
        select(Listing)
        .join(Listing.business)
        .options(contains_eager(Listing.business))
        .where(Listing.listed, Business.status == BusinessStatus.APPROVED)
    )
    if search:
        statement = statement.where(Business.folded_name.contains(fold(search), autoescape=True))
    if kind is not None:
        statement = statement.where(Business.kind == kind)
    if commune_code:
        statement = statement.where(Business.commune_code == commune_code)
    for column, wanted in ((Product.commodity, commodity), (Product.packaging_material, packaging)):
        if wanted is not None:
            makers = select(Product.business_id).where(column == wanted, Product.active)
            statement = statement.where(Listing.shows_products, Listing.business_id.in_(makers))
    if scheme is not None:
        holders = _standing(on).with_only_columns(Certificate.business_id).where(Certificate.scheme == scheme)
        statement = statement.where(Listing.shows_certificates, Listing.business_id.in_(holders))
    return statement


def listing_of(business_id: int) -> Select[Listing]:
    return select(Listing).where(Listing.business_id == business_id).options(joinedload(Listing.business))


def products_shown(business_ids: Collection[int]) -> Select[int, Commodity, PackagingMaterial | None]:
    """Each commodity and packaging of the products in use of these businesses, once."""
    return (
        select(Product.business_id, Product.commodity, Product.packaging_material)
        .where(Product.business_id.in_(business_ids), Product.active)
        .distinct()
    )


def schemes_shown(business_ids: Collection[int], on: date) -> Select[int, CertificateScheme]:
    """The schemes of certificates that were verified and stand on that day."""
    return _standing(on).where(Certificate.business_id.in_(business_ids)).distinct()


def listed_count() -> Select[int]:
    return select(func.count()).select_from(Listing).where(Listing.listed)


def _standing(on: date) -> Select[int, CertificateScheme]:
    return select(Certificate.business_id, Certificate.scheme).where(
        Certificate.status == CertificateStatus.VERIFIED,
        Certificate.valid_from <= on,
        or_(Certificate.valid_until.is_(None), Certificate.valid_until >= on),
    )
