"""Writing down who did what, in the transaction that does it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from ..domain.permissions import Actor
from ..storage.audit import AuditEntry
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
    """Add the entry for ``action`` (``topic:verb``) on a model object; flushes so that a new object has its id."""
    session.flush()
    session.add(
        AuditEntry(
            at=now(),
            user_id=actor.user_id,
            actor=actor.name,
            business_id=business_id if business_id is not None else getattr(subject, "business_id", None),
            action=action,
            subject_type=type(subject).__name__,
            subject_id=getattr(subject, "id", None),
            changes=dict(changes or {}),
        )
    )
