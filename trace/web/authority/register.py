"""The official list: bringing in a new one, looking at what it would change, and matching it by hand."""

from flask import Response as FileResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField

from ...domain.errors import TraceError
from ...domain.permissions import Permission
from ...domain.register_lists import ListHasErrors, RowError
from ...request.access import current_actor, existing, requires, within_commune
from ...request.database import db
from ...request.language import select_language
from ...services import coverage as verbs
from ...services.clock import today
from ...services.export_tables import MatchWord
from ...services.list_template import list_template
from ...storage.businesses import Business
from ...storage.coverage import Match, RegisterEntry, RegisterList, all_lists, current_list, entries_of, match_counts
from ...storage.pages import newest_first, oldest_first
from ...storage.register import businesses_where
from .. import filters
from ..fields import DayField, Required, upload
from ..forms import Form
from .blueprint import bp

ERRORS_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(Form):
    file = FileField(_l("Tệp danh sách"), [Required()])
    as_of = DayField(_l("Danh sách tính đến ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])

    faults: "tuple[RowError, ...]" = ()

    def refuse(self, error: TraceError) -> None:
        if isinstance(error, ListHasErrors):
            self.faults = tuple(error.rows)
        super().refuse(error)


class MatchForm(Form):
    business_id = StringField()


@bp.get("/register")
@requires(Permission.REGISTER_READ)
def register() -> str:
    listed = db.session.scalars(current_list()).first()
    return render_template(
        "authority/register/lists.html",
        listed=listed,
        counts=_counts(listed) if listed else {},
        lists=db.session.scalars(all_lists().limit(30)).all(),
    )


@bp.route("/register/import", methods=["GET", "POST"])
@requires(Permission.REGISTER_IMPORT)
def import_register() -> Response | tuple[str, int]:
    form = ImportForm()
    if form.validate_on_submit() and (imported := form.attempt(_import, form)):
        return redirect(url_for("authority.register_list", list_id=imported.id), 303)
    page = render_template("authority/register/import.html", form=form, shown=ERRORS_SHOWN)
    return page, 422 if form.errors else 200


def _import(form: ImportForm) -> RegisterList:
    data = upload(form.file)
    imported, ignored = verbs.import_list(
        db.session,
        current_actor(),
        data=data or b"",
        file_name=form.file.data.filename if data else "",
        as_of=form.as_of.data,
        source=form.source.data or "",
    )
    if ignored:
        flash(_("Các cột không dùng đến: %(columns)s.", columns=", ".join(ignored[:20])), "info")
    return imported


@bp.get("/register/template.xlsx")
@requires(Permission.REGISTER_READ)
def register_template() -> FileResponse:
    headers = {"Content-Disposition": 'attachment; filename="danh-sach-mau.xlsx"'}
    return FileResponse(list_template(select_language()), mimetype=XLSX, headers=headers)


@bp.get("/register/<int:list_id>")
@requires(Permission.REGISTER_READ)
def register_list(list_id: int) -> str:
    """One list with its matches; a draft asks to be confirmed or thrown away."""
    listed = existing(RegisterList, list_id)
    match = filters.match()
    question = entries_of(list_id, match=match, search=filters.text("q"))
    page = oldest_first(
        db.session,
        within_commune(question, RegisterEntry.commune_code),
        RegisterEntry.id,
        after=filters.identifier("after"),
    )
    return render_template(
        "authority/register/list.html", listed=listed, counts=_counts(listed), match=match, words=MatchWord, page=page
    )


@bp.post("/register/<int:list_id>/confirm")
@requires(Permission.REGISTER_IMPORT)
def confirm_register(list_id: int) -> Response:
    verbs.confirm_list(db.session, current_actor(), list_id)
    flash(_("Danh sách đã có hiệu lực. Kết quả truy xuất tính theo danh sách mới nhất."), "success")
    return redirect(url_for("authority.register"), 303)


@bp.post("/register/<int:list_id>/discard")
@requires(Permission.REGISTER_IMPORT)
def discard_register(list_id: int) -> Response:
    verbs.discard_list(db.session, current_actor(), list_id)
    flash(_("Đã bỏ bản nháp."), "success")
    return redirect(url_for("authority.register"), 303)


@bp.get("/register/entries/<int:entry_id>")
@requires(Permission.REGISTER_IMPORT)
def register_entry(entry_id: int) -> str:
    return _entry_page(existing(RegisterEntry, entry_id), MatchForm())


@bp.post("/register/entries/<int:entry_id>/<any(confirm, refuse):answer>")
@requires(Permission.REGISTER_IMPORT)
def match_register_entry(entry_id: int, answer: str) -> Response | tuple[str, int]:
    form = MatchForm()
    if form.validate_on_submit() and (entry := form.attempt(_match, form, entry_id, answer)):
        flash(
            _("Đã khớp “%(name)s”.", name=entry.name) if answer == "confirm" else _("Đã ghi: không phải cơ sở này."),
            "success",
        )
        return redirect(url_for("authority.register_list", list_id=entry.list_id, match="proposed"), 303)
    return _entry_page(existing(RegisterEntry, entry_id), form), 422


def _match(form: MatchForm, entry_id: int, answer: str) -> RegisterEntry:
    if answer == "refuse":
        return verbs.refuse_match(db.session, current_actor(), entry_id)
    typed = form.business_id.data or ""
    business_id = int(typed) if typed.isdecimal() and typed.isascii() and len(typed) < 16 else 0
    return verbs.confirm_match(db.session, current_actor(), entry_id, business_id)


def _entry_page(entry: RegisterEntry, form: MatchForm) -> str:
    """An entry beside the businesses that it may be: those found by search, else those of its commune."""
    search = filters.text("q")
    found: list[Business] = []
    if search or entry.commune_code:
        question = businesses_where(search=search, commune_code="" if search else entry.commune_code or "", on=today())
        found = list(newest_first(db.session, question, Business.id, size=20).items)
    return render_template(
        "authority/register/entry.html",
        entry=entry,
        form=form,
        listed=existing(RegisterList, entry.list_id),
        candidates=[each for each in found if each.id != entry.business_id],
    )


def _counts(listed: RegisterList) -> dict[Match, int]:
    return dict(db.session.execute(match_counts(listed.id)).all())
