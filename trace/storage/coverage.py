"""The department's dated official list, and how far the businesses on it have come."""

import csv
import enum
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, UniqueConstraint, and_, func, or_, select, text
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.businesses import BusinessKind
from ..domain.coverage import Target
from ..domain.text import fold
from .businesses import Business
from .database import Base, PrimaryKey

_DATA = Path(__file__).parent.parent / "data"


class Match(enum.StrEnum):
    """How an entry of the list came to its business."""

    NONE = "none"
    PROPOSED = "proposed"
    TAX_CODE = "tax_code"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    """``business_id`` then names the business that it is not, so that it is not proposed again."""


LINKED = (Match.TAX_CODE, Match.CONFIRMED)
_IS_LINKED = text("\"match\" IN ('tax_code', 'confirmed')")


class RegisterList(Base):
    """One list as the department published it on a date; the newest confirmed one by ``as_of`` is the denominator."""

    __tablename__ = "register_lists"

    id: Mapped[PrimaryKey]
    as_of: Mapped[date] = mapped_column(index=True)
    source: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    entry_count: Mapped[int]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    imported_by_name: Mapped[str]
    imported_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """None while an officer still looks at what it would change; until then it counts for nothing."""
    definition_version: Mapped[int | None]
    """By which its standings are counted; None while they are not."""


class RegisterEntry(Base):
    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("list_id", "row"),
        Index("ix_register_entries_business", "business_id"),
        Index("ix_register_entries_match", "list_id", "match", "id"),
        Index("ix_register_entries_tax_code", "list_id", "tax_code"),
        Index("ix_register_entries_commune", "list_id", "commune_code"),
        # one business stands for one entry of a list, whoever links it and however many do so at once
        Index(
            "uq_register_entries_linked",
            "list_id",
            "business_id",
            unique=True,
            sqlite_where=_IS_LINKED,
            postgresql_where=_IS_LINKED,
        ),
    )

    id: Mapped[PrimaryKey]
    list_id: Mapped[int] = mapped_column(ForeignKey("register_lists.id", ondelete="CASCADE"))
    row: Mapped[int]
    """The row of the sheet it came from."""
    name: Mapped[str]
    folded_name: Mapped[str]
    tax_code: Mapped[str | None]
    kind: Mapped[BusinessKind | None]
    address: Mapped[str]
    commune_code: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    """How a former address was read."""
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    match: Mapped[Match]

    business: Mapped[Business | None] = relationship()


def current_list() -> Select[RegisterList]:
    """The list in force: the latest as-of date, and of two for one date the one imported last."""
    return (
        select(RegisterList)
        .where(RegisterList.confirmed_at.isnot(None))
        .order_by(RegisterList.as_of.desc(), RegisterList.id.desc())
        .limit(1)
    )


def all_lists() -> Select[RegisterList]:
    return select(RegisterList).order_by(RegisterList.as_of.desc(), RegisterList.id.desc())


def entries_of(list_id: int, *, match: Match | None = None, search: str = "") -> Select[RegisterEntry]:
    """Entries with their businesses; ``search`` is part of a name or the beginning of a tax code."""
    statement = (
        select(RegisterEntry).where(RegisterEntry.list_id == list_id).options(joinedload(RegisterEntry.business))
    )
    if match is not None:
        statement = statement.where(RegisterEntry.match == match)
    return statement.where(found_by(search)) if search else statement


def found_by(search: str) -> ColumnElement[bool]:
    return or_(
        RegisterEntry.folded_name.contains(fold(search), autoescape=True),
        RegisterEntry.tax_code.startswith(search, autoescape=True),
    )


def match_counts(list_id: int) -> Select[Match, int]:
    return (
        select(RegisterEntry.match, func.count()).where(RegisterEntry.list_id == list_id).group_by(RegisterEntry.match)
    )


def entry_of_business(list_id: int, business_id: int) -> Select[RegisterEntry]:
    """The entry that this business stands for, if any."""
    return select(RegisterEntry).where(
        RegisterEntry.list_id == list_id, RegisterEntry.business_id == business_id, RegisterEntry.match.in_(LINKED)
    )


def current_list_with(business_id: int) -> Select[RegisterList, RegisterEntry | None]:
    """The list in force, and the entry in it that this business stands for."""
    its = and_(
        RegisterEntry.list_id == RegisterList.id,
        RegisterEntry.business_id == business_id,
        RegisterEntry.match.in_(LINKED),
    )
    return current_list().outerjoin(RegisterEntry, its).add_columns(RegisterEntry)


def unmatched_entries(
    list_id: int, *, tax_code: str | None = None, commune_code: str | None = None
) -> Select[RegisterEntry]:
    statement = select(RegisterEntry).where(RegisterEntry.list_id == list_id, RegisterEntry.match.not_in(LINKED))
    if tax_code is not None:
        statement = statement.where(RegisterEntry.tax_code == tax_code)
    if commune_code is not None:
        statement = statement.where(RegisterEntry.commune_code == commune_code)
    return statement


@cache
def targets(indicator: str = "traceable_businesses") -> tuple[Target, ...]:
    return tuple(
        Target(
            int(row["percent"]),
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["until"]) if row["until"] else None,
            row["source"],
        )
        for row in _rows("targets.csv")
        if row["indicator"] == indicator
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
