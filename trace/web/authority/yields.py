"""What a square metre gives of each crop: the department's figures, with date and source, in versions."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.errors import InvalidFields
from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...domain.quantities import Unit, format_amount, parse_amount
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...services import yields as verbs
from ...services.changes import Faults
from ...services.clock import today
from ...services.yields import YieldFacts
from ...storage.yields import CropYield, products_without_yield, sites_without_area, versions_of, yields_at
from ..fields import DayField, KindField, Required, VersionedForm, WholeNumberField
from .blueprint import bp


class YieldForm(VersionedForm):
    commodity = KindField(_l("Loại thực phẩm"), Commodity, validators=[Required()])
    crop = StringField(_l("Cây trồng"))
    low = StringField(_l("Thường thấp nhất"), [Required()])
    high = StringField(_l("Nhiều nhất có thể"), [Required()])
    cycles = WholeNumberField(_l("Số vụ nhiều nhất một năm"), [Required()])
    region = StringField(_l("Nơi đo"))
    valid_from = DayField(_l("Áp dụng cho thu hoạch từ ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    estimate = StringField(_l("Phần nào là ước tính, cần số liệu của ai"))
    reason = TextAreaField(_l("Lý do thay đổi"), [Required()])

    def show(self, row: CropYield) -> "YieldForm":
        self.low.data, self.high.data = _kilograms(row.low), _kilograms(row.high)
        self.cycles.data, self.region.data = row.cycles, row.region
        self.source.data, self.estimate.data = row.source, row.estimate
        return self

    def facts(self, row: CropYield | None) -> YieldFacts:
        """Raises InvalidFields for what cannot be read at all."""
        faults = Faults()
        low = faults.attempt(parse_amount, self.low.data or "", Unit.KGM, field="low")
        high = faults.attempt(parse_amount, self.high.data or "", Unit.KGM, field="high")
        if low is None or high is None:
            raise InvalidFields(faults.errors)
        return YieldFacts(
            commodity=row.commodity if row else self.commodity.data,
            crop=row.crop if row else self.crop.data or "",
            low=low,
            high=high,
            cycles=self.cycles.data or 0,
            region=self.region.data or "",
            source=self.source.data or "",
            estimate=self.estimate.data or "",
            reason=self.reason.data or "",
            valid_from=self.valid_from.data,
        )


@bp.get("/yields")
@requires(Permission.COVERAGE_READ)
def check_yields() -> str:
    rows = db.session.scalars(yields_at(today())).all()
    return render_template("authority/yields/list.html", rows=rows, **unchecked())


@bp.route("/yields/new", methods=["GET", "POST"])
@requires(Permission.YIELDS_MANAGE)
def new_check_yield() -> Response | tuple[str, int]:
    """The first version of a crop that has no row of its own."""
    return _edit(None)


@bp.route("/yields/<int:yield_id>", methods=["GET", "POST"])
@requires(Permission.COVERAGE_READ, change=Permission.YIELDS_MANAGE)
def check_yield(yield_id: int) -> Response | tuple[str, int]:
    """A crop's versions, and another one after this."""
    return _edit(existing(CropYield, yield_id))


def unchecked() -> dict[str, int]:
    """What the figures say nothing about."""
    return {
        "sites": db.session.scalars(sites_without_area()).one(),
        "products": db.session.scalars(products_without_yield()).one(),
    }


def _edit(row: CropYield | None) -> Response | tuple[str, int]:
    form = YieldForm()
    if row:
        form.commodity.flags.required = False  # it stays what it is
    if form.is_submitted() and form.validate() and form.attempt(_publish, form, row):
        flash(_("Đã công bố. Lô và nhật ký ghi từ bây giờ được đối chiếu theo số này."), "success")
        return redirect(url_for("authority.check_yields"), 303)
    versions = db.session.scalars(versions_of(row.commodity, row.crop)).all() if row else []
    if not form.is_submitted():
        form.valid_from.data = today()
        if row:
            form.show(versions[0]).version.data = str(versions[0].number)
    page = render_template("authority/yields/form.html", form=form, row=row, versions=versions)
    return page, 422 if form.errors else 200


def _publish(form: YieldForm, row: CropYield | None) -> CropYield:
    return verbs.publish(db.session, current_actor(), form.facts(row), seen=form.seen if row else None)


def _kilograms(grams: int) -> str:
    return format_amount(grams, Unit.KGM).rpartition(" ")[0]
