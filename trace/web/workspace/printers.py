"""Printers that are saved by name: their paper, how far they miss, and what fits on their labels."""

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField

from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import printers as verbs
from ...services.label_runs import way_of
from ...services.labels import LabelFile
from ...services.printers import calibration_of
from ...storage.businesses import Business
from ...storage.printers import SavedPrinter, printers_of
from .. import filters
from ..fields import Required, VersionedForm
from .blueprint import Answer, bp
from .label_forms import DESIGNS
from .paper_forms import PaperForm, summary


class PrinterForm(PaperForm, VersionedForm):
    name = StringField(_l("Tên máy in"), [Required()])

    def save(self, business_id: int, printer: SavedPrinter | None) -> SavedPrinter:
        facts = self.name.data or "", self.typed()
        if printer is None:
            return verbs.save(db.session, current_actor(), business_id, *facts, public_url=public_url())
        return verbs.change(db.session, current_actor(), printer.id, *facts, public_url=public_url(), version=self.seen)


@bp.get("/<int:business_id>/printers")
@requires(Permission.LABELS_MAKE)
def printers(business_id: int) -> str:
    saved = db.session.scalars(printers_of(business_id)).all()
    listed = [(each, summary(way_of(each.format, each.paper))) for each in saved]
    return render_template("workspace/printers/list.html", printers=listed)


@bp.route("/<int:business_id>/printers/new", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def new_printer(business_id: int) -> Answer:
    """Also with the paper that was just typed in to print labels, which comes here by the button beside it."""
    return _edit(PrinterForm(), business_id, None)


@bp.route("/<int:business_id>/printers/<int:printer_id>", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def printer(business_id: int, printer_id: int) -> Answer:
    kept = owned(SavedPrinter, printer_id, business_id)
    form = PrinterForm(obj=kept)
    if not form.is_submitted():
        form.show(way_of(kept.format, kept.paper))
    return _edit(form, business_id, kept)


@bp.post("/<int:business_id>/printers/<int:printer_id>/removal")
@requires(Permission.LABELS_MAKE)
def remove_printer(business_id: int, printer_id: int) -> Response:
    kept = owned(SavedPrinter, printer_id, business_id)
    name = kept.name
    verbs.remove(db.session, current_actor(), printer_id)
    flash(_("Đã bỏ máy in %(name)s. Tem đã phát hành vẫn giữ nguyên.", name=name), "success")
    return redirect(url_for("workspace.printers", business_id=business_id), 303)


@bp.get("/<int:business_id>/printers/<int:printer_id>/calibration")
@requires(Permission.LABELS_MAKE)
def printer_calibration(business_id: int, printer_id: int) -> Response:
    kept = owned(SavedPrinter, printer_id, business_id)
    return _download(calibration_of(way_of(kept.format, kept.paper)))


def _edit(form: PrinterForm, business_id: int, kept: SavedPrinter | None) -> Answer:
    want = request.form.get("want", "save")
    if form.is_submitted() and form.is_seen and form.validate():
        if want == "calibration" and (file := form.attempt(lambda: calibration_of(form.typed()))):
            return _download(file)
        if want == "save" and (saved := form.attempt(form.save, business_id, kept)):
            flash(_("Đã lưu máy in %(name)s.", name=saved.name), "success")
            return redirect(_after(business_id, saved), 303)
    business = db.session.get_one(Business, business_id)
    way = form.look(form.typed)
    trials = way and form.look(lambda: verbs.trials(business, way, public_url=public_url()))
    page = render_template(
        "workspace/printers/form.html", form=form, printer=kept, way=way, trials=trials, designs=DESIGNS
    )
    return page, 422 if form.errors else 200


def _after(business_id: int, saved: SavedPrinter) -> str:
    """Back to the labels that were about to be printed."""
    if batch_id := filters.identifier("batch"):
        page = "workspace.new_stamps" if "stamps" in request.args else "workspace.labels"
        return url_for(page, business_id=business_id, batch_id=batch_id, printer=saved.name)
    if "stamps" in request.args:
        return url_for("workspace.new_stamp_roll", business_id=business_id, printer=saved.name)
    return url_for("workspace.printers", business_id=business_id)


def _download(file: LabelFile) -> Response:
    return send_file(BytesIO(file.data), file.media_type, as_attachment=True, download_name=file.name, max_age=0)
