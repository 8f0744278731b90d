"""The forms of planning a visit and of holding it. The second grows by the checklist of the kind of business."""

import secrets
from datetime import date, datetime
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.widgets import TimeInput

from ...domain.dates import in_vietnam
from ...domain.inspections import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_EXTRAS,
    CheckedPoint,
    FindingFacts,
    Grade,
    InspectionKind,
    PlanFacts,
    Point,
    Result,
    SampleFacts,
    Severity,
    VisitFacts,
)
from ...domain.vocabulary import BusinessStep
from ...request.database import db
from ...request.files import file_store
from ...request.language import select_language
from ...services.clock import now, today
from ...services.diary import Origin
from ...services.inspection_visits import Enclosed
from ...storage.batches import Batch, batches_of
from ...storage.businesses import Business
from ...storage.inspections import Inspection, InspectionMinutes, inspectors_of, steps_to_see
from ...storage.sites import sites_of
from ..fields import (
    CHOOSE,
    CheckboxesField,
    DayField,
    KindField,
    KindRadioField,
    Required,
    VersionedForm,
    identifier,
    upload,
    uploads,
)
from ..formats import label, moment
from ..forms import Form

STEPS_OFFERED = 30
BATCHES_OFFERED = 30


class PlanForm(Form):
    kind = KindRadioField(_l("Loại kiểm tra"), InspectionKind, validators=[Required()])
    planned_on = DayField(_l("Ngày kiểm tra"), [Required()])
    site_ids = CheckboxesField(_l("Địa điểm"))
    lead_id = SelectField(_l("Cán bộ phụ trách"), [Required()], coerce=identifier, validate_choice=False)
    team = TextAreaField(_l("Thành viên khác của đoàn"))
    reason = TextAreaField(_l("Lý do, căn cứ"), [Required()])

    def offer(self, business: Business, actor_id: int | None, follows: Inspection | None) -> Self:
        self.business, self.follows = business, follows
        self.site_ids.choices = [
            (site.id, site.name) for site in db.session.scalars(sites_of(business.id, active=True))
        ]
        self.lead_id.choices = [
            (user.id, user.name or user.email) for user in db.session.scalars(inspectors_of(business.commune_code))
        ]
        if not self.is_submitted():
            self.lead_id.data = actor_id
            self.kind.data = InspectionKind.REINSPECTION if follows else InspectionKind.PERIODIC
            self.site_ids.data = follows.site_ids if follows else []
        return self

    def facts(self) -> PlanFacts:
        return PlanFacts(
            business_id=self.business.id,
            kind=self.kind.data,
            planned_on=self.planned_on.data,
            site_ids=self.site_ids.data or [],
            lead_id=self.lead_id.data or 0,
            team=self.team.data or "",
            reason=self.reason.data or "",
            follows_id=self.follows.id if self.follows else None,
        )


class ChangeForm(VersionedForm):
    planned_on = DayField(_l("Ngày mới"))
    reason = StringField(_l("Lý do"), [Required()])


class SignForm(Form):
    """What every visit is asked; ``visit_form`` adds the points of a checklist as ``result_``, ``note_``, ``deadline_``
    and ``photo_`` with their code."""

    client_key = HiddenField()
    device_time = HiddenField()
    held_on = DayField(_l("Ngày kiểm tra"), [Required()])
    began = StringField(_l("Bắt đầu lúc"), [Required()], widget=TimeInput())
    ended = StringField(_l("Kết thúc lúc"), [Required()], widget=TimeInput())
    place = StringField(_l("Nơi lập biên bản"))
    event_ids = CheckboxesField(_l("Công đoạn đã xem tại chỗ, đúng như đã ghi"))
    photos = MultipleFileField(_l("Ảnh khác"))
    grade = KindRadioField(_l("Xếp loại"), Grade)
    grade_reason = TextAreaField(_l("Lý do xếp loại"))
    conclusion = TextAreaField(_l("Kết luận, kiến nghị của đoàn"), [Required()])
    sanctions = TextAreaField(_l("Xử lý vi phạm"))
    remarks = TextAreaField(_l("Ý kiến của cơ sở"))
    representative = StringField(_l("Đại diện cơ sở: họ tên, chức vụ"), [Required()])
    refused = BooleanField(_l("Cơ sở không ký biên bản"))
    business_signature = HiddenField(_l("Chữ ký của đại diện cơ sở"))
    officer = StringField(_l("Đại diện đoàn: họ tên, chức vụ"), [Required()])
    officer_signature = HiddenField(_l("Chữ ký của đại diện đoàn"))
    reason = TextAreaField(_l("Vì sao đính chính"), [Required()])

    points: tuple[Point, ...] = ()
    corrected: InspectionMinutes | None = None

    def offer(self, inspection: Inspection, officer: str) -> Self:
        steps = db.session.execute(steps_to_see(inspection.business_id, STEPS_OFFERED)).all()
        self.event_ids.choices = [
            (event.id, f"{label(BusinessStep(event.business_step))} · {product} · {lot} · {moment(event.event_time)}")
            for event, product, lot in steps
        ]
        batches = db.session.scalars(
            batches_of(inspection.business_id).order_by(Batch.id.desc()).limit(BATCHES_OFFERED)
        )
        offered = [(0, CHOOSE), *((batch.id, f"{batch.product.name} · {batch.lot}") for batch in batches)]
        for number in self.numbers:
            self[f"sample_{number}_batch"].choices = offered
        if not self.is_submitted():
            self.client_key.data = secrets.token_urlsafe(16)
            if self.corrected:
                self._show(self.corrected.content)
            else:
                clock = in_vietnam(now())
                self.held_on.data, self.began.data, self.officer.data = today(), f"{clock:%H:%M}", officer
        return self

    @property
    def numbers(self) -> range:
        return range(1, MOST_EXTRAS + 1)

    @property
    def sections(self) -> list[tuple[Point, list[Point]]]:
        """Each section, by its first point, with its points."""
        grouped: dict[str, list[Point]] = {}
        for point in self.points:
            grouped.setdefault(point.section, []).append(point)
        return [(points[0], points) for points in grouped.values()]

    def facts(self) -> VisitFacts:
        extras = [
            FindingFacts(code=f"K{number}", severity=self._of("extra", number, "severity"), text=text, deadline=day)
            for number in self.numbers
            for text, day in [(self._of("extra", number, "text") or "", self._of("extra", number, "deadline"))]
            if text or day
        ]
        samples = [
            SampleFacts(code=code[:LONGEST_LINE], product=(product or self._lot(batch))[:LONGEST_LINE], batch_id=batch)
            for number in self.numbers
            for code, product, batch in [
                (
                    self._of("sample", number, "code") or "",
                    self._of("sample", number, "product") or "",
                    self._of("sample", number, "batch") or None,
                )
            ]
            if code or product or batch
        ]
        return VisitFacts(
            held_on=self.held_on.data,
            points=[
                CheckedPoint(
                    code=point.code,
                    result=self[f"result_{point.code}"].data,
                    note=(self[f"note_{point.code}"].data or "")[:LONGEST_TEXT],
                    deadline=self[f"deadline_{point.code}"].data,
                )
                for point in self.points
            ],
            extras=extras,
            samples=samples,
            event_ids=self.event_ids.data or [],
            grade=self.grade.data,
            refused=bool(self.refused.data),
            **{
                name: (self[name].data or "")[:LONGEST_TEXT]
                for name in (
                    "began",
                    "ended",
                    "place",
                    "officer",
                    "representative",
                    "grade_reason",
                    "sanctions",
                    "conclusion",
                    "remarks",
                )
            },
        )

    def enclosed(self) -> Enclosed:
        photos = {
            point.code: [data]
            for point in self.points
            if (data := upload(self[f"photo_{point.code}"])) is not None and data
        }
        others = [data for _name, data in uploads(self.photos) if data]
        return Enclosed(
            store=file_store(),
            officer_signature=self.officer_signature.data or "",
            business_signature=self.business_signature.data or "",
            photos={**photos, "": others} if others else photos,
        )

    @property
    def origin(self) -> Origin:
        try:
            written = datetime.fromisoformat(self.device_time.data or "")
        except ValueError:
            written = None
        return Origin(client_key=(self.client_key.data or "")[:64] or None, device_time=written)

    def _of(self, kind: str, number: int, name: str) -> Any:
        return self[f"{kind}_{number}_{name}"].data

    def _lot(self, batch_id: int | None) -> str:
        return next((name for each, name in self.sample_1_batch.choices if batch_id and each == batch_id), "")

    def _show(self, content: dict[str, Any]) -> None:
        """The latest minutes, to be corrected."""
        for name in (
            "began",
            "ended",
            "place",
            "officer",
            "representative",
            "grade_reason",
            "sanctions",
            "conclusion",
            "remarks",
            "refused",
            "event_ids",
        ):
            self[name].data = content[name]
        self.held_on.data = date.fromisoformat(content["held_on"])
        self.grade.data = Grade(content["grade"]) if content["grade"] else None
        for point in content["points"]:
            self[f"result_{point['code']}"].data = Result(point["result"])
            self[f"note_{point['code']}"].data = point["note"]
            self[f"deadline_{point['code']}"].data = _day(point["deadline"])
        for number, finding in enumerate(content["extras"], start=1):
            self[f"extra_{number}_severity"].data = Severity(finding["severity"])
            self[f"extra_{number}_text"].data = finding["text"]
            self[f"extra_{number}_deadline"].data = _day(finding["deadline"])
        for number, sample in enumerate(content["samples"], start=1):
            for name, key in (("code", "code"), ("product", "product"), ("batch", "batch_id")):
                self[f"sample_{number}_{name}"].data = sample[key]


def visit_form(points: tuple[Point, ...], corrected: InspectionMinutes | None = None) -> SignForm:
    fields: dict[str, Any] = {"points": points, "corrected": corrected}
    if corrected is None:
        fields["reason"] = None
    english = select_language() == "en"
    for point in points:
        fields |= {
            f"result_{point.code}": KindRadioField(
                point.english if english else point.text, Result, validators=[Required()]
            ),
            f"note_{point.code}": TextAreaField(_l("Ghi chú, sai lỗi cụ thể"), [Required()]),
            f"deadline_{point.code}": DayField(_l("Khắc phục trước hết ngày"), [Required()]),
            f"photo_{point.code}": FileField(_l("Ảnh")),
        }
    for number in range(1, MOST_EXTRAS + 1):
        fields |= {
            f"extra_{number}_text": TextAreaField(_l("Sai lỗi khác")),
            f"extra_{number}_severity": KindField(_l("Mức độ"), Severity, empty=CHOOSE),
            f"extra_{number}_deadline": DayField(_l("Khắc phục trước hết ngày")),
            f"sample_{number}_code": StringField(_l("Số mẫu")),
            f"sample_{number}_product": StringField(_l("Sản phẩm lấy mẫu")),
            f"sample_{number}_batch": SelectField(_l("Lô hàng"), coerce=identifier, validate_choice=False),
        }
    form: SignForm = type("VisitForm", (SignForm,), fields)()
    return form


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
