"""What the rules saw in diaries: an officer looks at the whole season and concludes."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...request.files import file_store
from ...services import diary_flags as verbs
from ...services.audit import record_look
from ...storage.batches import Batch
from ...storage.diary import standing_entries
from ...storage.diary_flags import DiaryFlag, flags_where, kept_back_by
from ...storage.pages import newest_first, oldest_first
from .. import filters
from ..fields import Required, VersionedForm, upload
from .blueprint import bp


class ClearForm(VersionedForm):
    reason = TextAreaField(_l("Kết luận"), [Required()])
    evidence = FileField(_l("Phiếu kiểm nghiệm"))


@bp.get("/diary")
@requires(Permission.DIARY_READ)
def diary_flags() -> str:
    """Open ones, oldest first; with ``?cleared=yes`` the others, newest first."""
    cleared = request.args.get("cleared") == "yes"
    order = newest_first if cleared else oldest_first
    asked = flags_where(business_id=filters.identifier("business"), is_open=not cleared)
    seen = within_office(asked, DiaryFlag.business_id)
    page = order(db.session, seen, DiaryFlag.id, after=filters.identifier("after"))
    return render_template("authority/diary/list.html", page=page, cleared=cleared)


@bp.get("/diary/<int:flag_id>")
@requires(Permission.DIARY_READ)
def diary_flag(flag_id: int) -> str:
    found = existing(DiaryFlag, flag_id)
    record_look(db.session, current_actor(), "diary:see_flag", found)
    return _page(found, ClearForm())


@bp.post("/diary/<int:flag_id>")
@requires(Permission.DIARY_CLEAR)
def clear_diary_flag(flag_id: int) -> Response | tuple[str, int]:
    form = ClearForm()
    if form.validate_on_submit() and form.attempt(
        verbs.clear,
        db.session,
        current_actor(),
        flag_id,
        reason=form.reason.data or "",
        version=form.seen,
        evidence=upload(form.evidence),
        store=file_store(),
    ):
        flash(_("Đã lưu kết luận. Cơ sở đã được báo."), "success")
        return redirect(url_for("authority.diary_flags"), 303)
    return _page(existing(DiaryFlag, flag_id), form), 422


def _page(flag: DiaryFlag, form: ClearForm) -> str:
    form.version.data = flag.version
    entries = db.session.scalars(standing_entries(flag.season_id)).all()
    batches = db.session.scalars(within_office(kept_back_by(flag.id), Batch.business_id)).all()
    return render_template("authority/diary/show.html", flag=flag, form=form, entries=entries, batches=batches)
