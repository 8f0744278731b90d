"""Six-month and annual reports of plans: drafted, read, frozen, and taken away as files."""

from collections.abc import Callable
from dataclasses import fields

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.permissions import Permission
from ...domain.reports import ReportTexts
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...request.settings import public_url
from ...services import plan_results
from ...services import reports as verbs
from ...services.report_files import FORMATS, report_file
from ...services.report_pages import pages, subject
from ...services.report_snapshots import content_of
from ...storage.pages import newest_first
from ...storage.plans import Plan
from ...storage.reports import Report, reports_where
from .. import filters
from ..fields import DayField, Required, VersionedForm
from .blueprint import bp

Answer = Response | tuple[str, int]
NAMES = [each.name for each in fields(ReportTexts)]


class ReportForm(VersionedForm):
    parent_agency = StringField(_l("Cơ quan chủ quản trực tiếp"), [Required()])
    agency = StringField(_l("Cơ quan báo cáo"), [Required()])
    symbol = StringField(_l("Số, ký hiệu"))
    place = StringField(_l("Địa danh"), [Required()])
    dated_on = DayField(_l("Ngày ký"))
    addressee = StringField(_l("Kính gửi"))
    basis = TextAreaField(_l("Căn cứ"))
    inspections = TextAreaField(_l("Kiểm tra, giám sát"))
    difficulties = TextAreaField(_l("Khó khăn, vướng mắc"))
    proposals = TextAreaField(_l("Đề xuất, kiến nghị"))
    recipients = TextAreaField(_l("Nơi nhận"))
    signer_title = StringField(_l("Chức vụ người ký"), [Required()])
    signer_name = StringField(_l("Họ tên người ký"))

    def show(self, report: Report) -> "ReportForm":
        for name in NAMES:
            self[name].data = getattr(report, name)
        self.version.data = str(report.version)
        return self

    def begin(self, plan: Plan) -> None:
        """What most reports of the department say."""
        self.parent_agency.data, self.agency.data = "UBND thành phố Hà Nội", "Sở Nông nghiệp và Môi trường"
        self.place.data, self.addressee.data, self.signer_title.data = "Hà Nội", plan.issuer, "Giám đốc"
        self.basis.data = f"Căn cứ Kế hoạch số {plan.number} của {plan.issuer};"
        self.recipients.data = "Như trên;\nLưu: VT."

    def texts(self) -> ReportTexts:
        written = {name: self[name].data or "" for name in NAMES if name != "dated_on"}
        return ReportTexts(**written, dated_on=self.dated_on.data)


@bp.get("/reports")
@requires(Permission.PLANS_READ)
def plan_reports() -> str:
    page = newest_first(db.session, reports_where(), Report.id, after=filters.identifier("after"))
    return render_template("authority/reports/list.html", page=page)


@bp.route("/plans/<int:plan_id>/reports/new", methods=["GET", "POST"])
@requires(Permission.REPORTS_WRITE)
def new_plan_report(plan_id: int) -> Answer:
    """``?period=`` is what it reports on."""
    plan = existing(Plan, plan_id)
    period = plan_results.period_asked(plan, filters.text("period"))
    form = ReportForm()
    if not form.is_submitted():
        form.begin(plan)
    elif form.validate():
        made = form.attempt(lambda: verbs.draft(db.session, current_actor(), plan_id, period, form.texts()))
        if made:
            flash(_("Đã lưu bản nháp."), "success")
            return redirect(url_for("authority.plan_report", report_id=made.id), 303)
    page = render_template("authority/reports/form.html", form=form, plan=plan, period=period, report=None)
    return page, 422 if form.errors else 200


@bp.get("/reports/<int:report_id>")
@requires(Permission.PLANS_READ)
def plan_report(report_id: int) -> str:
    return _show(existing(Report, report_id))


@bp.route("/reports/<int:report_id>/edit", methods=["GET", "POST"])
@requires(Permission.REPORTS_WRITE)
def edit_plan_report(report_id: int) -> Answer:
    report = existing(Report, report_id)
    form = ReportForm()
    if not form.is_submitted():
        form.show(report)
    elif form.validate() and form.attempt(
        lambda: verbs.update(db.session, current_actor(), report_id, form.texts(), version=form.seen)
    ):
        flash(_("Đã lưu bản nháp."), "success")
        return redirect(url_for("authority.plan_report", report_id=report_id), 303)
    page = render_template(
        "authority/reports/form.html", form=form, plan=report.plan, period=report.span, report=report
    )
    return page, 422 if form.errors else 200


@bp.post("/reports/<int:report_id>/freeze")
@requires(Permission.REPORTS_WRITE)
def freeze_plan_report(report_id: int) -> Answer:
    form = VersionedForm()
    return _do(
        report_id,
        form,
        lambda: verbs.freeze(db.session, current_actor(), report_id, public_url=public_url(), version=form.seen),
        _("Đã chốt. Từ nay số liệu và lời văn của báo cáo không đổi."),
        url_for("authority.plan_report", report_id=report_id),
    )


@bp.post("/reports/<int:report_id>/delete")
@requires(Permission.REPORTS_WRITE)
def delete_plan_report(report_id: int) -> Answer:
    form = VersionedForm()

    def delete() -> bool:
        verbs.delete(db.session, current_actor(), report_id, version=form.seen)
        return True

    return _do(
        report_id,
        form,
        delete,
        _("Đã xóa bản nháp."),
        url_for("authority.plan_reports"),
    )


@bp.get("/reports/<int:report_id>/report.<any(docx, pdf, xlsx):extension>")
@requires(Permission.PLANS_READ)
def plan_report_file(report_id: int, extension: str) -> Response:
    report = existing(Report, report_id)
    content = content_of(db.session, current_actor(), report, public_url=public_url())
    return Response(
        report_file(content, extension),
        content_type=FORMATS[extension],
        headers={"Content-Disposition": f'attachment; filename="report-{report.id}-{report.period}.{extension}"'},
    )


def _do(report_id: int, form: VersionedForm, verb: Callable[[], object], sentence: str, onwards: str) -> Answer:
    report = existing(Report, report_id)
    if form.validate() and form.attempt(verb) is not None:
        flash(sentence, "success")
        return redirect(onwards, 303)
    return _show(report, form), 422


def _show(report: Report, form: VersionedForm | None = None) -> str:
    content = content_of(db.session, current_actor(), report, public_url=public_url())
    answering = form or VersionedForm(formdata=None)
    answering.version.data = str(report.version)
    return render_template(
        "authority/reports/show.html",
        report=report,
        subject=subject(content),
        blocks=[(type(block).__name__.lower(), block) for block in pages(content)],
        form=answering,
    )
