"""The forms of the diary. Each kind of entry shows only the fields that it needs."""

import secrets
from datetime import datetime
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from ...domain.diary import SAFETY, EntryFacts, EntryKind, asked, required
from ...domain.errors import N_, InvalidFields
from ...domain.quantities import format_amount, parse_amount
from ...request.database import db
from ...services.changes import Faults
from ...services.clock import today
from ...services.diary import Origin, SeasonFacts
from ...storage.diary import DiaryEntry, Season, latest_of_kind
from ...storage.products import products_of
from ...storage.sites import sites_of
from ..fields import DayField, Required, WholeNumberField, identifier
from ..formats import day
from ..forms import Form

LABELS = {
    EntryKind.SOWING: {"material": _l("Giống"), "dose": _l("Lượng giống")},
    EntryKind.IRRIGATION: {"material": _l("Nguồn nước")},
    EntryKind.FERTILISER: {"material": _l("Tên phân bón"), "dose": _l("Lượng bón"), "area_m2": _l("Diện tích đã bón")},
    EntryKind.PESTICIDE: {"material": _l("Tên thuốc"), "area_m2": _l("Diện tích đã phun")},
    EntryKind.ARRIVAL: {"material": _l("Con giống, mua của ai"), "dose": _l("Số con")},
    EntryKind.FEED: {"material": _l("Thức ăn"), "dose": _l("Lượng cho ăn")},
    EntryKind.VETERINARY_DRUG: {
        "material": _l("Tên thuốc thú y"),
        "interval_days": _l("Ngừng thuốc trước khi giết mổ"),
    },
    EntryKind.TREATMENT: {"material": _l("Vắc-xin, thuốc sát trùng"), "note": _l("Đã khám, đã làm gì")},
    EntryKind.EXIT: {"amount": _l("Xuất bao nhiêu")},
}
"""What a field is called where its general name would not be a farmer's word."""
EXAMPLES = {
    EntryKind.SOWING: _l("Ví dụ “20 g/m²”, “2 kg”."),
    EntryKind.FERTILISER: _l("Ví dụ “20 kg/sào”."),
    EntryKind.PESTICIDE: _l("Như trên nhãn, ví dụ “15 ml/bình 16 l”."),
    EntryKind.ARRIVAL: _l("Ví dụ “500 con”."),
    EntryKind.FEED: _l("Ví dụ “25 kg/ngày”."),
    EntryKind.VETERINARY_DRUG: _l("Như trên nhãn, ví dụ “1 g/5 kg thể trọng”."),
}
"""Of ``dose``."""


class SeasonForm(Form):
    product_id = SelectField(_l("Sản phẩm"), [Required()], coerce=int, validate_choice=False)
    site_id = SelectField(_l("Vùng trồng, cơ sở nuôi"), [Required()], coerce=int, validate_choice=False)
    plot = StringField(_l("Tên thửa, chuồng"), [Required()])
    started_on = DayField(_l("Bắt đầu ngày"), [Required()])

    def offer(self, business_id: int) -> Self:
        products, sites = db.session.scalars(products_of(business_id)), db.session.scalars(sites_of(business_id))
        self.product_id.choices = [(product.id, product.name) for product in products if product.active]
        self.site_id.choices = [(site.id, site.name) for site in sites if site.active and site.kind.produces]
        return self

    def facts(self) -> SeasonFacts:
        """Raises InvalidFields."""
        return SeasonFacts(
            product_id=self.product_id.data or 0,
            site_id=self.site_id.data or 0,
            plot=self.plot.data or "",
            started_on=_day(self.started_on),
        )


class EntryForm(Form):
    client_key = HiddenField()
    device_time = HiddenField()
    happened_on = DayField(_l("Ngày làm"), [Required()])
    material = StringField(_l("Tên sản phẩm đã dùng"))
    active_ingredient = StringField(_l("Hoạt chất"))
    dose = StringField(_l("Liều lượng"))
    interval_days = WholeNumberField(_l("Thời gian cách ly"))
    produce_interval_days = WholeNumberField(_l("Ngừng thuốc trước khi lấy sữa, trứng, mật"))
    area_m2 = WholeNumberField(_l("Diện tích"))
    operator = StringField(_l("Người làm"))
    amount = StringField(_l("Khối lượng hoặc số lượng"))
    note = TextAreaField(_l("Ghi chú"))
    photo = FileField(_l("Ảnh"))
    camera = FileField(_l("Chụp ảnh ngay"))

    def of(self, season: Season, kind: EntryKind) -> Self:
        """Show what this kind asks for."""
        self.season, self.kind, self.example = season, kind, EXAMPLES.get(kind, "")
        self.names = asked(kind, of_living=season.of_living)
        self.asked = [self[name] for name in self.names]
        for name in required(kind, of_living=season.of_living):
            self[name].flags.required = True
        for name, label in LABELS.get(kind, {}).items():
            self[name].label.text = label
        return self

    def offer(self, by_name: str) -> Self:
        """Today, and what the last such entry said: never a safety value, nor the product that one belongs to."""
        self.client_key.data = secrets.token_urlsafe(16)
        self.happened_on.data = today()
        last = db.session.scalar(latest_of_kind(self.season.business_id, self.kind, self.season.id))
        for name in set(self.names) - SAFETY - ({"material"} if self.kind.has_interval else set()):
            self[name].data = getattr(last, name) if last else None
        self.operator.data = self.operator.data or by_name
        return self

    def show(self, entry: DiaryEntry) -> Self:
        """An entry as it stands, to be corrected."""
        self.client_key.data = secrets.token_urlsafe(16)
        for name in ("happened_on", *self.names, "note"):
            self[name].data = getattr(entry, name)
        if entry.amount is not None:
            self.amount.data = format_amount(entry.amount, self.season.product.unit).rpartition(" ")[0]
        return self

    def facts(self) -> EntryFacts:
        """Raises InvalidFields."""
        faults = Faults()
        amount = faults.attempt(parse_amount, self.amount.data, self.season.product.unit) if self.amount.data else None
        faults.raise_any()
        return EntryFacts(
            kind=self.kind,
            happened_on=_day(self.happened_on),
            material=self.material.data or "",
            active_ingredient=self.active_ingredient.data or "",
            dose=self.dose.data or "",
            interval_days=self.interval_days.data,
            produce_interval_days=self.produce_interval_days.data,
            area_m2=self.area_m2.data,
            operator=self.operator.data or "",
            amount=amount,
            note=self.note.data or "",
        )

    @property
    def origin(self) -> Origin:
        try:
            written = datetime.fromisoformat(self.device_time.data or "")
        except ValueError:
            written = None
        return Origin(client_key=(self.client_key.data or "")[:64] or None, device_time=written)


class CorrectEntryForm(EntryForm):
    """``seen`` is the version that was shown, by the id of its entry."""

    seen = HiddenField()
    reason = TextAreaField(_l("Vì sao sửa"), [Required()])

    def show(self, entry: DiaryEntry) -> Self:
        self.seen.data = entry.id
        return super().show(entry)

    @property
    def seen_id(self) -> int:
        """0, which nothing has, where the form does not say."""
        return identifier(self.seen.data)

    def differences(self, standing: DiaryEntry) -> list[tuple[str, str, str]]:
        """Field, what stands and what was typed here, after somebody else's correction."""
        theirs = CorrectEntryForm(formdata=None).of(self.season, self.kind).show(standing)
        pairs = [(theirs[name], self[name]) for name in ("happened_on", *self.names, "note")]
        return [
            (mine.label.text, _words(other), _words(mine)) for other, mine in pairs if _words(other) != _words(mine)
        ]


def _words(field: Any) -> str:
    if isinstance(field, DayField) and field.data:
        return day(field.data)
    return str(field._value()) or "–"


def _day(field: DayField) -> Any:
    if field.data is None:
        faults = Faults()
        faults.add(N_("Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026."), field=field.name)
        raise InvalidFields(faults.errors)
    return field.data
