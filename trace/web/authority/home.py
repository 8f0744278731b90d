"""The headline number, what it is made of, and what waits for the department."""

from flask import render_template

from ...domain.coverage import DEFINITIONS, Progress
from ...domain.permissions import Permission
from ...request.access import current_actor, requires, within_commune
from ...request.database import db
from ...services import coverage, work
from ...storage.coverage import RegisterEntry, current_list, entries_of
from ...storage.pages import Page, oldest_first
from .. import filters
from .blueprint import bp


@bp.get("/")
@requires(Permission.COVERAGE_READ)
def home() -> str:
    actor = current_actor()
    headline = coverage.headline(db.session, actor)
    return render_template(
        "authority/home/headline.html",
        coverage=headline,
        sentences=DEFINITIONS[headline.definition.version],
        gaps=[step for step in Progress if step is not Progress.TRACEABLE and headline.progress.get(step)],
        queues=work.lengths(db.session, actor),
        proposals=headline.progress.get(Progress.UNCONFIRMED, 0),
    )


@bp.get("/progress")
@requires(Permission.COVERAGE_READ)
def home_progress() -> str:
    """Which businesses of the list have come how far."""
    listed = db.session.scalars(current_list()).first()
    step = filters.choice(Progress, "progress") or Progress.NOT_ENROLLED
    page: Page[RegisterEntry] = Page([], None)
    if listed:
        question = entries_of(listed.id, progress=step, since=coverage.period_start(), search=filters.text("q"))
        question = within_commune(question, RegisterEntry.commune_code)
        page = oldest_first(db.session, question, RegisterEntry.id, after=filters.identifier("after"))
    return render_template("authority/home/progress.html", listed=listed, page=page, step=step, steps=list(Progress))
