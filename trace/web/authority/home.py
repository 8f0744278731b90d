"""The headline number, what it is made of, and what waits for the department."""

from flask import render_template

from ...domain.businesses import BusinessKind
from ...domain.coverage import STOPPED, Progress, StageName
from ...domain.coverage_definitions import SENTENCES
from ...domain.dates import InvalidDate
from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...request.access import current_actor, requires, within_commune
from ...request.database import db
from ...services import coverage, figures, work
from ...services.figures import NoSnapshot
from ...storage.pages import Page, oldest_first
from ...storage.standings import Standing, standings_of
from .. import filters
from .blueprint import bp
from .kept_days import kept_days, no_such_day


@bp.get("/")
@requires(Permission.COVERAGE_READ)
def home() -> str:
    actor = current_actor()
    headline = coverage.headline(db.session, actor)
    return render_template(
        "authority/home/headline.html",
        coverage=headline,
        sentences=SENTENCES[headline.definition.rule],
        lost={stage.value: sum(headline.progress.get(step, 0) for step in STOPPED[stage]) for stage in STOPPED},
        gaps=[step for step in Progress if step is not Progress.TRACEABLE and headline.progress.get(step)],
        queues=work.lengths(db.session, actor),
        proposals=headline.progress.get(Progress.UNCONFIRMED, 0),
    )


@bp.get("/progress")
@requires(Permission.COVERAGE_READ)
def home_progress() -> str | tuple[str, int]:
    """Which businesses of the list have come how far, and what each lacks; ``?day=``: as it was kept on that day."""
    try:
        day = filters.kept_day()
        listed, at = figures.listed_on(db.session, day)
    except (InvalidDate, NoSnapshot) as refused:
        return no_such_day(refused)
    asked = filters.of_standings(at)
    page: Page[Standing] = Page([], None)
    if listed:
        question = within_commune(standings_of(listed.id, asked), Standing.commune)
        page = oldest_first(db.session, question, Standing.entry_id, after=filters.identifier("after"))
    return render_template(
        "authority/home/progress.html",
        listed=listed,
        page=page,
        asked=asked,
        day=day,
        days=kept_days(),
        step=filters.choice(Progress, "progress"),
        stage=filters.choice(StageName, "stage"),
        steps=list(Progress),
        kinds=list(BusinessKind),
        commodities=list(Commodity),
    )
