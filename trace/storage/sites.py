"""Where things happen."""

from datetime import datetime

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.sites import SiteKind
from .database import Base, PrimaryKey


class Site(Base):
    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("business_id", "code"),)

    id: Mapped[PrimaryKey]
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), index=True)
    kind: Mapped[SiteKind]
    code: Mapped[str]
    """Short, upper case, unique in the business: the first part of a proposed lot code and the location trace code."""
    name: Mapped[str]
    province_code: Mapped[str]
    commune_code: Mapped[str]
    growing_area_code: Mapped[str] = mapped_column(default="")
    """Free text: codes embed districts that no longer exist."""
    area_m2: Mapped[int | None]
    gln: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """Coordinates are for the business and officers; never on a public page."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


def sites_of(business_id: int, *, active: bool | None = None) -> Select[Site]:
    """By name, those in use first."""
    statement = select(Site).where(Site.business_id == business_id)
    if active is not None:
        statement = statement.where(Site.active == active)
    return statement.order_by(Site.active.desc(), Site.name, Site.id)
