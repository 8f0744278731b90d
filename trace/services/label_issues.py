"""Issuing stamps: labels each with a serial of its own, for a batch or on a blank roll that is bound to batches later."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.errors import N_, Conflict
from ..domain.labels import MoreLabelsThanPacks, check_wanted
from ..domain.permissions import Actor, Permission, require
from ..domain.stamps import MOST_ISSUES, StampKeys
from ..domain.text import clean_lines
from ..domain.vocabulary import BusinessStep
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.chain import standing_events
from ..storage.database import insert_into
from ..storage.labels import LabelIssue, StampKey, next_ordinal
from . import audit, excesses
from .clock import now
from .completeness import lock
from .labels import check_packs, follow_link, ready_batch, refuse_unapproved
from .stamp_ranges import activate_all

ATTEMPTS = 5


class TooManyIssues(Conflict):
    code = "too-many-issues"
    message = N_(
        "Lô này đã in %(count)s đợt tem có số riêng, không in thêm được. Hãy in một đợt lớn thay vì nhiều đợt nhỏ."
    )


@dataclass(frozen=True, kw_only=True)
class IssueOrder:
    """``paper`` is what the format needs to know besides: kept with the issue, so that its file can be made again."""

    count: int
    format: str
    paper: Mapping[str, Any] = field(default_factory=dict)


def issue(
    session: Session,
    actor: Actor,
    batch_id: int,
    order: IssueOrder,
    *,
    keys: StampKeys,
    excess_reason: str = "",
) -> LabelIssue:
    """Stamps for a batch. Those of a batch that was packed before they were printed are active at once.

    Raises LabelsNotReady, BusinessNotApproved, BatchUnderReview, LabelCountImpossible, MoreLabelsThanPacks (without an
    ``excess_reason``), LabelLeadsNowhere or TooManyIssues.
    """
    check_wanted(order.count)
    batch = lock(session, ready_batch(session, actor, batch_id).id)
    follow_link(session, batch)
    excess_reason = clean_lines(excess_reason, field="excess_reason")
    try:
        check_packs(session, batch, order.count)
    except MoreLabelsThanPacks as excess:
        if not excess_reason:
            raise
        excesses.keep_labels(session, actor, batch, excess_reason, excess)
    code = batch.public_code or ""
    ordinal = session.scalars(next_ordinal(code)).one()
    if ordinal >= MOST_ISSUES:
        raise TooManyIssues(count=ordinal)
    made = _issue(session, actor, order, keys, batch=batch, business_id=batch.business_id, code=code, ordinal=ordinal)
    if any(event.business_step == BusinessStep.PACKING for event in session.scalars(standing_events(batch.id))):
        activate_all(session, actor, batch)
    session.commit()
    return made


def issue_roll(session: Session, actor: Actor, business_id: int, order: IssueOrder, *, keys: StampKeys) -> LabelIssue:
    """A blank roll: stamps of no batch, under a code of their own. Raises BusinessNotApproved or LabelCountImpossible."""
    require(actor, Permission.LABELS_MAKE, business_id)
    check_wanted(order.count)
    refuse_unapproved(session.get_one(Business, business_id))
    for _ in range(ATTEMPTS):
        code = public_code.mint(secrets.token_bytes(8))
        try:
            with session.begin_nested():
                made = _issue(session, actor, order, keys, batch=None, business_id=business_id, code=code, ordinal=0)
        except IntegrityError:
            continue  # another roll's or a batch's: once in 2⁴⁵
        session.commit()
        return made
    raise Conflict


def _issue(
    session: Session,
    actor: Actor,
    order: IssueOrder,
    keys: StampKeys,
    *,
    batch: Batch | None,
    business_id: int,
    code: str,
    ordinal: int,
) -> LabelIssue:
    session.execute(insert_into(session, StampKey).values(id=keys.newest, first_used_at=now()).on_conflict_do_nothing())
    made = LabelIssue(
        batch_id=batch.id if batch else None,
        business_id=business_id,
        public_code=code,
        ordinal=ordinal,
        key_id=keys.newest,
        count=order.count,
        format=order.format,
        geometry=dict(order.paper),
        made_by=actor.user_id,
        made_by_name=actor.name,
        at=now(),
    )
    session.add(made)
    changes = {"format": order.format, "count": order.count, "serials": True, "code": code}
    audit.record(session, actor, "labels:make", batch or made, business_id=business_id, changes=changes)
    return made
