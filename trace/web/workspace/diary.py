"""The diary, made for a field: one thumb, big buttons, and what can be known already is there."""

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from ...domain.diary import EntryKind, days_late
from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.files import file_store
from ...services import diary as verbs
from ...services.clock import today
from ...services.diary_flags import safe_from
from ...storage.diary import DiaryEntry, Season, history_of, seasons_of, standing_entries
from ...storage.diary_flags import flags_where
from ...storage.diary_measures import measures_on
from ...storage.pages import newest_first
from ..fields import upload
from .blueprint import bp
from .diary_forms import CorrectEntryForm, EntryForm, SeasonForm

Answer = Response | str | tuple[str, int] | tuple[Response, int]


@bp.get("/<int:business_id>/diary")
@requires(Permission.DIARY_READ)
def diary(business_id: int) -> str:
    closed = seasons_of(business_id, is_open=False)
    flagged = db.session.scalars(flags_where(business_id=business_id, is_open=True)).all()
    return render_template(
        "workspace/diary/seasons.html",
        open_seasons=db.session.scalars(seasons_of(business_id, is_open=True).order_by(Season.id.desc())).all(),
        closed=newest_first(db.session, closed, Season.id, after=request.args.get("after", type=int)),
        flagged={flag.season_id for flag in flagged},
    )


@bp.get("/<int:business_id>/diary/worker.js")
@requires(Permission.DIARY_READ)
def diary_worker(business_id: int) -> Response:
    """The service worker of this business's diary and of nothing else."""
    response = current_app.send_static_file("js/offline-worker.js")
    response.headers["Service-Worker-Allowed"] = url_for("workspace.diary", business_id=business_id)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/<int:business_id>/diary/new", methods=["GET", "POST"])
@requires(Permission.DIARY_WRITE)
def new_season(business_id: int) -> Answer:
    form = SeasonForm().offer(business_id)
    if form.validate_on_submit():
        opened = form.attempt(
            lambda: verbs.open_season(db.session, current_actor(), business_id, form.facts()),
        )
        if opened:
            return redirect(_page(opened), 303)
    if not form.is_submitted():
        form.started_on.data = today()
    return render_template("workspace/diary/season_form.html", form=form), 422 if form.errors else 200


@bp.get("/<int:business_id>/diary/<int:season_id>")
@requires(Permission.DIARY_READ)
def season(business_id: int, season_id: int) -> str:
    kept = owned(Season, season_id, business_id)
    entries = db.session.scalars(standing_entries(season_id)).all()
    measures = measures_on(today())
    takings = (False, True) if kept.of_living else (False,)
    waits = {of_living: safe_from(kept, entries, of_living=of_living) for of_living in takings}
    return render_template(
        "workspace/diary/season.html",
        season=kept,
        entries=entries,
        late={
            entry.id: days_late(
                entry.happened_on,
                recorded_at=entry.record_time,
                device_time=entry.device_time,
                measures=measures,
            )
            for entry in entries
            if entry.corrects_id is None
        },
        flags=db.session.scalars(flags_where(season_id=season_id)).all(),
        waits={of_living: day for of_living, day in waits.items() if day > today()},
    )


@bp.post("/<int:business_id>/diary/<int:season_id>/closed")
@requires(Permission.DIARY_WRITE)
def set_season_closed(business_id: int, season_id: int) -> Response:
    """``closed`` is ``yes`` or ``no``."""
    kept = owned(Season, season_id, business_id)
    verbs.set_closed(db.session, current_actor(), kept.id, closed=request.form.get("closed") == "yes")
    flash(_("Đã kết thúc mùa vụ.") if kept.closed_at else _("Đã mở lại mùa vụ."), "success")
    return redirect(_page(kept), 303)


@bp.route("/<int:business_id>/diary/<int:season_id>/<kind>", methods=["GET", "POST"])
@requires(Permission.DIARY_WRITE)
def new_entry(business_id: int, season_id: int, kind: str) -> Answer:
    """A phone that comes back from the field asks for JSON; see ``_told``."""
    kept = owned(Season, season_id, business_id)
    if kind not in kept.kinds:
        raise NotFound
    form = EntryForm().of(kept, EntryKind(kind))
    entry = form.attempt(_record, form) if form.validate_on_submit() else None
    if wants_json() and form.is_submitted():
        return _told(form, entry, 422)
    if entry:
        flash(_("Đã ghi: %(kind)s.", kind=_(entry.kind.label)), "success")
        return redirect(_page(kept), 303)
    if not form.is_submitted():
        form.offer(current_actor().name)
    return render_template("workspace/diary/entry_form.html", form=form, entry=None), 422 if form.errors else 200


@bp.route("/<int:business_id>/diary/entries/<int:diary_entry_id>", methods=["GET", "POST"])
@requires(Permission.DIARY_WRITE)
def correct_entry(business_id: int, diary_entry_id: int) -> Answer:
    """The original's address, whichever of its corrections stands."""
    original = owned(DiaryEntry, diary_entry_id, business_id)
    history = db.session.scalars(history_of(original.corrects_id or original.id)).all()
    form = CorrectEntryForm().of(original.season, original.kind)
    entry = form.attempt(_correct, form, history[0]) if form.validate_on_submit() else None
    conflict = form.is_submitted() and entry is None and form.seen_id != history[-1].id
    if wants_json() and form.is_submitted():
        return _told(form, entry, 409 if conflict else 422)
    if entry:
        flash(_("Đã đính chính. Ghi chép cũ vẫn được lưu."), "success")
        return redirect(_page(original.season), 303)
    if not form.is_submitted():
        form.show(history[-1])
    differences = form.differences(history[-1]) if conflict else []
    form.seen.data = history[-1].id  # both versions are shown now: what is sent next is a choice
    page = render_template(
        "workspace/diary/entry_form.html", form=form, entry=history[-1], history=history, differences=differences
    )
    return page, 422 if form.errors else 200


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(form: EntryForm, entry: DiaryEntry | None, refused: int) -> tuple[Response, int]:
    """``{"entry": id}``, or ``{"errors": [sentences]}``; with 409 where somebody else corrected the entry meanwhile."""
    if entry:
        return jsonify(entry=entry.id), 201
    return jsonify(errors=[sentence for errors in form.errors.values() for sentence in errors]), refused


def _record(form: EntryForm) -> DiaryEntry:
    return verbs.record(
        db.session,
        current_actor(),
        form.season.id,
        form.facts(),
        origin=form.origin,
        photo=upload(form.photo) or upload(form.camera),
        store=file_store(),
    )


def _correct(form: CorrectEntryForm, original: DiaryEntry) -> DiaryEntry:
    return verbs.correct(
        db.session,
        current_actor(),
        original.id,
        form.facts(),
        reason=form.reason.data or "",
        origin=form.origin,
        seen_id=form.seen_id,
    )


def _page(kept: Season) -> str:
    return url_for("workspace.season", business_id=kept.business_id, season_id=kept.id)
