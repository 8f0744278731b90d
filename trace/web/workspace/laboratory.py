"""A laboratory's report on a batch, photographed and typed off."""

from typing import Any, Self

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, StringField, TextAreaField

from ...domain.laboratory import LaboratoryFacts, parse_findings
from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.files import file_store
from ...request.settings import public_url
from ...services import laboratory as verbs
from ...services.files import Proof
from ...services.recording import reachable
from ...storage.batches import Batch
from ...storage.laboratory import LaboratoryTest
from ...storage.sites import sites_of
from ..fields import Required, identifier, upload
from ..forms import Form
from .batch_forms import MomentField, moment_in
from .blueprint import Answer, bp


class LaboratoryForm(Form):
    paper = FileField(_l("Phiếu kết quả kiểm nghiệm"), [Required()])
    camera = FileField(_l("Chụp ảnh ngay"))
    passed = RadioField(
        _l("Kết luận trên phiếu"),
        [Required()],
        choices=[("yes", _l("Đạt")), ("no", _l("Không đạt"))],
        validate_choice=False,
    )
    laboratory = StringField(_l("Phòng kiểm nghiệm"), [Required()])
    report = StringField(_l("Số phiếu"), [Required()])
    sampled_at = MomentField(_l("Lúc lấy mẫu"), [Required()])
    site_id = SelectField(_l("Nơi lấy mẫu"), [Required()], coerce=identifier, validate_choice=False)
    sample = StringField(_l("Mã mẫu"))
    findings = TextAreaField(_l("Các chỉ tiêu"))

    def offer(self, business_id: int, batch: Batch) -> Self:
        self.site_id.choices = [(site.id, site.name) for site in db.session.scalars(sites_of(business_id, active=True))]
        if not self.is_submitted() and batch.business_id == business_id:
            self.site_id.data = batch.site_id
        return self

    def submit(self, business_id: int, batch: Batch) -> LaboratoryTest:
        facts: dict[str, Any] = {name: self[name].data or "" for name in ("laboratory", "report", "sample")}
        paper = upload(self.paper) or upload(self.camera)
        return verbs.submit(
            db.session,
            current_actor(),
            business_id,
            batch.id,
            LaboratoryFacts(
                **facts,
                sampled_at=moment_in(self.sampled_at),
                site_id=self.site_id.data or 0,
                passed={"yes": True, "no": False}.get(self.passed.data or ""),
                findings=parse_findings(self.findings.data or ""),
            ),
            paper=Proof(data=paper, store=file_store()) if paper else None,
            public_url=public_url(),
        )


@bp.route("/<int:business_id>/batches/<int:batch_id>/laboratory", methods=["GET", "POST"])
@requires(Permission.BATCHES_WRITE)
def submit_report(business_id: int, batch_id: int) -> Answer:
    """Also of a draft, which a good result may let go."""
    batch = reachable(db.session, business_id, batch_id)
    form = LaboratoryForm().offer(business_id, batch)
    if form.validate_on_submit() and (test := form.attempt(form.submit, business_id, batch)):
        if test.passed:
            flash(_("Đã gửi phiếu kiểm nghiệm. Cán bộ sẽ so phiếu với điều đã khai."), "success")
        else:
            flash(_("Đã gửi phiếu. Kết quả không đạt nên lô được giữ lại cho đến khi cán bộ kết luận."), "error")
        return redirect(url_for("workspace.steps", business_id=business_id, batch_id=batch_id), 303)
    page = render_template("workspace/steps/laboratory.html", form=form, batch=batch)
    return page, 422 if form.errors else 200
