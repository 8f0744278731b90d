"""Files of stamps: written by a job, looked at as the printer will print them, kept for some days and made again on demand."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import Session

from ..domain.errors import N_, NotFound, TraceError
from ..domain.label_files import KEPT_DAYS, FileNotReady, FileState
from ..domain.labels import LabelLeadsNowhere
from ..domain.permissions import Actor, Permission, require
from ..domain.stamps import NotOfThisIssue, StampKeys
from ..labels.runs import LabelRun
from ..settings import Settings
from ..storage.database import insert_into
from ..storage.labels import LabelFile, LabelIssue
from . import audit
from .clock import now
from .label_runs import run_of, way_of
from .stamp_ranges import locate

log = structlog.get_logger()

NO_ROOM = N_("Máy chủ không ghi được tệp. Hãy thử lại, hoặc báo người quản trị.")
SECONDS_BETWEEN_NOTES = 1.0
STUCK = timedelta(hours=2)
"""Who made it was stopped: a million labels take minutes."""


def ask_for(session: Session, actor: Actor, issue_id: int) -> None:
    """Say that the file is wanted; ``write`` makes it. One that is being made or is there stays."""
    issue = session.get(LabelIssue, issue_id)
    if issue is None or issue.ordinal is None:
        raise NotFound
    require(actor, Permission.LABELS_MAKE, issue.business_id)
    fresh = {"state": FileState.WAITING, "done": 0, "started_at": None, "finished_at": None, "error": {}}
    statement = insert_into(session, LabelFile).values(issue_id=issue_id, **fresh)
    ended = or_(LabelFile.state == FileState.FAILED, LabelFile.started_at < now() - STUCK)
    session.execute(statement.on_conflict_do_update(index_elements=["issue_id"], set_=fresh, where=ended))
    audit.record(session, actor, "labels:file", issue)
    session.commit()


def ready_file(session: Session, actor: Actor, issue_id: int, folder: Path) -> tuple[LabelIssue, Path]:
    """To be downloaded. Raises FileNotReady."""
    issue = session.get_one(LabelIssue, issue_id)
    require(actor, Permission.LABELS_MAKE, issue.business_id)
    made, path = session.get(LabelFile, issue_id), _path(folder, issue)
    if made is None or made.state is not FileState.READY or not path.exists():
        raise FileNotReady
    return issue, path


def write(engine: Engine, settings: Settings, issue_id: int) -> None:
    """Within a job. A file that cannot be made, or whose labels would not scan, leaves its reason and nothing else."""
    with Session(engine) as session:
        if not _begin(session, issue_id):
            return
        issue = session.get_one(LabelIssue, issue_id)
        try:
            make(session, settings, issue, _path(settings.labels_path, issue), partial(_noting, engine, issue_id))
        except TraceError as error:
            session.rollback()
            values = {name: str(value) for name, value in error.values.items()}
            _note(session, issue_id, state=FileState.FAILED, error={"message": error.message, "values": values})
        except OSError as error:
            log.error("label file not written", issue=issue_id, reason=str(error))
            _note(session, issue_id, state=FileState.FAILED, error={"message": NO_ROOM, "values": {}})
        else:
            _note(session, issue_id, state=FileState.READY, done=issue.count, finished_at=now())


def make(
    session: Session,
    settings: Settings,
    issue: LabelIssue,
    path: Path,
    watched: Callable[[LabelRun], LabelRun] = lambda run: run,
) -> None:
    """At once. What is there then was looked at and leads to its stamps; it is not there after StampKeyMissing,
    LabelDoesNotScan, LabelLeadsNowhere, or InvalidInput for what cannot be printed so."""
    keys = StampKeys(settings.stamp_keys)
    run, way = run_of(session, keys, issue, settings.public_url), way_of(issue.format, issue.geometry)
    session.commit()  # what follows may take minutes
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as file:
            file.writelines(way.parts(watched(run)))
        _follow(session, keys, issue, way.check(run, draft))
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def forget_old(session: Session, folder: Path) -> None:
    old = LabelFile.finished_at < now() - timedelta(days=KEPT_DAYS)
    for issue in session.scalars(select(LabelIssue).join(LabelFile).where(old)):
        _path(folder, issue).unlink(missing_ok=True)
    session.execute(delete(LabelFile).where(old))
    session.commit()


def seconds_left(made: LabelFile, count: int) -> float | None:
    """None where nothing can be said yet."""
    if not (made.done and made.started_at):
        return None
    return (now() - made.started_at).total_seconds() / made.done * (count - made.done)


def _begin(session: Session, issue_id: int) -> bool:
    """False where it is not wanted any more, or somebody else makes it."""
    mine = (
        update(LabelFile)
        .where(LabelFile.issue_id == issue_id, LabelFile.state == FileState.WAITING)
        .values(state=FileState.WORKING, started_at=now())
        .returning(LabelFile.issue_id)
    )
    begun = session.execute(mine).first() is not None
    session.commit()
    return begun


def _follow(session: Session, keys: StampKeys, issue: LabelIssue, links: Mapping[int, str]) -> None:
    """Whether each link that was read from a label, by its number, leads to that stamp. Raises LabelLeadsNowhere."""
    for number, link in links.items():
        try:
            found = locate(session, keys, issue, link)
        except NotOfThisIssue as error:
            raise LabelLeadsNowhere from error
        if found != number:
            raise LabelLeadsNowhere
    session.rollback()


def _noting(engine: Engine, issue_id: int, run: LabelRun) -> LabelRun:
    """The same run, which writes down about once a second how far it was read."""
    noted = monotonic()

    def links(start: int, stop: int) -> Any:
        nonlocal noted
        if stop - start > 1 and monotonic() - noted > SECONDS_BETWEEN_NOTES:
            noted = monotonic()
            with Session(engine) as session:
                _note(session, issue_id, done=start)
        return run.links(start, stop)

    return LabelRun(run.label, run.count, links, run.serials, run.design)


def _note(session: Session, issue_id: int, **values: Any) -> None:
    session.execute(update(LabelFile).where(LabelFile.issue_id == issue_id).values(**values))
    session.commit()


def _path(folder: Path, issue: LabelIssue) -> Path:
    return folder / f"{issue.id}.{issue.format}"
