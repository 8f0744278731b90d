"""The register of activities: what was done for the plans, with evidence, and who took part."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from sqlalchemy import Select
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from ...domain.activities import ActivityFacts, ActivityKind
from ...domain.errors import TraceError
from ...domain.permissions import Permission
from ...domain.plans import Period, parse_period
from ...request.access import current_actor, existing, requires
from ...request.database import db
from ...request.files import file_store
from ...services import activities as verbs
from ...services.clock import today
from ...services.files import Proof
from ...storage.activities import (
    Activity,
    activities_where,
    activity_counts,
    activity_versions_of,
    files_of,
    participants_of,
)
from ...storage.handovers import buyers_named
from ...storage.pages import newest_first
from ...storage.plans import activity_targets
from .. import filters
from ..fields import DayField, KindField, Required, VersionedForm, WholeNumberField, identifier, uploads
from ..forms import Form
from .blueprint import bp

Answer = Response | tuple[str, int]


class ActivityForm(VersionedForm):
    kind = KindField(_l("Loại hoạt động"), ActivityKind, validators=[Required()])
    title = StringField(_l("Tên hoạt động"), [Required()])
    held_on = DayField(_l("Ngày thực hiện"), [Required()])
    place = StringField(_l("Nơi thực hiện"))
    count = WholeNumberField(_l("Số lượng"), [Required()])
    audience = WholeNumberField(_l("Số người tham dự hoặc tiếp cận"))
    stands = WholeNumberField(_l("Số gian hàng"))
    partners = StringField(_l("Đơn vị phối hợp"))
    links = TextAreaField(_l("Đường dẫn minh chứng"))
    files = MultipleFileField(_l("Tệp minh chứng"))
    reason = TextAreaField(_l("Lý do sửa"), [Required()])

    def show(self, activity: Activity) -> None:
        for name in ("kind", "title", "held_on", "place", "count", "audience", "stands", "partners"):
            self[name].data = getattr(activity, name)
        self.links.data = "\n".join(activity.links)
        self.version.data = str(activity.version)

    def facts(self) -> ActivityFacts:
        return ActivityFacts(
            kind=self.kind.data,
            title=self.title.data or "",
            held_on=self.held_on.data,
            place=self.place.data or "",
            count=self.count.data or 0,
            audience=self.audience.data,
            stands=self.stands.data,
            partners=self.partners.data or "",
            links=tuple((self.links.data or "").split()),
        )

    def proofs(self) -> list[Proof]:
        return [Proof(data=data, store=file_store()) for _name, data in uploads(self.files)]


class WithdrawForm(VersionedForm):
    reason = TextAreaField(_l("Lý do rút"), [Required()])


def period_asked_for() -> Period | None:
    """Of the query string; a text that means nothing is no filter."""
    try:
        return parse_period(filters.text("period"))
    except TraceError:
        return None


def activities_asked_for() -> Select[Activity]:
    return activities_where(
        kind=filters.choice(ActivityKind, "kind"),
        period=period_asked_for(),
        search=filters.text("q"),
        withdrawn=request.args.get("withdrawn") == "yes",
    )


@bp.get("/activities")
@requires(Permission.PLANS_READ)
def plan_activities() -> str:
    shown = period_asked_for() or Period(today().year)
    return render_template(
        "authority/activities/list.html",
        page=newest_first(db.session, activities_asked_for(), Activity.id, after=filters.identifier("after")),
        kinds=list(ActivityKind),
        kind=filters.choice(ActivityKind, "kind"),
        shown=shown,
        asked_period=period_asked_for(),
        years=range(today().year, today().year - 5, -1),
        counts=db.session.execute(activity_counts(shown)).all(),
        targets=db.session.scalars(activity_targets(shown)).all(),
    )


@bp.route("/activities/new", methods=["GET", "POST"])
@requires(Permission.ACTIVITIES_WRITE)
def new_plan_activity() -> Answer:
    form = ActivityForm()
    form.reason.flags.required = False
    if form.is_submitted() and form.validate():
        made = form.attempt(lambda: verbs.record(db.session, current_actor(), form.facts(), files=form.proofs()))
        if made:
            flash(_("Đã ghi vào sổ hoạt động."), "success")
            return redirect(url_for("authority.plan_activity", activity_id=made.id), 303)
    if not form.is_submitted():
        form.count.data, form.held_on.data = 1, today()
    page = render_template("authority/activities/form.html", form=form, activity=None)
    return page, 422 if form.errors else 200


@bp.get("/activities/<int:activity_id>")
@requires(Permission.PLANS_READ)
def plan_activity(activity_id: int) -> str:
    """``?business=`` looks for businesses that took part, by part of a name."""
    return _show(existing(Activity, activity_id))


@bp.route("/activities/<int:activity_id>/edit", methods=["GET", "POST"])
@requires(Permission.ACTIVITIES_WRITE)
def edit_plan_activity(activity_id: int) -> Answer:
    activity = existing(Activity, activity_id)
    form = ActivityForm()
    if not form.is_submitted():
        form.show(activity)
    elif form.validate() and form.attempt(
        lambda: verbs.change(
            db.session,
            current_actor(),
            activity_id,
            form.facts(),
            reason=form.reason.data or "",
            files=form.proofs(),
            version=form.seen,
        )
    ):
        flash(_("Đã sửa. Nội dung trước khi sửa vẫn được giữ."), "success")
        return redirect(url_for("authority.plan_activity", activity_id=activity_id), 303)
    page = render_template("authority/activities/form.html", form=form, activity=activity)
    return page, 422 if form.errors else 200


@bp.post("/activities/<int:activity_id>/withdraw")
@requires(Permission.ACTIVITIES_WRITE)
def withdraw_plan_activity(activity_id: int) -> Answer:
    form = WithdrawForm()
    reason = form.reason.data or ""
    return _do(
        activity_id,
        form,
        lambda: verbs.withdraw(db.session, current_actor(), activity_id, reason=reason, version=form.seen),
        _("Đã rút khỏi sổ; hoạt động này không còn được đếm."),
    )


@bp.post("/activities/<int:activity_id>/participants")
@requires(Permission.ACTIVITIES_WRITE)
def add_plan_participants(activity_id: int) -> Answer:
    chosen = [identifier(each) for each in request.form.getlist("business_id")]
    return _do(
        activity_id,
        Form(),
        lambda: [verbs.add_participants(db.session, current_actor(), activity_id, chosen)],
        _("Đã ghi cơ sở tham dự."),
    )


@bp.post("/activities/<int:activity_id>/participants/<int:participant_id>/remove")
@requires(Permission.ACTIVITIES_WRITE)
def remove_plan_participant(activity_id: int, participant_id: int) -> Answer:
    return _do(
        activity_id,
        Form(),
        lambda: verbs.remove_participant(db.session, current_actor(), activity_id, participant_id),
        _("Đã bỏ cơ sở khỏi danh sách tham dự."),
    )


def _do(activity_id: int, form: Form, verb: Callable[[], Any], sentence: str) -> Answer:
    activity = existing(Activity, activity_id)
    if form.validate() and form.attempt(verb) is not None:
        flash(sentence, "success")
        return redirect(url_for("authority.plan_activity", activity_id=activity_id), 303)
    return _show(activity, form), 422


def _show(activity: Activity, form: Form | None = None) -> str:
    typed = filters.text("business")
    participants = db.session.scalars(participants_of(activity.id)).all()
    there = {each.business_id for each in participants}
    withdrawing = form if isinstance(form, WithdrawForm) else WithdrawForm(formdata=None)
    withdrawing.version.data = str(activity.version)
    return render_template(
        "authority/activities/show.html",
        activity=activity,
        files=db.session.scalars(files_of(activity.id)).all(),
        participants=participants,
        links=verbs.new_links(db.session, activity),
        versions=db.session.scalars(activity_versions_of(activity.id)).all(),
        typed=typed,
        found=[each for each in db.session.scalars(buyers_named(typed)) if each.id not in there] if typed else [],
        form=form or Form(),
        withdrawing=withdrawing,
    )
