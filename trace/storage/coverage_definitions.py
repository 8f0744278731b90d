"""Versions of what counts as traceable."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.coverage_definitions import Definition
from .database import Base, PrimaryKey


class CoverageDefinition(Base):
    """Never changed, only followed by another; snapshots name the version that they were counted by."""

    __tablename__ = "coverage_definitions"

    id: Mapped[PrimaryKey]
    version: Mapped[int] = mapped_column(unique=True)
    since: Mapped[date]
    rule: Mapped[int]
    period_months: Mapped[int]
    active_days: Mapped[int]
    source: Mapped[str]
    reason: Mapped[str]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by_name: Mapped[str]
    """Who proposed it."""
    approved_by_name: Mapped[str]
    """The second person; empty for what came with the service."""
    published_at: Mapped[datetime]

    @property
    def definition(self) -> Definition:
        return Definition(self.version, self.since, self.rule, self.period_months, self.active_days, self.source)


def definitions_said() -> Select[CoverageDefinition]:
    """Newest first."""
    return select(CoverageDefinition).order_by(CoverageDefinition.version.desc())


def definition_on(day: date) -> Select[CoverageDefinition]:
    """The newest version of those that have begun."""
    return definitions_said().where(CoverageDefinition.since <= day).limit(1)


def definition_numbered(version: int) -> Select[CoverageDefinition]:
    return select(CoverageDefinition).where(CoverageDefinition.version == version)
