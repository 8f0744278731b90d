"""Following a batch back to where it came from, or forward to what was made of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ..domain import handovers, public_code
from ..domain.balance import Direction
from ..domain.errors import NotFound
from ..domain.evidence import Evidence
from ..domain.permissions import Actor, Permission, allowed, require
from ..storage.balance import holding_of
from ..storage.batches import Batch
from ..storage.chain import Event, events_seen_by, stands
from ..storage.handovers import statuses_of
from ..storage.inspections import inspected_steps_of
from ..storage.questions import ask
from ..storage.trace import batches_reached, deliveries_of, evidence_of, flagged, links_reached, published_batch
from . import audit

MOST_DELIVERIES = 60
"""On a page; the file has all."""


@dataclass(frozen=True)
class Trace:
    """Rows of ``storage.trace``: the batches by their ids, oldest first, and the links between them."""

    batches: Mapping[int, Any]
    links: Sequence[Any]


def follow(session: Session, actor: Actor | None, code: str, direction: Direction) -> Trace:
    """As far as the actor may see: an officer everything, a business its own part and one step more.

    Anybody else sees the batch itself, as on its page. Raises NotFound, or InvalidPublicCode.
    """
    code = public_code.parse(code)
    return follow_as(session, code, direction, readers(session, actor, code))


def look(
    session: Session, actor: Actor, batch: Batch, direction: Direction, *, business_id: int | None = None
) -> Trace:
    """For a page: as a business sees it, or, where none is named, as the department does.

    A look by anyone but the business's own people is written down.
    """
    require(actor, Permission.BATCHES_READ, business_id)
    if business_id is None or business_id not in actor.memberships:
        audit.record_look(session, actor, "tracing:follow", batch, changes={"direction": direction.value})
    return follow_as(session, batch.public_code or "", direction, None if business_id is None else [business_id])


def batch_held_by(session: Session, business_id: int, batch_id: int) -> Batch:
    """A batch with a code that the business made, holds or held. Raises NotFound."""
    batch = session.get(Batch, batch_id)
    if batch is None or batch.public_code is None:
        raise NotFound
    if batch.business_id != business_id and not session.scalars(holding_of(business_id, batch_id)).first():
        raise NotFound
    return batch


@dataclass(frozen=True)
class Marks:
    """What a drawing shows of its parts: the evidence of events by their ids, the ids of batches with open flags, and
    the first deliveries of its batches, rows of ``storage.trace.deliveries_of``."""

    evidence: Mapping[int, Evidence]
    flagged: Collection[int]
    deliveries: Sequence[Any]


def marks_of(session: Session, found: Trace, drawn: Collection[int], *, business_id: int | None = None) -> Marks:
    """Of the batches that are drawn and the links between them; only a business's own flags and deliveries, where one is named."""
    events = {link.event_id for link in found.links if link.parent_id in drawn and link.child_id in drawn}
    return Marks(
        evidence=dict(session.execute(evidence_of(events)).all()),
        flagged=set(session.scalars(flagged(drawn, business_id))),
        deliveries=session.execute(deliveries_of(drawn, business_id).limit(MOST_DELIVERIES)).all(),
    )


def steps_of(session: Session, batch_id: int, *, business_id: int | None = None) -> list[tuple[Event, Evidence]]:
    """What happened to one batch and still stands, and how it is known; only what a business may know, where one is named."""
    seen = events_seen_by(batch_id, None if business_id is None else [business_id])
    statuses = dict(session.execute(statuses_of(batch_id)).all())
    inspected = set(session.scalars(inspected_steps_of(batch_id)))
    return [
        (
            event,
            handovers.evidence_of(
                event.evidence, statuses.get(event.handover_id or 0), inspected=event.id in inspected
            ),
        )
        for event in session.scalars(seen.where(stands()).order_by(Event.event_time, Event.id))
    ]


def follow_as(session: Session, code: str, direction: Direction, businesses: Collection[int] | None) -> Trace:
    """As these businesses together may see it; None for everything. The caller has checked who asks."""
    readers = None if businesses is None else len(businesses)
    values = {"code": code} | {f"business_{number}": one for number, one in enumerate(businesses or ())}
    connection = session.connection()
    links = ask(connection, links_reached(direction, readers), **values)  # first: both ends are found afterwards
    batches = ask(connection, batches_reached(direction, readers), **values)
    if not batches:
        raise NotFound
    return Trace({batch.id: batch for batch in batches}, links)


def readers(session: Session, actor: Actor | None, code: str) -> list[int] | None:
    """With whose eyes the actor may read a batch: None for everybody's; an officer of a commune has those of a maker there."""
    if actor is None:
        return []
    if allowed(actor, Permission.BATCHES_READ) and allowed(actor, Permission.BATCHES_OVERSEE):
        return None
    own = [business for business in actor.memberships if allowed(actor, Permission.BATCHES_READ, business)]
    if actor.office and allowed(actor, Permission.BATCHES_READ):
        batch = session.scalars(published_batch(code)).one_or_none()
        own += [batch.business_id] if batch and actor.office.reaches(batch.business_id) else []
    return own
