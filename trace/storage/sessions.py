"""Sign-ins that were ended by signing out. A session lives in its cookie; only that it ended is kept here."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from .accounts import User
from .database import Base


class EndedSession(Base):
    __tablename__ = "ended_sessions"

    token: Mapped[str] = mapped_column(primary_key=True)
    """The last part of ``User.new_session``."""
    ended_at: Mapped[datetime]


def signed_in(uniquifier: str, token: str) -> Select[User]:
    """Who is signed in so, unless that was ended: one question, as every request asks it."""
    return (
        select(User)
        .where(User.fs_uniquifier == uniquifier, ~exists().where(EndedSession.token == token))
        .options(joinedload(User.roles), joinedload(User.memberships))
    )
