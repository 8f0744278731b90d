"""The forms of batches and of what happens to them."""

import secrets
from datetime import datetime
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.widgets import DateTimeLocalInput

from ...domain.dates import VIETNAM, best_before, in_vietnam
from ...domain.errors import N_, InvalidFields, InvalidInput
from ...domain.quantities import Unit, format_amount, parse_amount
from ...request.database import db
from ...request.files import file_store
from ...services.batches import BatchFacts, free_lot
from ...services.changes import Faults
from ...services.clock import now, today
from ...services.files import Proof
from ...storage.batches import Batch
from ...storage.diary import Season, season_of_batch, seasons_of
from ...storage.products import Product, products_of
from ...storage.sites import Site, sites_of
from ..fields import DayField, Required, VersionedForm, WholeNumberField, identifier, upload
from ..forms import Form


class MomentField(StringField):  # type: ignore[misc]
    """A minute on the clocks of Việt Nam, ``data`` aware or None."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else f"{in_vietnam(self.data):%Y-%m-%dT%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist).strip()
        self.data: Any = None
        for shape in ("%Y-%m-%dT%H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"):
            try:
                self.data = datetime.strptime(text, shape).replace(tzinfo=VIETNAM)
            except ValueError:
                continue
            return
        raise ValueError(_("Hãy nhập giờ và ngày, ví dụ 14:30 05/03/2026."))


def moment_in(field: MomentField) -> datetime:
    """What a form must say. Raises InvalidInput at the field where it says nothing."""
    if field.data is None:
        raise InvalidInput(N_("Hãy nhập giờ và ngày, ví dụ 14:30 05/03/2026."), field=field.name)
    moment: datetime = field.data
    return moment


class BatchForm(VersionedForm):
    """``form_key`` makes the form sent twice one batch. Fields left empty: see ``BatchFacts``."""

    form_key = HiddenField()
    product_id = SelectField(_l("Sản phẩm"), [Required()], coerce=identifier, validate_choice=False)
    amount = StringField(_l("Khối lượng hoặc số lượng"), [Required()])
    site_id = SelectField(_l("Nơi sản xuất"), [Required()], coerce=identifier, validate_choice=False)
    production_date = DayField(_l("Ngày thu hoạch, sản xuất"), [Required()])
    lot = StringField(_l("Mã lô"))
    best_before = DayField(_l("Hạn sử dụng"))
    season_id = SelectField(_l("Thu hoạch từ mùa vụ"), coerce=int, validate_choice=False)
    excess_reason = StringField(_l("Vì sao nhiều hơn thường lệ"), [Required()])  # asked only where it is

    def offer(self, business_id: int, *, batch: Batch | None = None) -> Self:
        """Fill the choices: what is in use, and what ``batch`` already names."""
        products = db.session.scalars(products_of(business_id)).all()
        sites = db.session.scalars(sites_of(business_id)).all()
        named = (batch.product_id, batch.site_id) if batch else (None, None)
        self.products = {product.id: product for product in products if product.active or product.id == named[0]}
        self.sites = {site.id: site for site in sites if site.active or site.id == named[1]}
        self.product_id.choices = [
            (product.id, product.name, {"data-unit": _(product.unit.label)}) for product in self.products.values()
        ]
        self.site_id.choices = [(site.id, site.name) for site in self.sites.values()]
        seasons = db.session.scalars(seasons_of(business_id)).all()
        kept = db.session.scalars(season_of_batch(batch.id)).one_or_none() if batch else None
        offered = [season for season in seasons if season.closed_at is None or season is kept]
        self.season_id.choices = [(0, _("– Không ghi nhật ký –"))] + [
            (season.id, f"{season.product.name} · {season.plot}") for season in offered
        ]
        self.seasons = {season.id: season for season in offered}
        if not self.is_submitted():
            self.season_id.data = kept.id if kept else 0
        return self

    def start_from(self, season: Season) -> Self:
        """A new batch of what was harvested from a season."""
        self.product_id.data, self.site_id.data, self.season_id.data = season.product_id, season.site_id, season.id
        return self

    def start(self, model: Batch | None) -> Self:
        """A new batch: today, with the product and place of ``model``. An amount or a safety value is never proposed."""
        self.form_key.data = secrets.token_urlsafe(16)
        self.production_date.data = today()
        if model and model.product_id in self.products:
            self.product_id.data = model.product_id
        if model and model.site_id in self.sites:
            self.site_id.data = model.site_id
        return self

    def show(self, batch: Batch) -> Self:
        """A batch as it stands. A best-before date that follows from the shelf life stays empty, to follow again."""
        self.product_id.data, self.site_id.data = batch.product_id, batch.site_id
        self.amount.data = format_amount(batch.amount, batch.product.unit).rpartition(" ")[0]
        self.production_date.data, self.lot.data = batch.production_date, batch.lot
        if batch.best_before != best_before(batch.production_date, batch.product.shelf_life_days):
            self.best_before.data = batch.best_before
        self.version.data = str(batch.version)
        return self

    @property
    def product(self) -> Product | None:
        """The chosen one, or the first, which a browser shows as chosen."""
        return self.products.get(self.product_id.data) or next(iter(self.products.values()), None)

    @property
    def site(self) -> Site | None:
        return self.sites.get(self.site_id.data) or next(iter(self.sites.values()), None)

    @property
    def proposed_lot(self) -> str:
        """What an empty lot will become."""
        if self.site is None:
            return ""
        return free_lot(db.session, self.site.business_id, self.site, self.production_date.data or today())

    def facts(self) -> BatchFacts:
        """Raises InvalidFields for what cannot be read at all."""
        faults = Faults()
        amount = faults.attempt(parse_amount, self.amount.data or "", self.product.unit if self.product else Unit.KGM)
        day = self.production_date.data
        if day is None:
            faults.add(N_("Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026."), field="production_date")
        if amount is None or day is None:
            raise InvalidFields(faults.errors)
        return BatchFacts(
            product_id=self.product_id.data or 0,
            site_id=self.site_id.data or 0,
            amount=amount,
            production_date=day,
            lot=self.lot.data or "",
            best_before=self.best_before.data,
            season_id=self.season_id.data or None,
            excess_reason=self.excess_reason.data or "",
        )


class CorrectionForm(BatchForm):
    reason = TextAreaField(_l("Vì sao sửa"), [Required()])


class ReasonForm(VersionedForm):
    reason = TextAreaField(_l("Lý do"), [Required()])


class EvidenceForm(Form):
    """A photo of the work or a paper about it, chosen or taken now."""

    evidence = FileField(_l("Ảnh hoặc giấy tờ"))
    camera = FileField(_l("Chụp ảnh ngay"))

    @property
    def proof(self) -> Proof | None:
        data = upload(self.evidence) or upload(self.camera)
        return Proof(data=data, store=file_store()) if data else None


class PackingForm(EvidenceForm):
    at = MomentField(_l("Lúc đóng gói"), [Required()])
    site_id = SelectField(_l("Nơi đóng gói"), [Required()], coerce=identifier, validate_choice=False)
    packs = WholeNumberField(_l("Số gói"))

    def __init__(self, batch: Batch, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_id.choices = [
            (site.id, site.name) for site in db.session.scalars(sites_of(batch.business_id, active=True))
        ]
        if not self.is_submitted():
            self.at.data, self.site_id.data = now(), batch.site_id
