"""When a sign-in is over. Its cookie says until then who somebody is, and a copy of it would say so for ever."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..storage.accounts import User
from ..storage.sessions import EndedSession, signed_in
from .clock import now

LONGEST = timedelta(days=30)
"""After a sign-in, however busy it is: so what was ended longer ago need not be remembered."""


def standing(session: Session, sign_in: str) -> User | None:
    """Whom a sign-in (``User.new_session``) stands for, with roles and memberships; None once it is over."""
    match sign_in.split("."):
        case [uniquifier, began, token] if now() - datetime.fromtimestamp(int(began), UTC) <= LONGEST:
            return session.scalars(signed_in(uniquifier, token)).unique().one_or_none()
    return None


def end(session: Session, sign_in: str) -> None:
    """Nobody is signed in by it any more, in whatever cookie it was kept."""
    try:
        session.add(EndedSession(token=sign_in.rpartition(".")[2], ended_at=now()))
        session.commit()
    except IntegrityError:
        session.rollback()  # from another window, a moment ago


def purge(session: Session) -> None:
    """Forget what is over anyway."""
    session.execute(delete(EndedSession).where(EndedSession.ended_at < now() - LONGEST))
    session.commit()
