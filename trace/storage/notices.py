"""What a person or a business is told, on the page and by mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, and_, func, select
from sqlalchemy.orm import Mapped, mapped_column

from .accounts import User
from .database import Base, PrimaryKey


class Notice(Base):
    """Written in the same transaction as what it tells of; the mail follows from a job."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_user", "user_id", "id"), Index("ix_notices_unmailed", "mailed_at", "id"))

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    business_id: Mapped[int | None] = mapped_column(ForeignKey("businesses.id"))
    kind: Mapped[str]
    """Names the sentence to show (``services.notice_sentences.SENTENCES``), so that each reader gets their own language."""
    values: Mapped[dict[str, Any]]
    link: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    mail_attempts: Mapped[int] = mapped_column(default=0)


def notices_of(user_id: int) -> Select[Notice]:
    return select(Notice).where(Notice.user_id == user_id)


def unread(user_id: int | None) -> ColumnElement[bool]:
    return and_(Notice.user_id == user_id, Notice.read_at.is_(None))


def unread_count(user_id: int) -> Select[int]:
    return select(func.count()).where(unread(user_id))


def unmailed(attempts: int, limit: int = 200) -> Select[Notice, str, str]:
    """Notices still to be mailed, oldest first, each with its reader's address and language."""
    return (
        select(Notice, User.email, User.locale)
        .join(User, User.id == Notice.user_id)
        .where(Notice.mailed_at.is_(None), Notice.mail_attempts < attempts, User.active)
        .order_by(Notice.id)
        .limit(limit)
    )
