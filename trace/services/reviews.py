"""Batches that wait for an officer's conclusion: their harvest came too early, a laboratory's result is not good, or a
recall of them was ordered.

Why so, and what shoppers are told: docs/decisions/0009. Everything here happens in the transaction of a verb.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, update
from sqlalchemy.orm import Session

from ..domain.batches import BatchUnderReview
from ..storage.batches import Batch
from ..storage.diary_flags import (
    DiaryFlag,
    FlaggedBatch,
    batches_kept_back,
    batches_of_flag,
    flags_on_harvest,
    holders_of,
    is_of_harvest,
    unlinked,
)
from ..storage.laboratory import LaboratoryTest, batches_failed, batches_made_of
from . import notices
from .clock import now


def keep_harvest_back(session: Session, flag: DiaryFlag) -> None:
    """Link a new flag with the batches of its harvest and all that was made of them; published ones are under review."""
    _link(session, flag, is_of_harvest(flag))


def look_again(session: Session, batch: Batch) -> None:
    """After a batch was registered or changed: it may now be of a harvest that was flagged before."""
    session.flush()
    for flag in session.scalars(flags_on_harvest(batch)).all():
        _link(session, flag, Batch.id == batch.id)


def release(session: Session, flag: DiaryFlag) -> None:
    """After a flag was cleared: what no other open flag keeps back is under review no more."""
    session.flush()
    _free(session, Batch.id.in_(batches_of_flag(flag.id)))


def keep_failed_back(session: Session, test: LaboratoryTest) -> None:
    """A laboratory's result is not good: its batch, if it is shown, and all that was made of it are under review."""
    _put_under_review(session, Batch.id.in_(batches_made_of(test.batch_id)), "batches-failed")


def release_tested(session: Session, test: LaboratoryTest) -> None:
    """After an officer released a failed batch, or refused its report."""
    session.flush()
    _free(session, Batch.id.in_(batches_made_of(test.batch_id)))


def hold(session: Session, recall_id: int, which: ColumnElement[bool]) -> None:
    """A recall of these batches waits for a second person: nothing moves, and shoppers are told, until it is decided."""
    held = update(Batch).where(which, Batch.hold_id.is_(None), Batch.recall_id.is_(None)).values(hold_id=recall_id)
    _tell(session, _changed(session, held), "batches-held")


def lift_hold(session: Session, recall_id: int, *, told: bool = True) -> None:
    """It was decided; where the recall took effect, its own notice says so."""
    changed = _changed(session, update(Batch).where(Batch.hold_id == recall_id).values(hold_id=None))
    if told:
        _tell(session, changed, "batches-hold-lifted")


def check_free(batches: Iterable[Batch]) -> None:
    """Raises BatchUnderReview."""
    for batch in batches:
        if batch.under_review_since is not None or batch.hold_id is not None:
            raise BatchUnderReview(lot=batch.lot)


def _link(session: Session, flag: DiaryFlag, first: ColumnElement[bool]) -> None:
    session.execute(insert(FlaggedBatch).from_select(["flag_id", "batch_id"], unlinked(flag, first)))
    if changed := _put_under_review(session, Batch.id.in_(batches_of_flag(flag.id)), "batches-under-review"):
        lots = ", ".join(sorted(row.lot for row in changed))
        notices.tell_officers(
            session, "batches-under-review", {"lots": lots}, f"/authority/diary/{flag.id}", about=flag.business_id
        )


def _put_under_review(session: Session, which: ColumnElement[bool], notice: str) -> Sequence[Row[*tuple[Any, ...]]]:
    shown = (
        update(Batch)
        .where(which, Batch.public_code.is_not(None), Batch.under_review_since.is_(None))
        .values(under_review_since=now())
    )
    changed = _changed(session, shown)
    _tell(session, changed, notice)
    return changed


def _free(session: Session, which: ColumnElement[bool]) -> None:
    """Those of them that nothing else keeps back: no open flag, no failed test."""
    freed = (
        update(Batch)
        .where(
            which,
            Batch.under_review_since.is_not(None),
            Batch.id.not_in(batches_kept_back()),
            Batch.id.not_in(batches_failed()),
        )
        .values(under_review_since=None)
    )
    _tell(session, _changed(session, freed), "batches-released")


def _changed(session: Session, change: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    """Business, batch and lot of each row changed. No new version: no fact of a batch changed."""
    returned = change.returning(Batch.business_id, Batch.id, Batch.lot).execution_options(synchronize_session=False)
    rows: Sequence[Row[*tuple[Any, ...]]] = session.execute(returned).all()
    for row in rows:
        if (loaded := session.identity_map.get(session.identity_key(Batch, row.id))) is not None:
            session.expire(loaded, ["under_review_since", "hold_id"])
    return rows


def _tell(session: Session, rows: Sequence[Row[*tuple[Any, ...]]], kind: str) -> None:
    """Tell their makers, and whoever holds some of them now."""
    if not rows:
        return
    lots: dict[int, set[str]] = defaultdict(set)
    makers = {row.business_id for row in rows}
    for row in [*rows, *session.execute(holders_of([row.id for row in rows]))]:
        lots[row.business_id].add(row.lot)
    for business_id, its_lots in lots.items():
        link = f"/workspace/{business_id}/{'batches' if business_id in makers else 'stock'}"
        notices.tell_business(session, business_id, kind, {"lots": ", ".join(sorted(its_lots))}, link)
