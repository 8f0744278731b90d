"""What is shown where a day is asked for whose figures nobody kept."""

from flask import render_template, request
from flask_babel import gettext as _

from ...domain.errors import TraceError
from ...request.database import db
from ...storage.snapshots import Snapshot, snapshots_newest
from .. import filters

OFFERED = 60


def no_such_day(refused: TraceError) -> tuple[str, int]:
    """The sentence, what was typed, and the nearest kept day before it."""
    day = filters.day("day")
    nearest = snapshots_newest().where(Snapshot.day < day) if day else snapshots_newest()
    page = render_template(
        "authority/home/no_such_day.html",
        sentence=_(refused.message, **refused.values),
        nearest=db.session.scalars(nearest.limit(1)).first(),
        endpoint=request.endpoint,
        days=kept_days(),
    )
    return page, refused.status


def kept_days() -> list[Snapshot]:
    """The newest, to choose from; any other can be typed."""
    return list(db.session.scalars(snapshots_newest().limit(OFFERED)))
