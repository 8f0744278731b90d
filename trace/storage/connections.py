"""Requests of one business to be connected with another, and whom a business does not want to hear from."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..domain.connections import ConnectionStatus
from .businesses import Business
from .database import Base, PrimaryKey
from .measures import read_measures

MEASURES = read_measures("connection_measures.csv")


class Connection(Base):
    __tablename__ = "connections"
    __table_args__ = (
        Index("ix_connections_asker", "asker_id", "id"),
        Index("ix_connections_asked", "asked_id", "id"),
        Index("ix_connections_status", "status", "id"),
    )

    id: Mapped[PrimaryKey]
    asker_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"))
    pair: Mapped[str | None] = mapped_column(unique=True)
    """``pair_of`` both while it is open, so that there is no second one; None afterwards."""
    status: Mapped[ConnectionStatus]
    wanted: Mapped[str]
    message: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    """Why it was declined, where that was said."""
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    asker: Mapped[Business] = relationship(foreign_keys=[asker_id])
    asked: Mapped[Business] = relationship(foreign_keys=[asked_id])

    def other(self, business_id: int) -> Business:
        """The other side than this business."""
        return self.asked if self.asker_id == business_id else self.asker


class ConnectionBlock(Base):
    """``business_id`` wants no requests from ``blocked_id``."""

    __tablename__ = "connection_blocks"

    business_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), primary_key=True, autoincrement=False)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("businesses.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]


def pair_of(one: int, other: int) -> str:
    return f"{min(one, other)}-{max(one, other)}"


def connections_of(
    business_id: int, *, asked: bool | None = None, status: ConnectionStatus | None = None
) -> Select[Connection]:
    """With both businesses. ``asked``: those it was asked (True) or asked for itself (False)."""
    is_asked, is_asker = Connection.asked_id == business_id, Connection.asker_id == business_id
    side: ColumnElement[bool] = or_(is_asked, is_asker) if asked is None else is_asked if asked else is_asker
    statement = select(Connection).where(side).options(joinedload(Connection.asker), joinedload(Connection.asked))
    return statement if status is None else statement.where(Connection.status == status)


def open_between(one: int, other: int) -> Select[Connection]:
    return select(Connection).where(Connection.pair == pair_of(one, other))


def requests_since(asker_id: int, since: datetime) -> Select[int]:
    return select(func.count()).where(Connection.asker_id == asker_id, Connection.asked_at > since)


def declined_since(asker_id: int, asked_id: int, since: datetime) -> Select[Connection]:
    return select(Connection).where(
        Connection.asker_id == asker_id,
        Connection.asked_id == asked_id,
        Connection.status == ConnectionStatus.DECLINED,
        Connection.answered_at > since,
    )


def counts_by_status() -> Select[ConnectionStatus, int]:
    return select(Connection.status, func.count()).group_by(Connection.status)
