"""The forms of plans: the plan itself, an indicator, a figure from outside."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from ...domain.activities import ActivityKind
from ...domain.errors import InvalidFields
from ...domain.plans import Frequency, Measure, Measured, Period, format_value, parse_period, parse_value
from ...services.changes import Faults
from ...services.plan_facts import FigureFacts, IndicatorFacts, PlanFacts
from ...storage.plans import OutsideFigure, Plan, PlanIndicator
from ..fields import CHOOSE, DayField, KindField, Required, VersionedForm


class PlanForm(VersionedForm):
    number = StringField(_l("Số, ký hiệu"), [Required()])
    title = StringField(_l("Tên kế hoạch"), [Required()])
    issuer = StringField(_l("Cơ quan ban hành"), [Required()])
    issued_on = DayField(_l("Ngày ban hành"))
    starts_on = DayField(_l("Thực hiện từ ngày"), [Required()])
    ends_on = DayField(_l("Đến ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    note = TextAreaField(_l("Còn phải bổ sung"))

    def show(self, plan: Plan) -> None:
        for name in ("number", "title", "issuer", "issued_on", "starts_on", "ends_on", "source", "note"):
            self[name].data = getattr(plan, name)
        self.version.data = str(plan.version)

    def facts(self) -> PlanFacts:
        return PlanFacts(
            number=self.number.data or "",
            title=self.title.data or "",
            issuer=self.issuer.data or "",
            issued_on=self.issued_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            source=self.source.data or "",
            note=self.note.data or "",
        )


class IndicatorForm(VersionedForm):
    ref = StringField(_l("Ký hiệu trong kế hoạch"), [Required()])
    name = StringField(_l("Tên chỉ tiêu"), [Required()])
    formula = TextAreaField(_l("Cách tính, bằng lời"), [Required()])
    measured = KindField(_l("Ai đếm"), Measured, validators=[Required()])
    measure = KindField(_l("Phép đếm của hệ thống"), Measure, empty=CHOOSE)
    activity_kind = KindField(_l("Loại hoạt động được đếm"), ActivityKind, empty=CHOOSE)
    supports = BooleanField(_l("Phép đếm chỉ để tham khảo, kết quả do cán bộ nhập"))
    unit = StringField(_l("Đơn vị"), [Required()])
    target = StringField(_l("Mức cần đạt"))
    target_on = DayField(_l("Đạt vào ngày"))
    frequency = KindField(_l("Kỳ báo cáo"), Frequency, validators=[Required()])
    dropped = BooleanField(_l("Thôi theo dõi chỉ tiêu này từ ngày áp dụng"))
    valid_from = DayField(_l("Áp dụng từ ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    note = StringField(_l("Ghi chú"))
    reason = TextAreaField(_l("Lý do thêm hoặc sửa"), [Required()])

    def show(self, row: PlanIndicator) -> None:
        for name in ("ref", "name", "formula", "measured", "measure", "activity_kind", "supports", "unit", "target_on"):
            self[name].data = getattr(row, name)
        for name in ("frequency", "dropped", "valid_from", "source", "note"):
            self[name].data = getattr(row, name)
        self.target.data = "" if row.target is None else format_value(row.target)
        self.version.data = str(row.number)

    def facts(self, row: PlanIndicator | None) -> IndicatorFacts:
        """Raises InvalidFields for a target that is no number."""
        faults = Faults()
        target = faults.attempt(parse_value, self.target.data, field="target") if self.target.data else None
        faults.raise_any()
        return IndicatorFacts(
            ref=row.ref if row else self.ref.data or "",
            name=self.name.data or "",
            formula=" ".join((self.formula.data or "").split()),
            measured=self.measured.data,
            measure=self.measure.data,
            activity_kind=self.activity_kind.data,
            supports=bool(self.supports.data),
            unit=self.unit.data or "",
            target=target,
            target_on=self.target_on.data,
            frequency=self.frequency.data,
            dropped=bool(self.dropped.data),
            valid_from=self.valid_from.data,
            source=self.source.data or "",
            note=self.note.data or "",
            reason=self.reason.data or "",
        )


class FigureForm(VersionedForm):
    period = HiddenField()
    value = StringField(_l("Giá trị"), [Required()])
    source = StringField(_l("Văn bản nguồn"), [Required()])
    paper = FileField(_l("Bản chụp hoặc PDF của văn bản"))
    note = TextAreaField(_l("Vì sao sửa"))

    def show(self, period: Period, earlier: OutsideFigure | None) -> "FigureForm":
        self.period.data = period.code
        self.version.data = str(earlier.number) if earlier else ""
        return self

    def facts(self) -> FigureFacts:
        """Raises InvalidFields, InvalidPeriod."""
        faults = Faults()
        period = faults.attempt(parse_period, self.period.data or "")
        value = faults.attempt(parse_value, self.value.data or "")
        if period is None or value is None:
            raise InvalidFields(faults.errors)
        return FigureFacts(period=period, value=value, source=self.source.data or "", note=self.note.data or "")
