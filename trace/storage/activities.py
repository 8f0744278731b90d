"""The register of activities: what was done for the plans, its evidence, who took part, and how it was worded before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.activities import ActivityFacts, ActivityKind
from ..domain.plans import Period
from ..domain.text import fold
from .businesses import Business
from .database import Base, PrimaryKey
from .files import StoredFile


class Activity(Base):
    """As it stands now; ``ActivityVersion`` keeps how it stood."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_kind", "kind", "held_on"), Index("ix_activities_held_on", "held_on"))

    id: Mapped[PrimaryKey]
    kind: Mapped[ActivityKind]
    title: Mapped[str]
    folded_title: Mapped[str]
    held_on: Mapped[date]
    place: Mapped[str]
    count: Mapped[int]
    """How many of the kind: 5,000 leaflets, one class."""
    audience: Mapped[int | None]
    stands: Mapped[int | None]
    """Of a connection event."""
    partners: Mapped[str]
    links: Mapped[list[str]]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    recorded_by_name: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    files: Mapped[list["ActivityFile"]] = relationship(order_by="ActivityFile.id")
    participants: Mapped[list["Participant"]] = relationship(order_by="Participant.id")
    versions: Mapped[list["ActivityVersion"]] = relationship(order_by="ActivityVersion.number.desc()")

    @property
    def facts(self) -> ActivityFacts:
        names = ("kind", "title", "held_on", "place", "count", "audience", "stands", "partners")
        return ActivityFacts(**{name: getattr(self, name) for name in names}, links=tuple(self.links))


class ActivityVersion(Base):
    """What was said until a change, and why it was changed; append-only. Number 1 is what was recorded first."""

    __tablename__ = "activity_versions"
    __table_args__ = (UniqueConstraint("activity_id", "number"),)

    id: Mapped[PrimaryKey]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    number: Mapped[int]
    facts: Mapped[dict[str, Any]]
    reason: Mapped[str]
    by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str]
    at: Mapped[datetime]


class ActivityFile(Base):
    """A file that shows that it took place; added, never taken away."""

    __tablename__ = "activity_files"
    __table_args__ = (UniqueConstraint("activity_id", "document_id"),)

    id: Mapped[PrimaryKey]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    added_by_name: Mapped[str]
    added_at: Mapped[datetime]

    document: Mapped[StoredFile] = relationship()


class Participant(Base):
    """An enrolled business that took part; one entered by mistake is taken out again, which the audit trail keeps."""

    __tablename__ = "activity_participants"
    __table_args__ = (
        UniqueConstraint("activity_id", "business_id"),
        Index("ix_activity_participants_business", "business_id"),
    )

    id: Mapped[PrimaryKey]
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))

    business: Mapped[Business] = relationship()


def activities_where(
    *,
    kind: ActivityKind | None = None,
    period: Period | None = None,
    search: str = "",
    withdrawn: bool | None = False,
) -> Select[Activity]:
    """``search`` is part of a title. ``withdrawn`` None: both those that count and those that do not."""
    statement = select(Activity)
    if kind is not None:
        statement = statement.where(Activity.kind == kind)
    if period is not None:
        statement = statement.where(Activity.held_on.between(period.starts_on, period.ends_on))
    if search:
        statement = statement.where(Activity.folded_title.contains(fold(search), autoescape=True))
    if withdrawn is not None:
        statement = statement.where(Activity.withdrawn_at.isnot(None) if withdrawn else Activity.withdrawn_at.is_(None))
    return statement


def activity_counts(period: Period) -> Select[ActivityKind, int, int, int | None, int | None]:
    """Of each kind in a period: how many of it, how many entries, people reached, stands."""
    return (
        select(
            Activity.kind,
            func.sum(Activity.count),
            func.count(),
            func.coalesce(func.sum(Activity.audience), 0),
            func.coalesce(func.sum(Activity.stands), 0),
        )
        .where(Activity.held_on.between(period.starts_on, period.ends_on), Activity.withdrawn_at.is_(None))
        .group_by(Activity.kind)
    )


def participants_of(activity_id: int) -> Select[Participant]:
    return (
        select(Participant)
        .where(Participant.activity_id == activity_id)
        .options(joinedload(Participant.business))
        .order_by(Participant.id)
    )


def files_of(activity_id: int) -> Select[ActivityFile]:
    return (
        select(ActivityFile)
        .where(ActivityFile.activity_id == activity_id)
        .options(joinedload(ActivityFile.document))
        .order_by(ActivityFile.id)
    )


def activity_versions_of(activity_id: int) -> Select[ActivityVersion]:
    return (
        select(ActivityVersion)
        .where(ActivityVersion.activity_id == activity_id)
        .order_by(ActivityVersion.number.desc())
    )
