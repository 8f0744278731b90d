"""Places of a business."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField

from ...domain.permissions import Permission
from ...domain.sites import SiteKind
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...services import sites as verbs
from ...services.sites import SiteFacts
from ...storage.businesses import Business
from ...storage.sites import Site, sites_of
from ..addresses import AddressForm, commune_of, tell_conversion
from ..fields import DegreesField, KindRadioField, Required, WholeNumberField
from .blueprint import Answer, bp, use_or_stop


class SiteForm(AddressForm):
    kind = KindRadioField(_l("Loại địa điểm"), SiteKind, validators=[Required()])
    name = StringField(_l("Tên địa điểm"), [Required()])
    code = StringField(_l("Mã ngắn"))
    growing_area_code = StringField(_l("Mã số vùng trồng, cơ sở nuôi"))
    area_m2 = WholeNumberField(_l("Diện tích"))
    gln = StringField(_l("Mã địa điểm GLN của GS1"))
    latitude = DegreesField(_l("Vĩ độ"))
    longitude = DegreesField(_l("Kinh độ"))

    def save(self, business_id: int, site: Site | None) -> Site:
        address = self.address()
        facts = SiteFacts(
            kind=self.kind.data,
            name=self.name.data or "",
            commune_code=address.commune.code,
            code=self.code.data or "",
            growing_area_code=self.growing_area_code.data or "",
            area_m2=self.area_m2.data,
            gln=self.gln.data or "",
            latitude=self.latitude.data,
            longitude=self.longitude.data,
        )
        if site is None:
            saved = verbs.register(db.session, current_actor(), business_id, facts)
        else:
            saved = verbs.update(db.session, current_actor(), site.id, facts, version=self.seen)
        tell_conversion(address)
        return saved


@bp.get("/<int:business_id>/sites")
@requires(Permission.BUSINESS_READ)
def sites(business_id: int) -> str:
    return render_template("workspace/sites/list.html", sites=db.session.scalars(sites_of(business_id)).all())


@bp.route("/<int:business_id>/sites/new", methods=["GET", "POST"])
@requires(Permission.SITES_WRITE)
def new_site(business_id: int) -> Answer:
    business = db.session.get_one(Business, business_id)
    return _edit(SiteForm(**commune_of(business.commune_code)), business_id, None)


@bp.route("/<int:business_id>/sites/<int:site_id>", methods=["GET", "POST"])
@requires(Permission.SITES_WRITE)
def site(business_id: int, site_id: int) -> Answer:
    kept = owned(Site, site_id, business_id)
    return _edit(SiteForm(obj=kept, **commune_of(kept.commune_code)), business_id, kept)


@bp.post("/<int:business_id>/sites/<int:site_id>/active")
@requires(Permission.SITES_WRITE)
def set_site_active(business_id: int, site_id: int) -> Response:
    return use_or_stop(
        verbs.set_active,
        owned(Site, site_id, business_id),
        used=_("Đã dùng lại địa điểm."),
        stopped=_("Đã ngừng dùng địa điểm. Có thể dùng lại bất cứ lúc nào."),
        back="workspace.sites",
    )


def _edit(form: SiteForm, business_id: int, kept: Site | None) -> Answer:
    if form.validate_on_submit() and form.attempt(form.save, business_id, kept):
        flash(_("Đã lưu địa điểm."), "success")
        return redirect(url_for("workspace.sites", business_id=business_id), 303)
    return render_template("workspace/sites/form.html", form=form, site=kept), 422 if form.errors else 200
