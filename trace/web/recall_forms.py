"""The forms of recalls, for the pages of businesses and of the department, and what both show of a case."""

from typing import Any, Self

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField

from ..domain.errors import InvalidFields, NotFound
from ..domain.quantities import parse_amount
from ..domain.recalls import DECIDE, WAITING, Disposal, RecallClass, RecallStatus, Scope, ScopeKind, due
from ..request.access import current_actor
from ..request.database import db
from ..request.language import select_language
from ..services import recall_reports, recalls
from ..services.changes import Faults
from ..services.clock import now, today
from ..services.exports import xlsx_parts
from ..services.phones import format_phone
from ..services.recall_answers import Found, next_reminder
from ..services.recalls import RecallFacts
from ..storage.businesses import Business
from ..storage.pages import oldest_first
from ..storage.recall_scope import periods
from ..storage.recalls import Recall, RecallHolder, RecallItem, holders_of, silent_count
from ..storage.sites import sites_of
from . import filters
from .fields import CHOOSE, DayField, KindRadioField, Required, identifier
from .forms import Form


class RecallForm(Form):
    recall_class = KindRadioField(_l("Mức độ thu hồi"), RecallClass, validators=[Required()])
    reason = TextAreaField(_l("Lý do thu hồi"), [Required()])
    kind = KindRadioField(_l("Thu hồi những lô nào"), ScopeKind, validators=[Required()])
    codes = TextAreaField(_l("Mã truy xuất của các lô"))
    site_id = SelectField(_l("Nơi sản xuất"), coerce=identifier, validate_choice=False)
    since = DayField(_l("Sản xuất từ ngày"))
    until = DayField(_l("Đến ngày"))
    material = StringField(_l("Tên vật tư như ghi trong nhật ký"))
    lot = StringField(_l("Số lô của vật tư"))
    product = StringField(_l("Tên gọi cho người mua dễ nhận ra"))
    instructions = TextAreaField(_l("Trả hàng ở đâu, đổi thế nào"))
    phone = StringField(_l("Điện thoại để người mua hỏi"), [Required()])

    def offer(self, business: Business | None) -> Self:
        """The places of a business; its batches are named in ``?codes=``."""
        sites = db.session.scalars(sites_of(business.id)).all() if business else []
        self.business_id = business.id if business else None
        self.site_id.choices = [(0, CHOOSE), *((site.id, site.name) for site in sites)]
        if not self.is_submitted():
            self.kind.data, self.codes.data = ScopeKind.BATCHES, filters.text("codes")
            self.phone.data = format_phone(business.phone) if business and not self._by_officer() else ""
        return self

    def facts(self) -> RecallFacts:
        scope = Scope(
            kind=self.kind.data or ScopeKind.BATCHES,
            codes=tuple((self.codes.data or "").replace(",", " ").split()),
            site_id=self.site_id.data or None,
            since=self.since.data,
            until=self.until.data,
            material=self.material.data or "",
            lot=self.lot.data or "",
            business_id=self.business_id,
        )
        return RecallFacts(
            recall_class=self.recall_class.data,
            reason=self.reason.data or "",
            scope=scope,
            phone=self.phone.data or "",
            product=self.product.data or "",
            instructions=self.instructions.data or "",
        )

    @staticmethod
    def _by_officer() -> bool:
        return request.blueprint == "authority"


class ConfirmForm(Form):
    word = StringField(_l("Gõ chữ THU HỒI để xác nhận"), [Required()])
    seen = StringField()

    @property
    def count(self) -> int | None:
        return identifier(self.seen.data or "") or None


class CloseForm(Form):
    conclusion = TextAreaField(_l("Kết luận: nguyên nhân, kết quả, cách phòng ngừa"), [Required()])


class CallForm(Form):
    note = TextAreaField(_l("Họ nói gì"), [Required()])


class AnswerForm(Form):
    """Beside its own fields, ``amount-<item>`` and ``disposal-<item>`` for each item; an empty amount is no answer."""

    note = TextAreaField(_l("Ghi chú"))
    evidence = FileField(_l("Biên bản, ảnh"))

    def found(self, items: list[RecallItem]) -> list[Found]:
        """Raises InvalidFields."""
        faults, found = Faults(), list[Found]()
        for item in items:
            typed = request.form.get(f"amount-{item.id}", "").strip()
            if not typed:
                continue
            chosen = request.form.get(f"disposal-{item.id}", "")
            amount = 0 if typed == "0" else faults.attempt(parse_amount, typed, item.product.unit)
            disposal = Disposal(chosen) if chosen in list(Disposal) else None
            found.append(Found(item_id=item.id, amount=amount or 0, disposal=disposal))
        if faults.errors:
            raise InvalidFields(faults.errors)
        return found


def report(recall: Recall, extension: str) -> Response:
    """The report of a confirmed recall as a file: ``pdf`` or ``xlsx``."""
    if recall.number is None:
        raise NotFound
    name, locale = f"{recall.number}.{extension}", select_language()
    if extension == "pdf":
        body: Any = recall_reports.write_pdf(db.session, recall, locale)
        media_type = "application/pdf"
    else:
        body = xlsx_parts(
            recall_reports.COLUMNS, list(recall_reports.rows(db.session, current_actor(), recall)), locale
        )
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(body, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def case_values(recall: Recall) -> dict[str, Any]:
    """What a page shows of a case, to whoever leads it."""
    proposed = recall.status is RecallStatus.PROPOSED
    silent_only = request.args.get("show", "silent" if recall.status is RecallStatus.OPEN else "") == "silent"
    holders = holders_of(recall.id, silent=True if silent_only else None)
    outcome = recalls.outcome(db.session, recall.id)
    return {
        "recall": recall,
        "reach": recalls.reach(db.session, recall),
        "own": recalls.is_own(db.session, recall) if proposed else False,
        "decide_by": due(periods(), DECIDE, recall.created_at, today()) if proposed else None,
        "hours": _hours(recall),
        "progress": outcome.progress,
        "disposals": outcome.disposals,
        "silent": 0 if recall.status in WAITING else db.session.scalars(silent_count(recall.id)).one(),
        "silent_only": silent_only,
        "holders": oldest_first(db.session, holders, RecallHolder.id, after=filters.identifier("after")),
        "next_reminder": next_reminder(recall) if recall.status is RecallStatus.OPEN else None,
    }


def _hours(recall: Recall) -> int:
    """Since confirmation, until it was closed."""
    return (
        int(((recall.closed_at or now()) - recall.confirmed_at).total_seconds() // 3600) if recall.confirmed_at else 0
    )


def done(silent: int) -> str:
    return str(
        ngettext("Đã nhắc %(count)s nơi.", "Đã nhắc %(count)s nơi.", silent, count=silent)
        if silent
        else _("Không còn nơi nào im lặng.")
    )
