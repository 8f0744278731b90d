"""Stamps of a business: what was issued, what became of each stretch, and what was odd in their scans."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask_babel import ngettext

from ...domain.batches import BatchStatus
from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...domain.stamps import RangeKind
from ...request.access import current_actor, owned, requires
from ...request.database import db
from ...request.settings import stamp_keys
from ...services import stamp_ranges
from ...services.label_files import seconds_left
from ...services.stamp_ranges import summary
from ...storage.batches import Batch, batches_of
from ...storage.labels import LabelFile, LabelIssue, StampRange, ranges_of, rolls_of
from ...storage.pages import newest_first
from ...storage.stamps import StampSignal, signals_where
from .. import filters
from ..formats import number
from .blueprint import Answer, bp
from .stamp_forms import BindForm, StretchForm, VoidForm

CHOICES = 60  # newest batches that a stretch may be bound to
FORMS = {RangeKind.ACTIVATED: StretchForm, RangeKind.VOIDED: VoidForm, RangeKind.BOUND: BindForm}


@bp.get("/<int:business_id>/stamps")
@requires(Permission.BATCHES_READ)
def stamps(business_id: int) -> str:
    """Blank rolls, and what was odd in the scans of all stamps."""
    page = newest_first(
        db.session, signals_where(business_id=business_id), StampSignal.id, after=filters.identifier("after")
    )
    rolls = newest_first(db.session, rolls_of(business_id), LabelIssue.id)
    return render_template("workspace/stamps/list.html", page=page, rolls=rolls.items)


@bp.get("/<int:business_id>/stamps/<int:issue_id>")
@requires(Permission.BATCHES_READ)
def stamp_issue(business_id: int, issue_id: int) -> str:
    return _page(_issue(issue_id, business_id))


@bp.post("/<int:business_id>/stamps/<int:issue_id>/<any(activated, voided, bound):kind>")
@requires(Permission.LABELS_MAKE)
def change_stamps(business_id: int, issue_id: int, kind: str) -> Answer:
    """Activate, void or bind the stretch from one stamp to another."""
    issue, wanted = _issue(issue_id, business_id), RangeKind(kind)
    if (wanted is RangeKind.BOUND) != (issue.batch_id is None) and wanted is not RangeKind.VOIDED:
        raise NotFound
    form = FORMS[wanted](prefix=kind)
    if form.validate_on_submit() and (made := form.attempt(_change, form, issue)):
        count = made.last - made.first + 1
        flash(ngettext("Đã ghi cho %(count)s tem.", "Đã ghi cho %(count)s tem.", count, count=number(count)), "success")
        return redirect(url_for("workspace.stamp_issue", business_id=business_id, issue_id=issue_id), 303)
    return _page(owned(LabelIssue, issue_id, business_id), wanted, form), 422


def _change(form: StretchForm, issue: LabelIssue) -> StampRange:
    actor, issue_id = current_actor(), issue.id
    locate = partial(stamp_ranges.locate, db.session, stamp_keys(), issue)
    first = locate(form.typed("first"), field="first")
    last = locate(form.typed("last"), field="last")
    if isinstance(form, VoidForm):
        return stamp_ranges.void(db.session, actor, issue_id, first, last, reason=form.reason.data or "")
    if isinstance(form, BindForm):
        reason = form.excess_reason.data or ""
        return stamp_ranges.bind(
            db.session, actor, issue_id, first, last, batch_id=form.batch.data, excess_reason=reason
        )
    return stamp_ranges.activate(db.session, actor, issue_id, first, last)


def _issue(issue_id: int, business_id: int) -> LabelIssue:
    issue = owned(LabelIssue, issue_id, business_id)
    if issue.ordinal is None:
        raise NotFound  # labels without serials are all alike: there is nothing to say of one
    return issue


def _page(issue: LabelIssue, sent: RangeKind | None = None, form: StretchForm | None = None) -> str:
    ranges = db.session.scalars(ranges_of([issue.id])).all()
    kinds = [RangeKind.ACTIVATED if issue.batch_id else RangeKind.BOUND, RangeKind.VOIDED]
    forms = {kind: form if kind is sent and form else FORMS[kind](formdata=None, prefix=kind) for kind in kinds}
    if isinstance(binding := forms.get(RangeKind.BOUND), BindForm):
        asked = batches_of(issue.business_id, status=BatchStatus.PUBLISHED)
        found = newest_first(db.session, asked, Batch.id, size=CHOICES).items
        binding.batch.choices = [(batch.id, f"{batch.lot} – {batch.product.name}") for batch in found]
    file = db.session.get(LabelFile, issue.id)
    left = seconds_left(file, issue.count) if file else None
    return render_template(
        "workspace/stamps/issue.html",
        issue=issue,
        file=file,
        minutes_left=None if left is None else int(left // 60) + 1,
        ranges=sorted(ranges, key=lambda each: each.id, reverse=True),
        counts=summary(ranges),
        forms=forms,
        sent=sent,
    )
