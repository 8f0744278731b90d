"""Following a batch back to where it came from, or forward to what was made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.balance import Direction
from ..domain.errors import NotFound
from ..domain.permissions import Actor, Permission, allowed
from ..storage.trace import Closure, published_batch


@dataclass(frozen=True)
class Trace:
    """Rows as ``storage.trace.Closure`` gives them."""

    batches: Sequence[Row[*tuple[Any, ...]]]
    links: Sequence[Row[*tuple[Any, ...]]]


def follow(session: Session, actor: Actor | None, code: str, direction: Direction) -> Trace:
    """As far as the actor may see: an officer everything, a business its own part and one step more.

    Anybody else sees the batch itself, as on its page. Raises NotFound, or InvalidPublicCode.
    """
    batch = session.scalars(published_batch(public_code.parse(code))).one_or_none()
    if batch is None:
        raise NotFound
    closure = Closure(batch.id, direction, businesses_of(actor))
    return Trace(session.execute(closure.batches()).all(), session.execute(closure.links()).all())


def businesses_of(actor: Actor | None) -> list[int] | None:
    """The businesses that the actor may read; None for all."""
    if actor is None:
        return []
    if actor.officer and allowed(actor, Permission.BATCHES_READ):
        return None
    return [business for business in actor.memberships if allowed(actor, Permission.BATCHES_READ, business)]
