"""Batches: registered as drafts, published under a code that never changes, corrected by new versions, withdrawn."""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.balance import HappensBeforeProduction
from ..domain.batches import (
    BatchStatus,
    BatchStepNotPossible,
    BusinessNotApproved,
    NothingChanged,
    PackedBeforeProduction,
)
from ..domain.batches import publish as published
from ..domain.batches import withdraw as withdrawn
from ..domain.businesses import ReasonRequired
from ..domain.dates import format_date, vietnam_date
from ..domain.errors import N_, Conflict
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..domain.vocabulary import BusinessStep
from ..storage.batches import Batch, BatchVersion, batch_of_form, versions_of
from ..storage.chain import standing_events
from ..storage.diary import season_of_batch
from ..storage.diary_flags import FlaggedBatch
from ..storage.laboratory import reports_of_batch
from . import audit, chain, diary, excesses, laboratory
from .batch_facts import BatchFacts, checked_values, facts_of, free_lot
from .changes import assign
from .clock import now
from .completeness import completeness_of, lock, recount
from .diary_flags import ask_for_season, keep_back
from .holdings import adjust, hold

__all__ = [
    "BatchFacts",
    "begin",
    "completeness_of",
    "correct",
    "delete_draft",
    "facts_of",
    "free_lot",
    "publish",
    "recount",
    "register",
    "update_draft",
    "withdraw",
]
ATTEMPTS = 20


def register(
    session: Session, actor: Actor, business_id: int, facts: BatchFacts, *, client_key: str | None = None
) -> Batch:
    """Save a draft. The same ``client_key`` again returns the batch that it made the first time.

    Raises InvalidFields, LotTaken with the next free lot in its sentence, HarvestBeyondPossible, HarvestUnusual.
    """
    require(actor, Permission.BATCHES_WRITE, business_id)
    for _ in range(ATTEMPTS):
        if client_key and (made := session.scalars(batch_of_form(business_id, client_key)).one_or_none()):
            return made
        values = checked_values(session, business_id, facts)
        batch = Batch(
            business_id=business_id,
            **values,
            status=BatchStatus.DRAFT,
            created_at=now(),
            created_by=actor.user_id,
            client_key=client_key,
        )
        if _keep(session, batch):
            excesses.examine_batch(session, actor, batch, facts.excess_reason)
            diary.name_season(session, batch, facts.season_id)
            audit.record(session, actor, "batches:register", batch, changes=facts_of(batch))
            session.commit()
            return batch
    raise Conflict  # somebody took every lot that we proposed


def update_draft(
    session: Session, actor: Actor, batch_id: int, facts: BatchFacts, *, version: int | None = None
) -> Batch:
    """Change a draft; its lot stays where none is given. Raises what ``register`` raises, and Conflict."""
    batch = _draft(session, actor, batch_id, version)
    changes = _change(session, batch, facts)
    excesses.examine_batch(session, actor, batch, facts.excess_reason)
    changes |= diary.name_season(session, batch, facts.season_id)
    if changes:
        audit.record(session, actor, "batches:update", batch, changes=changes)
    session.commit()
    return batch


def delete_draft(session: Session, actor: Actor, batch_id: int, *, version: int | None = None) -> None:
    """Only a draft can go, that no laboratory has tested: it has no code that anyone could scan.

    Raises BatchStepNotPossible.
    """
    batch = _draft(session, actor, batch_id, version)
    if session.scalars(reports_of_batch(batch.id)).first():
        raise BatchStepNotPossible(N_("Lô này đã có kết quả kiểm nghiệm nên không xóa được."))
    diary.forget_season(session, batch)
    session.execute(delete(FlaggedBatch).where(FlaggedBatch.batch_id == batch.id))
    excesses.forget(session, batch)
    audit.record(session, actor, "batches:delete", batch, changes=facts_of(batch))
    session.delete(batch)
    session.commit()


def publish(
    session: Session,
    actor: Actor,
    batch_id: int,
    *,
    public_url: str,
    version: int | None = None,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Batch:
    """Show a draft to shoppers: mint its code, append its first event and keep its first version.

    ``random_bytes`` other than a cryptographic generator's make codes that can be guessed: for the demonstration.
    Raises BusinessNotApproved, SeasonNotNamed, HarvestInsideInterval, HarvestBeyondPossible, LaboratoryTestFailed,
    BatchStepNotPossible or Conflict.
    """
    batch = lock(session, batch_id, version)
    require(actor, Permission.BATCHES_PUBLISH, batch.business_id)
    begin(session, actor, batch, random_bytes)
    ask_for_season(session, batch)
    excesses.examine_batch(session, actor, batch, None)
    hold(session, batch)
    chain.record_production(session, actor, batch, public_url=public_url)
    laboratory.write_down_waiting(session, actor, batch, public_url)
    audit.record(session, actor, "batches:publish", batch, changes={"public_code": batch.public_code})
    recount(session, batch=batch)
    session.commit()
    return batch


def begin(session: Session, actor: Actor, batch: Batch, random_bytes: Callable[[int], bytes]) -> None:
    """Within a verb that shows a batch for the first time: its code and first version. Raises as ``publish``."""
    status = published(batch.status)
    if not batch.business.status.may_publish:
        raise BusinessNotApproved
    keep_back(session, batch)
    laboratory.refuse_failed(session, batch)
    batch.status, batch.published_at = status, now()
    _mint(session, batch, random_bytes)
    _keep_version(session, actor, batch)


def correct(
    session: Session,
    actor: Actor,
    batch_id: int,
    facts: BatchFacts,
    *,
    reason: str,
    version: int | None = None,
    public_url: str,
) -> Batch:
    """Put a published batch right by a new version; the code stays, and the page says that and why it was corrected.

    Raises what ``update_draft`` and ``holdings.adjust`` raise, and ReasonRequired, NothingChanged, PackedBeforeProduction,
    SeasonNotNamed. Onto a day inside an interval it is flagged, and under review until an officer concludes.
    """
    batch = lock(session, batch_id, version)
    require(actor, Permission.BATCHES_PUBLISH, batch.business_id)
    if batch.status is not BatchStatus.PUBLISHED:
        raise BatchStepNotPossible
    reason = _required(reason)
    for event in session.scalars(standing_events(batch.id)):
        made, on = event.business_step == BusinessStep.CREATING_CLASS_INSTANCE, vietnam_date(event.event_time)
        if not made and on < facts.production_date:
            kind = PackedBeforeProduction if event.business_step == BusinessStep.PACKING else HappensBeforeProduction
            message = N_("Lô đã ghi một công đoạn ngày %(day)s, nên không thể sản xuất sau ngày đó.")
            raise kind(message, field="production_date", day=format_date(on))
    amount, unit = batch.amount, batch.product.unit
    changes = _change(session, batch, facts)
    changes |= diary.name_season(session, batch, facts.season_id)
    if not changes:
        raise NothingChanged
    ask_for_season(session, batch)
    excesses.examine_batch(session, actor, batch, reason)
    adjust(session, batch, amount=amount, unit=unit)
    batch.corrected_at = now()
    _keep_version(session, actor, batch, reason)
    chain.restate(session, actor, batch, reason=reason, public_url=public_url)
    audit.record(session, actor, "batches:correct", batch, changes={**changes, "reason": reason})
    recount(session, batch=batch)
    session.commit()
    return batch


def withdraw(session: Session, actor: Actor, batch_id: int, *, reason: str, version: int | None = None) -> Batch:
    """Take a published batch back for good: its page stays, and says so first. Raises ReasonRequired, BatchStepNotPossible."""
    batch = lock(session, batch_id, version)
    require(actor, Permission.BATCHES_PUBLISH, batch.business_id)
    batch.status = withdrawn(batch.status)
    batch.withdrawn_reason, batch.withdrawn_at = _required(reason), now()
    audit.record(session, actor, "batches:withdraw", batch, changes={"reason": batch.withdrawn_reason})
    recount(session, batch=batch)
    session.commit()
    return batch


def _draft(session: Session, actor: Actor, batch_id: int, version: int | None) -> Batch:
    batch = lock(session, batch_id, version)
    require(actor, Permission.BATCHES_WRITE, batch.business_id)
    if not batch.status.is_editable:
        raise BatchStepNotPossible
    return batch


def _keep(session: Session, batch: Batch) -> bool:
    """Insert the batch; False when another request took its lot, or came from the same form, a moment ago."""
    try:
        with session.begin_nested():
            session.add(batch)
    except IntegrityError:
        return False
    return True


def _change(session: Session, batch: Batch, facts: BatchFacts) -> dict[str, list[Any]]:
    changes = assign(batch, **checked_values(session, batch.business_id, facts, batch))
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict from error  # another request took the lot a moment ago
    session.expire(batch, ["product", "site"])
    return changes


def _mint(session: Session, batch: Batch, random_bytes: Callable[[int], bytes]) -> None:
    """Give the batch a code that no batch has or had; a clash in 2⁴⁵ is tried again."""
    for _ in range(ATTEMPTS):
        try:
            with session.begin_nested():
                batch.public_code = public_code.mint(random_bytes(8))
            return
        except IntegrityError:
            session.refresh(batch)
    raise Conflict


def _keep_version(session: Session, actor: Actor, batch: Batch, reason: str = "") -> None:
    latest = session.scalars(versions_of(batch.id).limit(1)).one_or_none()
    season = session.scalars(season_of_batch(batch.id)).one_or_none()
    session.add(
        BatchVersion(
            batch_id=batch.id,
            number=latest.number + 1 if latest else 1,
            facts={**facts_of(batch), "season_id": season.id if season else None},
            reason=reason,
            by=actor.user_id,
            by_name=actor.name,
            at=now(),
        )
    )


def _required(reason: str) -> str:
    reason = clean_lines(reason)
    if not reason:
        raise ReasonRequired(N_("Hãy ghi lý do; người mua cũng đọc được."), field="reason")
    return reason
