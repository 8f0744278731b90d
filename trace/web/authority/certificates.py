"""Certificates to verify: an officer looks at the paper and says whether it shows what the business typed."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.certificates import CertificateStatus, standing
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_office
from ...request.database import db
from ...services import certificates as verbs
from ...services.audit import note_looks
from ...services.clock import today
from ...storage.certificates import Certificate
from ...storage.pages import newest_first, oldest_first
from ...storage.register import certificates_where
from .. import filters
from ..fields import Required, VersionedForm
from .blueprint import bp


class CheckForm(VersionedForm):
    verdict = StringField()
    reason = TextAreaField(_l("Lý do không chấp nhận"), [Required()])


@bp.get("/certificates")
@requires(Permission.REGISTER_READ)
def certificates() -> str:
    """Those that wait, oldest first; or all of another status, newest first."""
    status = filters.choice(CertificateStatus, "status") or CertificateStatus.SUBMITTED
    order = oldest_first if status is CertificateStatus.SUBMITTED else newest_first
    asked = within_office(certificates_where(status=status), Certificate.business_id)
    page = order(db.session, asked, Certificate.id, after=filters.identifier("after"))
    return render_template(
        "authority/certificates/list.html", page=page, status=status, statuses=CertificateStatus, today=today()
    )


@bp.get("/certificates/<int:certificate_id>")
@requires(Permission.REGISTER_READ)
def certificate(certificate_id: int) -> str:
    found = existing(Certificate, certificate_id)
    note_looks(db.session, current_actor(), "certificates", [found.business_id])
    return _page(found, CheckForm())


@bp.post("/certificates/<int:certificate_id>")
@requires(Permission.CERTIFICATES_VERIFY)
def check_certificate(certificate_id: int) -> Response | tuple[str, int]:
    form = CheckForm()
    if form.validate_on_submit() and form.attempt(_check, form, certificate_id):
        verified = form.verdict.data == "verify"
        flash(_("Đã xác nhận giấy.") if verified else _("Đã báo cơ sở rằng giấy không được chấp nhận."), "success")
        return redirect(url_for("authority.certificates"), 303)
    return _page(existing(Certificate, certificate_id), form), 422


def _check(form: CheckForm, certificate_id: int) -> Certificate:
    if form.verdict.data == "verify":
        return verbs.verify(db.session, current_actor(), certificate_id, version=form.seen)
    return verbs.refuse(db.session, current_actor(), certificate_id, form.reason.data or "", version=form.seen)


def _page(certificate: Certificate, form: CheckForm) -> str:
    form.version.data = certificate.version
    return render_template(
        "authority/certificates/show.html",
        certificate=certificate,
        form=form,
        standing=standing(certificate, today()),
        today=today(),
    )
