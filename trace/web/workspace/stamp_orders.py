"""Ordering stamps for a batch or on a blank roll, and fetching their file."""

from base64 import b64encode
from dataclasses import asdict
from enum import StrEnum
from typing import Any, TypeVar

from flask import redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from ...domain.errors import InvalidFields, TraceError
from ...domain.permissions import Permission
from ...domain.printers import DOTS_PER_MM
from ...labels.designs import Design
from ...labels.formats import Format
from ...labels.geometry import COMMON_ROLLS, COMMON_SHEETS, Offset, RollGeometry
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.jobs import write_labels_after
from ...request.settings import public_url, settings, stamp_keys
from ...services import label_files, label_issues
from ...services.label_issues import IssueOrder
from ...services.label_runs import Way, chosen_way
from ...services.labels import possible_packs, ready_batch
from ...storage.batches import Batch
from ...storage.labels import LabelIssue, labels_made_for, latest_stamps_of
from ..fields import Required, WholeNumberField
from ..forms import Form
from .blueprint import Answer, bp
from .label_forms import USUAL_SHEET, MillimetreField, size_of

USUAL_ROLL = "50 × 30"
Kind = TypeVar("Kind", bound=StrEnum)


class StampOrderForm(Form):
    count = WholeNumberField(_l("Số tem"), [Required()])
    design = SelectField(_l("Mẫu tem"), [Required()], validate_choice=False)
    way = SelectField(_l("In bằng"), [Required()], validate_choice=False)
    sheet = SelectField(_l("Giấy tem"), [Required()], default=USUAL_SHEET, validate_choice=False)
    roll = SelectField(_l("Cuộn tem"), [Required()], default=USUAL_ROLL, validate_choice=False)
    dots_per_inch = SelectField(_l("Độ phân giải máy in"), [Required()], default="203", validate_choice=False)
    offset_x = MillimetreField(_l("Dịch ngang"), default=0.0)
    offset_y = MillimetreField(_l("Dịch dọc"), default=0.0)
    excess_reason = StringField(_l("Vì sao cần nhiều tem hơn số gói"), [Required()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.design.choices = [
            (Design.RETAIL.value, _("Bán lẻ: tên, ngày, nơi làm ra")),
            (Design.SMALL.value, _("Nhỏ: mã và số tem")),
            (Design.GS1.value, _("GS1: kèm mã vạch EAN-13")),
        ]
        self.way.choices = [
            (Way.SHEET.value, _("Máy in văn phòng, tờ A4 (PDF)")),
            (Way.ROLL.value, _("Máy in tem, mỗi trang một tem (PDF)")),
            (Way.ZPL.value, _("Máy in tem Zebra (ZPL)")),
            (Way.TSPL.value, _("Máy in tem TSC, Xprinter, Godex (TSPL)")),
            (Way.ESCPOS.value, _("Máy in hóa đơn (ESC/POS)")),
            (Way.CSV.value, _("Nhà in: danh sách đường dẫn (CSV)")),
        ]
        self.sheet.choices = [(key, f"{_(one.name)} – {size_of(one.geometry)}") for key, one in COMMON_SHEETS.items()]
        self.roll.choices = [(_name(roll), f"{_name(roll)} mm") for roll in COMMON_ROLLS]
        self.dots_per_inch.choices = [(str(dots), f"{dots} dpi") for dots in DOTS_PER_MM]

    def start(self, latest: LabelIssue | None, *, packs_left: int | None) -> None:
        """As last time, with a stamp for each pack that has none."""
        paper: dict[str, Any] = latest.geometry if latest else {}
        self.count.data = packs_left or 100
        self.design.data = paper.get("design", Design.SMALL.value)  # which fits every paper
        self.way.data = (
            Way.SHEET.value
            if latest is None or "geometry" in paper
            else Way.ROLL.value
            if latest.format == "pdf"
            else latest.format
        )
        same = (key for key, one in COMMON_SHEETS.items() if asdict(one.geometry) == paper.get("geometry"))
        self.sheet.data, self.roll.data, self.dots_per_inch.data = next(same, USUAL_SHEET), USUAL_ROLL, "203"
        if "roll" in paper:
            self.roll.data = _name(RollGeometry(**paper["roll"]))
        if "printer" in paper:
            printer = paper["printer"]
            self.dots_per_inch.data = str(printer["dots_per_inch"])
            self.offset_x.data, self.offset_y.data = printer["offset_x"], printer["offset_y"]
        elif "offset" in paper:
            self.offset_x.data, self.offset_y.data = paper["offset"]["x"], paper["offset"]["y"]

    def order(self) -> IssueOrder:
        """Raises InvalidInput."""
        return IssueOrder(
            count=self.count.data or 0, way=self._way(), design=_member(Design, self.design.data, Design.RETAIL)
        )

    def _way(self) -> Format:
        roll = next((each for each in COMMON_ROLLS if _name(each) == self.roll.data), None)
        return chosen_way(
            _member(Way, self.way.data, Way.SHEET),
            sheet=self.sheet.data or "",
            roll=roll,
            dots_per_inch=int(self.dots_per_inch.data) if self.dots_per_inch.data in map(str, DOTS_PER_MM) else 203,
            offset=Offset(self.offset_x.data or 0.0, self.offset_y.data or 0.0),
        )


@bp.route("/<int:business_id>/batches/<int:batch_id>/stamps", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def new_stamps(business_id: int, batch_id: int) -> Answer:
    """Stamps of a batch: what is chosen is previewed, and issued by its button."""
    batch = owned(Batch, batch_id, business_id)
    try:
        ready_batch(db.session, current_actor(), batch_id)
    except TraceError as error:
        sentence = _(error.message, **error.values)
        page = render_template("workspace/labels/refused.html", batch=batch, sentence=sentence)
        return page, 200 if request.method == "GET" else error.status
    made, packs = db.session.scalars(labels_made_for(batch_id)).one(), possible_packs(batch)
    left = max(packs - made, 0) if packs is not None else None
    return _order(business_id, batch, packs_left=left, made=made, packs=packs)


@bp.route("/<int:business_id>/stamps/rolls", methods=["GET", "POST"])
@requires(Permission.LABELS_MAKE)
def new_stamp_roll(business_id: int) -> Answer:
    """A blank roll."""
    return _order(business_id, None, packs_left=None)


@bp.post("/<int:business_id>/stamps/<int:issue_id>/file")
@requires(Permission.LABELS_MAKE)
def make_stamp_file(business_id: int, issue_id: int) -> Response:
    """Again, where it failed or was cleared away."""
    owned(LabelIssue, issue_id, business_id)
    _write(issue_id)
    return redirect(url_for("workspace.stamp_issue", business_id=business_id, issue_id=issue_id), 303)


@bp.get("/<int:business_id>/stamps/<int:issue_id>/file")
@requires(Permission.LABELS_MAKE)
def stamp_file(business_id: int, issue_id: int) -> Response:
    """A download that was broken off goes on where it stopped (RFC 9110 §14)."""
    owned(LabelIssue, issue_id, business_id)
    issue, path = label_files.ready_file(db.session, current_actor(), issue_id, settings().labels_path)
    kind = "application/pdf" if issue.format == "pdf" else "application/octet-stream"
    name = f"tem-{issue.public_code}-{(issue.ordinal or 0) + 1}.{issue.format}"
    return send_file(path, kind, as_attachment=True, download_name=name, max_age=0)


def _order(business_id: int, batch: Batch | None, *, packs_left: int | None, **shown: Any) -> Answer:
    form = StampOrderForm()
    if not form.is_submitted():
        form.start(db.session.scalar(latest_stamps_of(business_id)), packs_left=packs_left)
    elif (
        form.validate_on_submit()
        and request.form.get("want") == "issue"
        and (issue := form.attempt(_issue, form, business_id, batch.id if batch else None))
    ):
        _write(issue.id)
        return redirect(url_for("workspace.stamp_issue", business_id=business_id, issue_id=issue.id), 303)
    page = render_template(
        "workspace/stamps/order.html", form=form, batch=batch, preview=_preview(form, business_id, batch), **shown
    )
    return page, 422 if form.errors else 200


def _issue(form: StampOrderForm, business_id: int, batch_id: int | None) -> LabelIssue:
    asked: dict[str, Any] = {"keys": stamp_keys(), "public_url": public_url()}
    if batch_id is None:
        return label_issues.issue_roll(db.session, current_actor(), business_id, form.order(), **asked)
    reason = form.excess_reason.data or ""
    return label_issues.issue(db.session, current_actor(), batch_id, form.order(), excess_reason=reason, **asked)


def _preview(form: StampOrderForm, business_id: int, batch: Batch | None) -> str | None:
    """One stamp of true size as a data URI; None, with the reason among the form's errors, where there is nothing to see."""
    try:
        svg = label_issues.preview(
            db.session, current_actor(), business_id, batch, form.order(), stamp_keys(), public_url()
        )
    except TraceError as error:
        if not form.errors:
            for one in error.errors if isinstance(error, InvalidFields) else [error]:
                form.refuse(one)
        return None
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _write(issue_id: int) -> None:
    label_files.ask_for(db.session, current_actor(), issue_id)
    write_labels_after(issue_id)


def _name(roll: RollGeometry) -> str:
    """``50 × 30``"""
    return f"{roll.label_width:g} × {roll.label_height:g}"


def _member(kind: type[Kind], value: str | None, usual: Kind) -> Kind:
    return kind(value) if value in set(kind) else usual
