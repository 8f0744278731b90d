"""Issuing stamps: labels each with a serial of its own, for a batch or on a blank roll that is bound to batches later."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.errors import N_, Conflict, InvalidInput
from ..domain.labels import MoreLabelsThanPacks, check_wanted
from ..domain.permissions import Actor, Permission, require
from ..domain.stamps import MOST_ISSUES, StampKeys
from ..domain.text import clean_lines
from ..domain.vocabulary import BusinessStep
from ..labels.designs import Design
from ..labels.formats import Format, LinkListFormat
from ..labels.previews import Preview, preview
from ..labels.runs import LabelRun
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.chain import standing_events
from ..storage.database import insert_into
from ..storage.labels import LabelIssue, StampKey, next_ordinal
from ..storage.printers import use_of
from . import audit, excesses
from .clock import now
from .completeness import lock
from .label_runs import described, gs1_link, run_of, way_of
from .labels import LabelFile, check_packs, follow_link, hand_out, label_text, ready_batch, refuse_unapproved
from .reach import climbed
from .stamp_ranges import activate_all

ATTEMPTS = 5


class TooManyIssues(Conflict):
    code = "too-many-issues"
    message = N_(
        "Lô này đã in %(count)s đợt tem có số riêng, không in thêm được. Hãy in một đợt lớn thay vì nhiều đợt nhỏ."
    )


@dataclass(frozen=True, kw_only=True)
class IssueOrder:
    """How many, and how they are to be printed: kept with the issue, so that its file can be made at any time.

    ``printer`` is the name of the saved one that ``way`` was taken from, which is noted as used.
    """

    count: int
    way: Format = field(default_factory=LinkListFormat)
    design: Design = Design.RETAIL
    printer: str = ""

    @property
    def paper(self) -> dict[str, Any]:
        return {**described(self.way), "design": self.design.value}


def issue(
    session: Session,
    actor: Actor,
    batch_id: int,
    order: IssueOrder,
    *,
    keys: StampKeys,
    public_url: str,
    excess_reason: str = "",
) -> LabelIssue:
    """Stamps for a batch. Those of a batch that was packed before they were printed are active at once.

    Raises LabelsNotReady, BusinessNotApproved, BatchUnderReview, LabelCountImpossible, MoreLabelsThanPacks (without an
    ``excess_reason``), InvalidInput for what cannot be printed so, LabelDoesNotScan, LabelLeadsNowhere or TooManyIssues.
    """
    check_wanted(order.count)
    excess_reason = clean_lines(excess_reason, field="excess_reason")
    batch = ready_batch(session, actor, batch_id)
    if not excess_reason:
        check_packs(session, batch, order.count)
    draft = _drawn(order, keys, actor, batch.business_id, batch.public_code or "")
    draft.batch = batch
    _try_out(session, keys, draft, public_url)
    batch = lock(session, ready_batch(session, actor, batch_id).id)
    follow_link(session, batch)
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
    climbed(session, batch)
    session.commit()
    return made


def issue_roll(
    session: Session, actor: Actor, business_id: int, order: IssueOrder, *, keys: StampKeys, public_url: str
) -> LabelIssue:
    """A blank roll: stamps of no batch, under a code of their own.

    Raises BusinessNotApproved, LabelCountImpossible, InvalidInput for what cannot be printed so, LabelDoesNotScan.
    """
    require(actor, Permission.LABELS_MAKE, business_id)
    check_wanted(order.count)
    refuse_unapproved(session.get_one(Business, business_id))
    if order.design is Design.GS1:
        raise InvalidInput(N_("Tem in sẵn chưa có sản phẩm nên không dùng mẫu GS1 được."), field="design")
    draft = _drawn(order, keys, actor, business_id, public_code.mint(secrets.token_bytes(8)))
    _try_out(session, keys, draft, public_url)
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


def equal_labels(
    session: Session,
    actor: Actor,
    batch_id: int,
    order: IssueOrder,
    *,
    public_url: str,
    excess_reason: str = "",
) -> LabelFile:
    """Labels without serials, all alike, as a file. Raises what ``issue`` raises."""
    check_wanted(order.count)
    excess_reason = clean_lines(excess_reason, field="excess_reason")
    batch = ready_batch(session, actor, batch_id)
    if not excess_reason:
        check_packs(session, batch, order.count)
    run, version = _equal_run(session, batch, order, public_url), batch.version
    session.rollback()  # drawing and decoding must not hold the write lock
    data = b"".join(order.way.parts(run))
    order.way.check(run, data)
    batch = lock(session, ready_batch(session, actor, batch_id).id)
    if batch.version != version:
        raise Conflict
    try:
        check_packs(session, batch, order.count)
    except MoreLabelsThanPacks as excess:
        if not excess_reason:
            raise
        excesses.keep_labels(session, actor, batch, excess_reason, excess)
    extension = order.way.extension
    return hand_out(session, actor, batch, extension, data, count=order.count, paper=order.paper, printer=order.printer)


def preview_equal(session: Session, actor: Actor, batch_id: int, order: IssueOrder, *, public_url: str) -> Preview:
    """Raises what ``equal_labels`` raises for what cannot be printed so."""
    batch = ready_batch(session, actor, batch_id)
    return preview(_equal_run(session, batch, order, public_url), order.way)


def _equal_run(session: Session, batch: Batch, order: IssueOrder, public_url: str) -> LabelRun:
    text = label_text(session, batch, public_url)
    if order.design is Design.GS1:
        text = replace(text, link=gs1_link(batch, public_url))
    return LabelRun.of_equal(text, order.count, order.design)


def preview_stamp(
    session: Session,
    actor: Actor,
    business_id: int,
    batch: Batch | None,
    order: IssueOrder,
    keys: StampKeys,
    public_url: str,
) -> Preview:
    """Raises what ``issue`` raises for what cannot be printed so."""
    require(actor, Permission.LABELS_MAKE, business_id)
    code = batch.public_code or "" if batch else public_code.mint(bytes(8))
    draft = _drawn(order, keys, actor, business_id, code)
    draft.batch = batch
    return preview(run_of(session, keys, draft, public_url), order.way)


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
    made = _drawn(order, keys, actor, business_id, code)
    made.batch_id, made.ordinal = batch.id if batch else None, ordinal
    session.add(made)
    if order.printer:
        session.execute(use_of(business_id, order.printer, now()))
    changes = {"format": made.format, "count": order.count, "serials": True, "code": code}
    audit.record(session, actor, "labels:make", batch or made, business_id=business_id, changes=changes)
    return made


def _drawn(order: IssueOrder, keys: StampKeys, actor: Actor, business_id: int, code: str) -> LabelIssue:
    return LabelIssue(
        business_id=business_id,
        public_code=code,
        ordinal=0,
        key_id=keys.newest,
        count=order.count,
        format=order.way.extension,
        geometry=order.paper,
        made_by=actor.user_id,
        made_by_name=actor.name,
        at=now(),
    )


def _try_out(session: Session, keys: StampKeys, draft: LabelIssue, public_url: str) -> None:
    """Print the first, the last and a random label of an issue to be, and look at them: before anything is written."""
    run = run_of(session, keys, draft, public_url)
    session.rollback()  # drawing and decoding must not hold the write lock
    numbers = sorted({0, secrets.randbelow(run.count), run.count - 1})
    sample = replace(
        run,
        count=len(numbers),
        links=lambda start, stop: [run.links(number, number + 1)[0] for number in numbers[start:stop]],
        serials=lambda start, stop: [run.serials(number, number + 1)[0] for number in numbers[start:stop]],
    )
    way = way_of(draft.format, draft.geometry)
    way.check(sample, b"".join(way.parts(sample)))
