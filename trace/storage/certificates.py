"""Certificates and their scope."""

from datetime import date, datetime, timedelta

from sqlalchemy import Column, ForeignKey, Index, Select, Table, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..domain.certificates import CertificateScheme, CertificateStatus
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
