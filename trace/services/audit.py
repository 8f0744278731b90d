"""Writing down who did what, in the transaction that does it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.permissions import Actor
from ..storage.audit import AuditEntry, looked_at_since
from ..storage.businesses import Business
from ..storage.database import writing
from .clock import now

LOOK_IS_NOTED_EVERY = timedelta(minutes=15)


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: object,
    *,
    business_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
    is_look: bool = False,
) -> None:
    """Add the entry for ``action`` (``topic:verb``) on a model object, or on a table by its name.

    Flushes, so that a new object has its id.
    """
    session.flush()
    session.add(
        AuditEntry(
            at=now(),
            user_id=actor.user_id,
            actor=actor.name,
            business_id=business_id if business_id is not None else getattr(subject, "business_id", None),
            action=action,
            subject_type=subject if isinstance(subject, str) else type(subject).__name__,
            subject_id=getattr(subject, "id", None),
            changes=dict(changes or {}),
            is_look=is_look,
        )
    )


def record_look(
    session: Session,
    actor: Actor,
    action: str,
    subject: object,
    *,
    business_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Write down that private facts were read. Commits, as a request that only reads never would."""
    session.expire_on_commit = False  # nothing that was read is changed here, so nothing has to be read again
    session.commit()  # SQLite cannot turn a transaction that has begun to read into one that writes
    with writing():
        record(
            session, actor, action, subject, business_id=business_id, changes=changes, is_look=actor.office is not None
        )
        session.commit()
    session.expire_on_commit = True


def note_looks(session: Session, actor: Actor, topic: str, businesses: Iterable[int | None]) -> None:
    """An officer saw private figures of these businesses: ``topic:look`` for each, once in a while only. Commits."""
    if actor.office is None:
        return
    action = f"{topic}:look"
    seen = {each for each in businesses if each is not None} - actor.memberships.keys()
    noted = session.scalars(looked_at_since(actor.user_id, action, now() - LOOK_IS_NOTED_EVERY)) if seen else ()
    fresh = sorted(seen - set(noted))
    if not fresh:
        return
    session.commit()  # as above
    with writing():
        for business in session.scalars(select(Business).where(Business.id.in_(fresh))):
            record(session, actor, action, business, business_id=business.id, is_look=True)
        session.commit()
