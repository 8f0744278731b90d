"""Following a batch back to where it came from, or forward to what was made of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.balance import Direction
from ..domain.errors import NotFound
from ..domain.permissions import Actor, Permission, allowed
from ..storage.questions import ask
from ..storage.trace import batches_reached, links_reached


@dataclass(frozen=True)
class Trace:
    """Rows of ``storage.trace``: the batches by their ids, oldest first, and the links between them."""

    batches: Mapping[int, Any]
    links: Sequence[Any]


def follow(session: Session, actor: Actor | None, code: str, direction: Direction) -> Trace:
    """As far as the actor may see: an officer everything, a business its own part and one step more.

    Anybody else sees the batch itself, as on its page. Raises NotFound, or InvalidPublicCode.
    """
    return _follow(session, public_code.parse(code), direction, businesses_of(actor))


def _follow(session: Session, code: str, direction: Direction, businesses: Collection[int] | None) -> Trace:
    readers = None if businesses is None else len(businesses)
    values = {"code": code} | {f"business_{number}": one for number, one in enumerate(businesses or ())}
    connection = session.connection()
    links = ask(connection, links_reached(direction, readers), **values)  # first: both ends are found afterwards
    batches = ask(connection, batches_reached(direction, readers), **values)
    if not batches:
        raise NotFound
    return Trace({batch.id: batch for batch in batches}, links)


def businesses_of(actor: Actor | None) -> list[int] | None:
    """The businesses that the actor may read; None for all."""
    if actor is None:
        return []
    if actor.officer and allowed(actor, Permission.BATCHES_READ):
        return None
    return [business for business in actor.memberships if allowed(actor, Permission.BATCHES_READ, business)]
