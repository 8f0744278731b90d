"""Certificates as the business hands them in and sees them stand."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField

from ...domain.certificates import LAPSE_NOTICE_DAYS, CertificateScheme, CertificateStatus, lapses_within, standing
from ...domain.permissions import Permission
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.files import file_store
from ...services import certificates as verbs
from ...services.certificates import CertificateFacts
from ...services.clock import today
from ...storage.certificates import Certificate, certificates_of
from ...storage.products import products_of
from ...storage.sites import sites_of
from ..fields import CHOOSE, CheckboxesField, DayField, KindField, Required, VersionedForm, upload
from .blueprint import Answer, bp


class CertificateForm(VersionedForm):
    scheme = KindField(_l("Loại giấy"), CertificateScheme, empty=CHOOSE, validators=[Required()])
    number = StringField(_l("Số giấy"), [Required()])
    issuer = StringField(_l("Nơi cấp"), [Required()])
    valid_from = DayField(_l("Có hiệu lực từ ngày"), [Required()])
    valid_until = DayField(_l("Đến hết ngày"))
    site_ids = CheckboxesField(_l("Áp dụng cho địa điểm"))
    product_ids = CheckboxesField(_l("Áp dụng cho sản phẩm"))
    file = FileField(_l("Ảnh chụp hoặc tệp PDF"), [Required()])

    def save(self, business_id: int, certificate: Certificate | None) -> Certificate:
        facts = CertificateFacts(
            scheme=self.scheme.data,
            number=self.number.data or "",
            issuer=self.issuer.data or "",
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            site_ids=self.site_ids.data or (),
            product_ids=self.product_ids.data or (),
        )
        actor, file = current_actor(), upload(self.file)
        if certificate is None:
            return verbs.submit(db.session, actor, business_id, facts, file=file, store=file_store())
        return verbs.revise(db.session, actor, certificate.id, facts, file=file, store=file_store(), version=self.seen)


@bp.get("/<int:business_id>/certificates")
@requires(Permission.BUSINESS_READ)
def certificates(business_id: int) -> str:
    kept = db.session.scalars(certificates_of(business_id)).all()
    return render_template(
        "workspace/certificates/list.html",
        certificates=kept,
        today=today(),
        standing=standing,
        lapses_soon=partial(lapses_within, days=LAPSE_NOTICE_DAYS, on=today()),
    )


@bp.route("/<int:business_id>/certificates/new", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_WRITE)
def new_certificate(business_id: int) -> Answer:
    return _edit(_form(business_id), business_id, None)


@bp.route("/<int:business_id>/certificates/<int:certificate_id>", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_WRITE)
def certificate(business_id: int, certificate_id: int) -> Answer:
    """A verified certificate is shown; any other can be mended."""
    kept = owned(Certificate, certificate_id, business_id)
    if kept.status is CertificateStatus.VERIFIED and request.method == "GET":
        return render_template("workspace/certificates/show.html", certificate=kept, standing=standing(kept, today()))
    return _edit(_form(business_id, kept), business_id, kept)


def _form(business_id: int, kept: Certificate | None = None) -> CertificateForm:
    form = CertificateForm(obj=kept)
    form.site_ids.choices = [(site.id, site.name) for site in db.session.scalars(sites_of(business_id))]
    form.product_ids.choices = [(product.id, product.name) for product in db.session.scalars(products_of(business_id))]
    if kept:
        form.file.flags.required = False
        if request.method == "GET":
            form.site_ids.data = [site.id for site in kept.sites]
            form.product_ids.data = [product.id for product in kept.products]
    return form


def _edit(form: CertificateForm, business_id: int, kept: Certificate | None) -> Answer:
    if form.validate_on_submit() and form.attempt(form.save, business_id, kept):
        flash(_("Đã gửi giấy để cơ quan quản lý kiểm tra."), "success")
        return redirect(url_for("workspace.certificates", business_id=business_id), 303)
    page = render_template("workspace/certificates/form.html", form=form, certificate=kept)
    return page, 422 if form.errors else 200
