"""The department rehearses a recall."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import recall_drills as verbs
from ...storage.pages import newest_first
from ...storage.recalls import RecallDrill, drills_of
from .. import filters
from ..recall_drills import DrillForm, workbook
from .blueprint import bp


@bp.get("/recalls/drills")
@requires(Permission.RECALLS_OVERSEE)
def recall_drills() -> str:
    return _page(DrillForm())


@bp.post("/recalls/drills")
@requires(Permission.RECALLS_ORDER)
def rehearse_recall() -> Response | tuple[str, int]:
    form = DrillForm()
    if form.validate():
        drill = form.attempt(_rehearse, form)
        if drill is not None:
            return redirect(url_for(".recall_drill", drill_id=drill.id), 303)
    return _page(form), 422


@bp.get("/recalls/drills/<int:drill_id>")
@requires(Permission.RECALLS_OVERSEE)
def recall_drill(drill_id: int) -> str:
    drill = verbs.of(db.session, drill_id, None)
    return render_template("authority/recalls/drill.html", drill=drill, card=verbs.scorecard(drill))


@bp.get("/recalls/drills/<int:drill_id>.xlsx")
@requires(Permission.RECALLS_OVERSEE)
def recall_drill_workbook(drill_id: int) -> Response:
    return workbook(verbs.of(db.session, drill_id, None))


def _rehearse(form: DrillForm) -> RecallDrill:
    return verbs.rehearse(db.session, current_actor(), business_id=None, code=form.code.data or "")


def _page(form: DrillForm) -> str:
    page = newest_first(db.session, drills_of(None), RecallDrill.id, after=filters.identifier("after"))
    return render_template("authority/recalls/drills.html", page=page, form=form)
