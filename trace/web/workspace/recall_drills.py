"""A business rehearses a recall."""

from flask import redirect, render_template, url_for

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import recall_drills as verbs
from ...storage.pages import newest_first
from ...storage.recalls import RecallDrill, drills_of
from .. import filters
from ..recall_drills import DrillForm, workbook
from .blueprint import Answer, bp


@bp.get("/<int:business_id>/recalls/drills")
@requires(Permission.RECALLS_READ)
def recall_drills(business_id: int) -> str:
    return _page(business_id, DrillForm())


@bp.post("/<int:business_id>/recalls/drills")
@requires(Permission.RECALLS_WRITE)
def rehearse_recall(business_id: int) -> Answer:
    form = DrillForm()
    if form.validate():
        drill = form.attempt(_rehearse, form, business_id)
        if drill is not None:
            return redirect(url_for(".recall_drill", business_id=business_id, drill_id=drill.id), 303)
    return _page(business_id, form), 422


@bp.get("/<int:business_id>/recalls/drills/<int:drill_id>")
@requires(Permission.RECALLS_READ)
def recall_drill(business_id: int, drill_id: int) -> str:
    drill = verbs.of(db.session, drill_id, business_id)
    return render_template("workspace/recalls/drill.html", drill=drill, card=verbs.scorecard(drill))


@bp.get("/<int:business_id>/recalls/drills/<int:drill_id>.xlsx")
@requires(Permission.RECALLS_READ)
def recall_drill_workbook(business_id: int, drill_id: int) -> Answer:
    return workbook(verbs.of(db.session, drill_id, business_id))


def _rehearse(form: DrillForm, business_id: int) -> RecallDrill:
    return verbs.rehearse(db.session, current_actor(), business_id=business_id, code=form.code.data or "")


def _page(business_id: int, form: DrillForm) -> str:
    page = newest_first(db.session, drills_of(business_id), RecallDrill.id, after=filters.identifier("after"))
    return render_template("workspace/recalls/drills.html", page=page, form=form)
