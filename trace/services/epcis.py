"""Handing out events as EPCIS 2.0 documents, each to its audience."""

from typing import Any

from sqlalchemy.orm import Session

from ..domain import chain, public_code
from ..domain.errors import NotFound
from ..domain.permissions import Actor
from ..domain.terms import namespace
from ..storage.chain import Event, events_seen_by
from ..storage.pages import newest_first
from ..storage.trace import published_batch
from .clock import now
from .trace import readers


def document(
    session: Session, actor: Actor | None, code: str, *, after: int | None = None, size: int, public_url: str
) -> tuple[dict[str, Any], int | None]:
    """The events of a batch, latest recorded first, errors declared included, and where the list goes on.

    An officer reads all of it. A business reads whole what it recorded, and of all else what anyone may know.
    Raises NotFound, or InvalidPublicCode.
    """
    batch = session.scalars(published_batch(public_code.parse(code))).one_or_none()
    if batch is None:
        raise NotFound
    whole = readers(session, actor, batch.public_code or "")
    page = newest_first(session, events_seen_by(batch.id, whole), Event.id, after=after, size=size)
    bodies = [
        event.body if whole is None or event.business_id in whole else chain.for_anyone(event.body)
        for event in page.items
    ]
    return chain.document_of(bodies, {chain.OWN_PREFIX: namespace(public_url)}, created=now()), page.next
