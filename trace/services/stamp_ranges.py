"""What is done with stretches of stamps: activated when they are stuck on, voided when lost, bound from a blank roll."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.dates import format_moment
from ..domain.digital_link import scanned_serial
from ..domain.errors import N_, InvalidInput, NotFound
from ..domain.labels import MoreLabelsThanPacks
from ..domain.permissions import Actor, Permission, require
from ..domain.stamps import AlreadyInRange, NotOfThisIssue, RangeKind, StampKeys, StampsBound, StampsVoided
from ..domain.text import clean, clean_lines
from ..storage.batches import Batch
from ..storage.labels import LabelIssue, StampRange, batches_labelled_from, ranges_of, stamp_issues_of
from ..storage.stamps import add_range, overlapping
from . import audit, excesses, stamps
from .clock import now
from .completeness import lock, lock_all
from .labels import check_packs, ready_batch
from .reach import climbed

_VERBS = {RangeKind.ACTIVATED: "activate", RangeKind.VOIDED: "void", RangeKind.BOUND: "bind"}
_TAKEN = {RangeKind.ACTIVATED: AlreadyInRange, RangeKind.VOIDED: StampsVoided, RangeKind.BOUND: StampsBound}


def activate(session: Session, actor: Actor, issue_id: int, first: int, last: int) -> StampRange:
    """Say that these stamps of a batch are on packs. Raises AlreadyInRange, NotOfThisIssue or NotFound."""
    issue = _locked(session, actor, issue_id)
    if issue.batch_id is None:
        raise NotFound  # those of a blank roll are activated by being bound
    made = _add(session, actor, issue, RangeKind.ACTIVATED, first, last)
    session.commit()
    return made


def activate_all(session: Session, actor: Actor, batch: Batch) -> int:
    """Within the verb that packs a batch: all its stamps that are not activated yet. Returns how many those were."""
    issues = session.scalars(stamp_issues_of(batch.id).with_for_update()).all()
    if not issues:
        return 0
    ranges = session.scalars(ranges_of([issue.id for issue in issues])).all()
    count = 0
    for issue in issues:
        done = [each for each in ranges if each.issue_id == issue.id and each.kind is RangeKind.ACTIVATED]
        for first, last in gaps(done, issue.count):
            _add(session, actor, issue, RangeKind.ACTIVATED, first, last)
            count += last - first + 1
    return count


def void(session: Session, actor: Actor, issue_id: int, first: int, last: int, *, reason: str) -> StampRange:
    """For good: torn, lost, stolen. Whoever scans one is told. Raises StampsVoided, NotOfThisIssue or InvalidInput."""
    stuck_on = session.scalars(batches_labelled_from(issue_id)).all()
    batches = lock_all(session, stuck_on) if stuck_on else []  # before the issue, as in ``bind``
    issue = _locked(session, actor, issue_id)
    reason = clean_lines(reason, field="reason")
    if not reason:
        raise InvalidInput(N_("Hãy ghi vì sao hủy tem, ví dụ “Mất cuộn tem ở kho”."), field="reason")
    made = _add(session, actor, issue, RangeKind.VOIDED, first, last, reason=reason)
    for batch in batches:
        climbed(session, batch)
    session.commit()
    return made


def bind(
    session: Session, actor: Actor, issue_id: int, first: int, last: int, *, batch_id: int, excess_reason: str = ""
) -> StampRange:
    """Say that a stretch of a blank roll is on packs of a batch. Raises StampsBound when somebody else was faster,
    NotOfThisIssue, MoreLabelsThanPacks (without an ``excess_reason``), and what ``labels.ready_batch`` raises."""
    batch = lock(session, ready_batch(session, actor, batch_id).id)
    issue = _locked(session, actor, issue_id)
    if issue.batch_id is not None or issue.business_id != batch.business_id:
        raise NotFound
    excess_reason = clean_lines(excess_reason, field="excess_reason")
    try:
        check_packs(session, batch, last - first + 1)
    except MoreLabelsThanPacks as excess:
        if not excess_reason:
            raise
        excesses.keep_labels(session, actor, batch, excess_reason, excess)
    made = _add(session, actor, issue, RangeKind.BOUND, first, last, batch=batch)
    climbed(session, batch)
    session.commit()
    return made


def locate(session: Session, keys: StampKeys, issue: LabelIssue, typed: str, *, field: str = "first") -> int:
    """The index of a stamp, from its number as counted from 1, its serial, or its scanned link. Raises NotOfThisIssue."""
    typed = clean(typed, field=field)
    if typed.isdecimal() and len(typed) <= len(str(issue.count)):
        return int(typed) - 1
    code, serial = scanned_serial(typed) or ("", typed)
    found = stamps.find(session, keys, code or issue.public_code or "", serial)
    if found.row is None or found.row.id != issue.id:
        raise NotOfThisIssue(field=field, count=issue.count)
    return found.index


def summary(ranges: Iterable[StampRange]) -> dict[RangeKind, int]:
    """How many stamps are in ranges of each kind."""
    counts = dict.fromkeys(RangeKind, 0)
    for each in ranges:
        counts[each.kind] += each.last - each.first + 1
    return counts


def gaps(ranges: Sequence[StampRange], count: int) -> Iterator[tuple[int, int]]:
    """First and last index of each stretch of ``count`` stamps that none of these ranges, in their order, holds."""
    following = 0
    for each in ranges:
        if each.first > following:
            yield following, each.first - 1
        following = each.last + 1
    if following < count:
        yield following, count - 1


def _locked(session: Session, actor: Actor, issue_id: int) -> LabelIssue:
    """An issue of stamps, for somebody who may print them. Raises NotFound."""
    wanted = select(LabelIssue).where(LabelIssue.id == issue_id, LabelIssue.ordinal.is_not(None))
    issue = session.scalar(wanted.with_for_update())
    if issue is None:
        raise NotFound
    require(actor, Permission.LABELS_MAKE, issue.business_id)
    return issue


def _add(
    session: Session,
    actor: Actor,
    issue: LabelIssue,
    kind: RangeKind,
    first: int,
    last: int,
    *,
    reason: str = "",
    batch: Batch | None = None,
) -> StampRange:
    if not 0 <= first <= last < issue.count:
        raise NotOfThisIssue(field="first" if not 0 <= first < issue.count else "last", count=issue.count)
    facts = {"reason": reason, "by": actor.user_id, "by_name": actor.name, "at": now()}
    batch_id = batch.id if batch else None
    made = session.scalar(add_range(issue.id, kind, first, last, batch_id=batch_id, **facts))
    if made is None:
        there = session.scalars(overlapping(issue.id, kind, first, last).limit(1)).one()
        raise _TAKEN[kind](
            field="first",
            first=there.first + 1,
            last=there.last + 1,
            by=there.by_name,
            at=format_moment(there.at),
            lot=there.batch.lot if there.batch else "",
        )
    changes = {"first": first + 1, "last": last + 1, "reason": reason, "lot": batch.lot if batch else ""}
    audit.record(session, actor, f"stamps:{_VERBS[kind]}", issue, changes=changes)
    return session.get_one(StampRange, made)
