"""Which stages batches are expected to show: read by commodity, changed by a new version that was looked at first."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField

from ...domain.permissions import Permission
from ...domain.products import Commodity
from ...domain.stages import MOST_STAGES, RECORDABLE, Chain, ExpectedStage, chain_of
from ...domain.vocabulary import BusinessStep
from ...request.access import current_actor, requires
from ...request.database import db
from ...services import stages as verbs
from ...services.clock import today
from ...services.jobs import Jobs
from ...services.stages import Preview, TemplateFacts
from ...storage.stages import ChainTemplate, latest_templates, template_at, templates_at, versions_of
from ..fields import DayField, Required, VersionedForm
from .blueprint import bp

COMMODITY = f"<any({','.join(Commodity)}):commodity>"
NEED = (("required", _l("Bắt buộc")), ("optional", _l("Nếu có")))


@dataclass(frozen=True)
class Version:
    template: ChainTemplate
    chain: Chain

    @classmethod
    def of(cls, template: ChainTemplate) -> "Version":
        return cls(template, chain_of(template.stages))


class TemplateForm(VersionedForm):
    """``step0`` … ``need11`` in the order of the chain; rows left empty do not count."""

    valid_from = DayField(_l("Áp dụng cho lô sản xuất từ ngày"), [Required()])
    source = StringField(_l("Nguồn"), [Required()])
    reason = TextAreaField(_l("Lý do thay đổi"), [Required()])
    stages = StringField(_l("Các công đoạn"))  # only to show what is wrong with them together

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"step{place}"], self[f"need{place}"]) for place in range(MOST_STAGES)]

    def show(self, template: ChainTemplate) -> "TemplateForm":
        """The version in force, to be changed from today on."""
        for (step, need), stage in zip(self.rows, chain_of(template.stages), strict=False):
            step.data, need.data = stage.step.value, "optional" if stage.optional else "required"
        self.valid_from.data, self.source.data = today(), template.source
        return self

    def facts(self) -> TemplateFacts:
        return TemplateFacts(
            chain=tuple(
                ExpectedStage(BusinessStep(step.data), need.data == "optional") for step, need in self.rows if step.data
            ),
            valid_from=self.valid_from.data,
            source=self.source.data or "",
            reason=self.reason.data or "",
        )


for _place in range(MOST_STAGES):
    _name = _l("Công đoạn %(number)s", number=_place + 1)
    setattr(TemplateForm, f"step{_place}", SelectField(_name, choices=[], coerce=str, validate_choice=False))
    setattr(TemplateForm, f"need{_place}", SelectField(_l("Mức độ"), choices=NEED, validate_choice=False))


@bp.get("/stages")
@requires(Permission.COVERAGE_READ)
def check_stages() -> str:
    """The chain of every commodity as it holds today, and which are still being counted anew."""
    newest = {each.commodity: each for each in db.session.scalars(latest_templates())}
    in_force = {each.commodity: Version.of(each) for each in db.session.scalars(templates_at(today()))}
    versions = {kind: in_force[kind] for kind in Commodity}
    return render_template("authority/stages/list.html", versions=versions, newest=newest)


@bp.get(f"/stages/{COMMODITY}")
@requires(Permission.COVERAGE_READ)
def check_stages_of(commodity: str) -> str:
    kind = Commodity(commodity)
    form = _form().show(db.session.scalars(template_at(kind, today())).one())
    return _page(kind, form)


@bp.post(f"/stages/{COMMODITY}")
@requires(Permission.STAGES_MANAGE)
def change_check_stages(commodity: str) -> Response | tuple[str, int]:
    """``want`` is ``preview``, or ``publish`` by whoever saw the preview."""
    kind, form = Commodity(commodity), _form()
    if not form.validate_on_submit():
        return _page(kind, form), 422
    if request.form.get("want") != "publish":
        seen = form.attempt(verbs.preview, db.session, current_actor(), kind, form.facts())
        return _page(kind, form, seen), 200 if seen else 422
    made = form.attempt(verbs.publish, db.session, current_actor(), kind, form.facts(), seen=form.seen)
    if made is None:
        return _page(kind, form), 422
    jobs: Jobs = current_app.extensions["trace.jobs"]
    jobs.recount_soon()
    flash(_("Đã công bố phiên bản %(number)s. Các lô đã công bố đang được tính lại.", number=made.number), "success")
    return redirect(url_for("authority.check_stages_of", commodity=kind.value), 303)


def _form() -> TemplateForm:
    form = TemplateForm()
    for step, _need in form.rows:
        step.choices = [("", _("– Trống –"))] + [(each.value, _(each.label)) for each in RECORDABLE]
        if step.data not in {value for value, _label in step.choices}:
            step.data = ""
    return form


def _page(kind: Commodity, form: TemplateForm, seen: Preview | None = None) -> str:
    versions = [Version.of(each) for each in db.session.scalars(versions_of(kind))]
    if not form.is_submitted():
        form.version.data = str(versions[0].template.number)
    in_force = db.session.scalars(template_at(kind, today())).one()
    return render_template(
        "authority/stages/show.html", kind=kind, versions=versions, in_force=in_force, form=form, seen=seen
    )
