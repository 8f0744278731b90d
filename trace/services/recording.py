"""Recording what a business does with a batch that it made or holds, at a place of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ..domain import chain as rules
from ..domain.balance import check_movement
from ..domain.chain import SensorElement
from ..domain.errors import N_, NotFound
from ..domain.evidence import Evidence
from ..domain.permissions import Actor, Permission, require
from ..domain.sensors import Range, Reading, check_readings, sensor_elements
from ..domain.steps import LONGEST_NOTE, RECORDABLE, disposition_of
from ..domain.text import clean_lines
from ..domain.vocabulary import BusinessStep
from ..storage.balance import batch_within_reach
from ..storage.batches import Batch
from ..storage.chain import Event
from ..storage.files import StoredFile
from ..storage.products import Product
from ..storage.sites import Site
from . import audit, chain, steps
from .changes import Faults
from .clock import now
from .completeness import recount, recount_with_step
from .files import Proof, keep_proof


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """``passed`` belongs to inspecting, ``readings`` to storing. ``at`` keeps the offset that it came with."""

    step: BusinessStep
    at: datetime
    site_id: int
    note: str = ""
    passed: bool | None = None
    readings: Sequence[Reading] = ()


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The step that is said again as it should have been, and what was wrong with it."""

    event_id: int
    reason: str


def record(
    session: Session,
    actor: Actor,
    business_id: int,
    batch_id: int,
    facts: StepFacts,
    *,
    proof: Proof | None = None,
    correction: Correction | None = None,
    device_time: datetime | None = None,
    public_url: str,
) -> Event:
    """Write a step down; the same said twice is recorded once.

    Raises NotFound for a batch that is none of the business's, BatchStepNotPossible, InvalidFields,
    ErrorAlreadyDeclared.
    """
    require(actor, Permission.BATCHES_WRITE, business_id)
    reachable(session, business_id, batch_id)
    wrong = chain.wrong_step(session, actor, batch_id, correction.event_id) if correction else None
    batch = chain.open_for_steps(session, actor, batch_id, business_id=business_id)
    if wrong and (wrong.business_id, wrong.business_step) != (business_id, facts.step):
        raise NotFound
    said = _said(session, business_id, batch, facts, public_url)
    if earlier := chain.same_event(session, business_id, batch, said, public_url):
        session.rollback()
        return earlier
    document = keep_proof(session, business_id, proof)
    if wrong and wrong.document_id and document is None:
        document = session.get(StoredFile, wrong.document_id)
    event = chain.append(
        session,
        actor,
        batch,
        session.get(Site, facts.site_id),
        said,
        public_url,
        business_id=business_id,
        evidence=Evidence.DOCUMENT if document else Evidence.DECLARED,
        document=document,
        device_time=device_time,
    )
    changes = {"step": facts.step.value, "at": facts.at.isoformat()}
    if wrong and correction:
        chain.refuse_second_error(session, wrong)
        reason = chain.said_wrong(correction.reason)
        chain.declare_wrong(session, actor, wrong, reason="incorrect_data", said=reason, corrected_by=event.hash)
        changes |= {"corrects": wrong.hash, "reason": reason}
    audit.record(session, actor, "chain:record_step", batch, business_id=business_id, changes=changes)
    if wrong:
        recount(session, batch=batch)
    else:
        recount_with_step(session, batch)
    session.commit()
    return event


def reachable(session: Session, business_id: int, batch_id: int) -> Batch:
    """A batch that the business made or ever held. Raises NotFound."""
    found = session.scalars(batch_within_reach(business_id, batch_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def kept_at(product: Product) -> Range:
    """The temperatures that a product is to be kept at."""
    return Range(product.storage_low, product.storage_high)


def _said(session: Session, business_id: int, batch: Batch, facts: StepFacts, public_url: str) -> rules.Event:
    """The event, every fault of the facts raised at once."""
    faults = Faults()
    if facts.step not in RECORDABLE:
        faults.add(N_("Hãy chọn công đoạn trong danh sách."), field="step")
    site = session.get(Site, facts.site_id)
    if site is None or site.business_id != business_id:
        faults.add(N_("Hãy chọn nơi làm trong danh sách địa điểm của cơ sở."), field="site_id")
    lot, made, until = batch.lot, batch.production_date, now()
    faults.attempt(check_movement, facts.at, lot=lot, production_date=made, now=until)
    readings = facts.readings if facts.step is BusinessStep.STORING else ()
    faults.attempt(check_readings, readings, lot=lot, production_date=made, now=until)
    disposition = faults.attempt(disposition_of, facts.step, passed=facts.passed)
    note = faults.attempt(clean_lines, facts.note, field="note") or ""
    if len(note) > LONGEST_NOTE:
        faults.add(N_("Nội dung này quá dài. Hãy viết ngắn lại."), field="note")
    faults.raise_any()
    assert site  # noqa: S101 - its absence was raised above
    return steps.handled(
        batch,
        facts.step,
        site,
        at=facts.at,
        disposition=disposition,
        sensors=[SensorElement(reports, about) for about, reports in sensor_elements(readings, kept_at(batch.product))],
        extensions={"trace:note": note} if note else {},
        public_url=public_url,
    )
