"""Writing down who did what, in the transaction that does it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from ..domain.permissions import Actor
from ..storage.audit import AuditEntry
from ..storage.database import writing
from .clock import now


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: object,
    *,
    business_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
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
    session.commit()  # SQLite cannot turn a transaction that has begun to read into one that writes
    with writing():
        record(session, actor, action, subject, business_id=business_id, changes=changes)
        session.commit()
