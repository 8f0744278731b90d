"""Writing down what happens to a batch: EPCIS events, appended and never changed.

A wrong event is repeated with a declaration that it is wrong, and said again as it should have been (EPCIS 2.0 §7.4.1.2).
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ..domain import chain
from ..domain.batches import BatchStatus, BatchStepNotPossible, check_packing
from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.evidence import Evidence
from ..domain.permissions import Actor, Permission, require
from ..domain.steps import TAKEN_BACK, ErrorAlreadyDeclared
from ..domain.text import clean_lines
from ..domain.vocabulary import BusinessStep, EventType
from ..storage.balance import links_to
from ..storage.batches import Batch
from ..storage.chain import Event, declaration_of, events_recorded, of_one_batch, standing_events
from ..storage.files import StoredFile
from ..storage.sites import Site
from . import audit, stamp_ranges, steps
from .clock import believed, now
from .completeness import lock, recount, recount_with_step
from .files import Proof, keep_proof
from .standings import note_event

MOST_PACKS = 10_000_000


def record_production(session: Session, actor: Actor, batch: Batch, *, public_url: str) -> Event:
    """Append the beginning of a batch, within the verb that publishes it."""
    return append(session, actor, batch, batch.site, steps.production(batch, public_url), public_url)


def record_packing(
    session: Session,
    actor: Actor,
    batch_id: int,
    *,
    at: datetime,
    site_id: int,
    packs: int | None = None,
    proof: Proof | None = None,
    public_url: str,
) -> Event:
    """Say that a published batch was packed, which activates its stamps; the same packing said twice is recorded once.

    Raises BatchStepNotPossible, PackedInFuture, PackedBeforeProduction or InvalidInput (``site_id``, ``packs``).
    """
    batch = open_for_steps(session, actor, batch_id)
    site = session.get(Site, site_id)
    if site is None or site.business_id != batch.business_id:
        raise InvalidInput(N_("Hãy chọn nơi đóng gói."), field="site_id")
    if packs is not None and not 1 <= packs <= MOST_PACKS:
        raise InvalidInput(N_("Số gói phải là số nguyên lớn hơn 0."), field="packs")
    check_packing(at, production_date=batch.production_date, now=now())
    for earlier in _packings(session, batch):
        if (earlier.event_time, earlier.site_id, earlier.body.get("trace:packs")) == (at, site_id, packs):
            session.rollback()
            return earlier
    document = keep_proof(session, batch.business_id, proof)
    event = append(
        session,
        actor,
        batch,
        site,
        steps.packing(batch, site, at, packs, public_url),
        public_url,
        evidence=Evidence.DOCUMENT if document else Evidence.DECLARED,
        document=document,
    )
    stamp_ranges.activate_all(session, actor, batch)
    audit.record(
        session, actor, "chain:record_packing", batch, changes={"at": at.isoformat(), "site": site.code, "packs": packs}
    )
    recount_with_step(session, batch)
    session.commit()
    return event


def declare_error(session: Session, actor: Actor, batch_id: int, event_id: int, *, reason: str) -> None:
    """Say that a step did not happen as recorded. The record keeps both (CBV 2.0 §7.5: did_not_occur).

    What happened at production is put right by correcting the batch, what moved goods by undoing that.
    Raises BatchStepNotPossible, ErrorAlreadyDeclared, InvalidInput (``reason``) or NotFound.
    """
    event = wrong_step(session, actor, batch_id, event_id)
    batch = open_for_steps(session, actor, batch_id, business_id=event.business_id)
    refuse_second_error(session, event)
    declare_wrong(session, actor, event, reason="did_not_occur", said=said_wrong(reason))
    changes = {"event": event.hash, "reason": reason}
    audit.record(session, actor, "chain:declare_error", batch, business_id=event.business_id, changes=changes)
    recount(session, batch=batch)
    session.commit()


def restate(session: Session, actor: Actor, batch: Batch, *, reason: str, public_url: str) -> None:
    """Within the verb that corrects a batch: declare wrong what is no longer so, and say it again as it is now."""
    for event in session.scalars(standing_events(batch.id).where(of_one_batch())).all():
        site = session.get(Site, event.site_id) if event.site_id else None
        if event.type == EventType.TRANSFORMATION:
            inputs = [(link.parent, link.amount) for link in session.scalars(links_to(batch.id))]
            loss, site = event.body.get("trace:loss", 0), batch.site
            again = steps.transformation(batch, inputs, loss=loss, at=event.event_time, public_url=public_url)
        elif event.business_step == BusinessStep.CREATING_CLASS_INSTANCE:
            site, again = batch.site, steps.production(batch, public_url)
        elif event.business_step == BusinessStep.PACKING and site:
            again = steps.packing(batch, site, event.event_time, event.body.get("trace:packs"), public_url)
        else:
            continue  # what left a holding stays as it was said
        if _content(chain.to_epcis(again)) != _content(event.body):
            paper = session.get(StoredFile, event.document_id) if event.document_id else None
            correct = append(session, actor, batch, site, again, public_url, evidence=event.evidence, document=paper)
            declare_wrong(session, actor, event, reason="incorrect_data", said=reason, corrected_by=correct.hash)


def open_for_steps(session: Session, actor: Actor, batch_id: int, *, business_id: int | None = None) -> Batch:
    """The batch, locked, for a business to write about: its maker unless said otherwise. Raises BatchStepNotPossible."""
    batch = lock(session, batch_id)
    require(actor, Permission.BATCHES_WRITE, business_id or batch.business_id)
    if batch.status is not BatchStatus.PUBLISHED:
        raise BatchStepNotPossible(N_("Chỉ ghi được công đoạn cho lô đã công bố. Hãy công bố lô trước."))
    return batch


def wrong_step(session: Session, actor: Actor, batch_id: int, event_id: int) -> Event:
    """A step of the batch that whoever recorded it may take back. Raises NotFound."""
    event = session.get(Event, event_id)
    if event is None or event.batch_id != batch_id:
        raise NotFound
    require(actor, Permission.BATCHES_WRITE, event.business_id)
    if event.business_step not in TAKEN_BACK or event.type != EventType.OBJECT:
        raise NotFound
    return event


def refuse_second_error(session: Session, event: Event) -> None:
    """Raises ErrorAlreadyDeclared. Ask it once the batch is locked."""
    if session.scalars(declaration_of(event.hash)).first() is not None:
        raise ErrorAlreadyDeclared


def said_wrong(reason: str) -> str:
    reason = clean_lines(reason)
    if not reason:
        raise InvalidInput(N_("Hãy ghi rõ sai ở đâu."), field="reason")
    return reason


def same_event(session: Session, business_id: int, batch: Batch, event: chain.Event, public_url: str) -> Event | None:
    """What says the same and was recorded before, so that what is sent twice is recorded once."""
    said = _content(chain.to_epcis(steps.numbered(event, batch, 0, event.event_time, public_url)))
    for earlier in session.scalars(standing_events(batch.id)):
        if earlier.business_id == business_id and _content(earlier.body) == said:
            return earlier
    return None


def _packings(session: Session, batch: Batch) -> list[Event]:
    packings = standing_events(batch.id).where(of_one_batch(), Event.business_step == BusinessStep.PACKING.value)
    return list(session.scalars(packings))


def _content(body: dict[str, Any]) -> dict[str, Any]:
    ours = {"eventID", "recordTime", "trace:batch", "trace:number"}
    return {name: value for name, value in body.items() if name not in ours}


def append(
    session: Session,
    actor: Actor,
    batch: Batch,
    site: Site | None,
    event: chain.Event,
    public_url: str,
    *,
    business_id: int | None = None,
    handover_id: int | None = None,
    evidence: Evidence = Evidence.DECLARED,
    document: StoredFile | None = None,
    device_time: datetime | None = None,
) -> Event:
    """Number and keep an event of a batch, which the caller has locked or just made; of its maker unless said otherwise."""
    record_time = now()
    number = session.scalars(events_recorded(batch.id)).one() + 1
    event = steps.numbered(event, batch, number, record_time, public_url)
    body: dict[str, Any] = dict(chain.to_epcis(event))
    stored = Event(
        batch_id=batch.id,
        business_id=business_id or batch.business_id,
        site_id=site.id if site else None,
        handover_id=handover_id,
        type=event.type.value,
        business_step=event.business_step.value,
        event_time=event.event_time,
        offset=body["eventTimeZoneOffset"],
        record_time=record_time,
        device_time=believed(device_time),
        evidence=evidence,
        document_id=document.id if document else None,
        actor_id=actor.user_id,
        actor_name=actor.name,
        hash=body["eventID"],
        body=body,
    )
    session.add(stored)
    session.flush()
    note_event(session, stored.business_id)
    return stored


def declare_wrong(
    session: Session, actor: Actor, event: Event, *, reason: str, said: str, corrected_by: str | None = None
) -> None:
    """Within a verb: repeat an event to say that it is wrong. ``reason`` is CBV 2.0 §7.5's, ``said`` a person's."""
    declared_at = now()
    declaration: dict[str, Any] = {
        "declarationTime": declared_at.isoformat(timespec="milliseconds"),
        "reason": reason,
        "trace:said": said,
    }
    if corrected_by:
        declaration["correctiveEventIDs"] = [corrected_by]
    session.add(
        Event(
            batch_id=event.batch_id,
            business_id=event.business_id,
            site_id=event.site_id,
            handover_id=event.handover_id,
            type=event.type,
            business_step=event.business_step,
            event_time=event.event_time,
            offset=event.offset,
            record_time=declared_at,
            evidence=event.evidence,
            actor_id=actor.user_id,
            actor_name=actor.name,
            hash=event.hash,
            declares_error=True,
            body={**event.body, "errorDeclaration": declaration},
        )
    )
    session.flush()
