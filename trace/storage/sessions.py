"""Sign-ins that were ended by signing out. A session lives in its cookie; only that it ended is kept here."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from .database import Base


class EndedSession(Base):
    __tablename__ = "ended_sessions"

    token: Mapped[str] = mapped_column(primary_key=True)
    """The last part of ``User.new_session``."""
    ended_at: Mapped[datetime]
