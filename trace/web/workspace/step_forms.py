"""The form of a step. Each kind shows only the fields that it needs."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, StringField, TextAreaField

from ...domain.chain import OWN_PREFIX
from ...domain.sensors import Reading, parse_humidity, parse_readings
from ...domain.sites import SiteKind
from ...domain.vocabulary import BusinessStep, Disposition
from ...request.database import db
from ...services.clock import now
from ...services.recording import StepFacts
from ...storage.batches import Batch
from ...storage.chain import Event
from ...storage.sites import Site, sites_of
from ..fields import DegreesCelsiusField, Required, identifier, upload
from .batch_forms import EvidenceForm, MomentField, moment_in

USUAL_PLACES = {
    BusinessStep.PRELIMINARY_PROCESSING: (SiteKind.PACKING_HOUSE,),
    BusinessStep.STORING: (SiteKind.STORE, SiteKind.PACKING_HOUSE, SiteKind.SHOP),
}
"""Where a step most often happens: proposed first."""


class StepForm(EvidenceForm):
    at = MomentField(_l("Lúc làm"), [Required()])
    site_id = SelectField(_l("Nơi làm"), [Required()], coerce=identifier, validate_choice=False)
    passed = RadioField(
        _l("Kết quả"), [Required()], choices=[("yes", _l("Đạt")), ("no", _l("Không đạt"))], validate_choice=False
    )
    temperature = DegreesCelsiusField(_l("Nhiệt độ"))
    humidity = StringField(_l("Độ ẩm"))
    readings = TextAreaField(_l("Dán nhiều số đo"))
    readings_file = FileField(_l("Hoặc chọn tệp CSV của máy ghi nhiệt độ"))
    note = TextAreaField(_l("Ghi chú"))

    def of(self, business_id: int, batch: Batch, step: BusinessStep) -> "StepForm":
        self.step = step
        sites = [site for site in db.session.scalars(sites_of(business_id)) if site.active]
        self.site_id.choices = [(site.id, site.name) for site in sorted(sites, key=self._how_unusual)]
        if not self.is_submitted():
            self.at.data = now()
            if batch.business_id == business_id and step not in USUAL_PLACES:
                self.site_id.data = batch.site_id
        return self

    def show(self, wrong: Event) -> None:
        """What was said before; measured values are typed again."""
        self.at.data, self.site_id.data = wrong.event_time, wrong.site_id
        self.note.data = wrong.body.get(f"{OWN_PREFIX}:note", "")
        if disposition := wrong.body.get("disposition"):
            self.passed.data = "yes" if disposition == Disposition.CONFORMANT else "no"

    def facts(self) -> StepFacts:
        """Raises InvalidReading, ReadingOutOfRange or TooManyReadings."""
        return StepFacts(
            step=self.step,
            at=moment_in(self.at),
            site_id=self.site_id.data or 0,
            note=self.note.data or "",
            passed={"yes": True, "no": False}.get(self.passed.data or ""),
            readings=self._readings(moment_in(self.at)) if self.step is BusinessStep.STORING else (),
        )

    def _readings(self, at: datetime) -> list[Reading]:
        file = (upload(self.readings_file) or b"").decode("utf-8-sig", errors="replace")
        readings = parse_readings("\n".join((self.readings.data or "", file)))
        humidity = parse_humidity(self.humidity.data) if self.humidity.data else None
        if self.temperature.data is not None or humidity is not None:
            readings.append(Reading(at=at, temperature=self.temperature.data, humidity=humidity))
        return readings

    def _how_unusual(self, site: Site) -> int:
        usual: tuple[Any, ...] = USUAL_PLACES.get(self.step, ())
        return usual.index(site.kind) if site.kind in usual else len(usual)


class SayAgainForm(StepForm):
    reason = TextAreaField(_l("Vì sao sửa"), [Required()])
