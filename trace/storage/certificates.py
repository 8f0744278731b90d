"""Certificates and their scope."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    Table,
    and_,
    exists,
    extract,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, lazyload, mapped_column, relationship

from ..domain.certificates import CertificateScheme, CertificateStatus
from .batches import Batch
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile
from .products import Product
from .sites import Site

sites_of_certificates = Table(
    "sites_of_certificates",
    Base.metadata,
    Column("certificate_id", ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True),
    Column("site_id", ForeignKey("sites.id"), primary_key=True),
)
products_of_certificates = Table(
    "products_of_certificates",
    Base.metadata,
    Column("certificate_id", ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True),
    Column("product_id", ForeignKey("products.id"), primary_key=True),
)


class Certificate(Base):
    """No sites means all sites of the business; no products means all products."""

    __tablename__ = "certificates"
    __table_args__ = (
        Index("ix_certificates_business", "business_id", "id"),
        Index("ix_certificates_status", "status", "id"),
        Index("ix_certificates_valid_until", "valid_until", "id"),
        Index("ix_certificates_scheme", "scheme", "status", "business_id"),
    )

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    scheme: Mapped[CertificateScheme]
    number: Mapped[str]
    issuer: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    status: Mapped[CertificateStatus]
    reason: Mapped[str] = mapped_column(default="")
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    checked_by_name: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    lapse_announced_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    sites: Mapped[list[Site]] = relationship(secondary=sites_of_certificates, lazy="selectin")
    products: Mapped[list[Product]] = relationship(secondary=products_of_certificates, lazy="selectin")
    business: Mapped[Business] = relationship()
    file: Mapped[StoredFile | None] = relationship(lazy="joined")


WITHOUT_SCOPE = (lazyload(Certificate.sites), lazyload(Certificate.products))
"""For lists that name neither."""


def covers(business_id: object, site_id: object, product_id: object) -> ColumnElement[bool]:
    """The condition that a certificate's scope covers what a business made of a product at a site, whatever its dates."""
    its_sites = exists().where(sites_of_certificates.c.certificate_id == Certificate.id)
    its_products = exists().where(products_of_certificates.c.certificate_id == Certificate.id)
    return and_(
        Certificate.business_id == business_id,
        or_(not_(its_sites), its_sites.where(sites_of_certificates.c.site_id == site_id)),
        or_(not_(its_products), its_products.where(products_of_certificates.c.product_id == product_id)),
    )


def certificates_covering(
    batch_ids: Collection[int],
) -> Select[int, CertificateScheme, CertificateStatus, date, date | None]:
    """Batch, scheme, status and dates of each certificate whose scope covers one of these batches."""
    return (
        select(Batch.id, Certificate.scheme, Certificate.status, Certificate.valid_from, Certificate.valid_until)
        .join(Certificate, covers(Batch.business_id, Batch.site_id, Batch.product_id))
        .where(Batch.id.in_(batch_ids))
    )


def certificates_of(business_id: int) -> Select[Certificate]:
    """Newest first."""
    return select(Certificate).where(Certificate.business_id == business_id).order_by(Certificate.id.desc())


def lapsing(on: date, days: int) -> Select[Certificate]:
    """Verified and in date on that day, and no longer ``days`` later; as ``domain.certificates.lapses_within``."""
    return (
        select(Certificate)
        .where(
            Certificate.status == CertificateStatus.VERIFIED,
            Certificate.valid_until >= on,
            Certificate.valid_until < on + timedelta(days=days),
        )
        .order_by(Certificate.valid_until, Certificate.id)
    )


def lapsing_by_month(first: date, last: date) -> Select[int, int, int]:
    """Year, month and how many verified certificates lapse in it, between these days."""
    year, month = extract("year", Certificate.valid_until), extract("month", Certificate.valid_until)
    return (
        select(year, month, func.count())
        .where(Certificate.status == CertificateStatus.VERIFIED, Certificate.valid_until.between(first, last))
        .group_by(year, month)
        .order_by(year, month)
    )


def lapsing_or_lapsed(business_id: int, on: date, days: int, *, since: int = 90) -> Select[Certificate]:
    """What a business has to renew: verified papers that lapse within ``days``, or did in the last ``since`` days."""
    return (
        select(Certificate)
        .where(
            Certificate.business_id == business_id,
            Certificate.status == CertificateStatus.VERIFIED,
            Certificate.valid_until >= on - timedelta(days=since),
            Certificate.valid_until < on + timedelta(days=days),
        )
        .order_by(Certificate.valid_until, Certificate.id)
    )
