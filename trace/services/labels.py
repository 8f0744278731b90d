"""Handing out labels: drawn, looked at by a machine, followed to their page, and only then given away."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.batches import BatchStatus, BusinessNotApproved, refuse_recalled
from ..domain.dates import format_date
from ..domain.digital_link import short_link
from ..domain.errors import N_, Conflict, NotFound
from ..domain.labels import LabelLeadsNowhere, LabelsNotReady, MoreLabelsThanPacks, check_count, packs_possible
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean_lines
from ..labels.designs import LabelText
from ..labels.geometry import Offset, SheetGeometry
from ..labels.preflight import check_pdf, check_png
from ..labels.previews import label_preview
from ..labels.runs import LabelRun
from ..labels.sheets import sheet_parts
from ..labels.symbols import qr_symbol, symbol_png, symbol_svg
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.labels import SINGLE, LabelIssue, labels_made_for
from . import audit, excesses, resolver
from .changes import load_for_change
from .clock import now
from .completeness import lock
from .reach import climbed
from .reviews import check_free

MODULE_MM = 0.5
MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


class SymbolFormat(StrEnum):
    PNG = "png"
    SVG = "svg"


@dataclass(frozen=True, kw_only=True)
class SheetOrder:
    """``sheet`` names one of ``labels.geometry.COMMON_SHEETS``; empty where the geometry was typed in."""

    geometry: SheetGeometry
    count: int
    sheet: str = ""
    start_position: int = 1
    offset: Offset = Offset()  # noqa: RUF009 - frozen


@dataclass(frozen=True)
class LabelFile:
    name: str
    media_type: str
    data: bytes


def make_symbol(
    session: Session, actor: Actor, batch_id: int, *, file_format: SymbolFormat, public_url: str
) -> LabelFile:
    """The QR symbol alone, 0.5 mm a module, the PNG with its code below. Raises what ``make_sheet`` raises."""
    batch = ready_batch(session, actor, batch_id)
    code = batch.public_code or ""
    symbol = qr_symbol(short_link(public_url, code))
    png = symbol_png(symbol, dots_per_module=12, dots_per_inch=12 / MODULE_MM * 25.4, caption=public_code.grouped(code))
    check_png(png, symbol.link)
    data = png if file_format is SymbolFormat.PNG else symbol_svg(symbol, module_mm=MODULE_MM).encode()
    return hand_out(session, actor, batch, file_format, data, count=1)


def make_sheet(
    session: Session,
    actor: Actor,
    batch_id: int,
    order: SheetOrder,
    *,
    excess_reason: str = "",
    public_url: str,
) -> LabelFile:
    """A PDF of labels. Raises LabelsNotReady, BusinessNotApproved, BatchUnderReview, MoreLabelsThanPacks (without an
    ``excess_reason``), InvalidInput or LabelTooSmall for what cannot be printed, LabelDoesNotScan, LabelLeadsNowhere."""
    batch = ready_batch(session, actor, batch_id)
    excess_reason = clean_lines(excess_reason, field="excess_reason")
    if not excess_reason:
        check_packs(session, batch, order.count)
    label, version = label_text(batch, public_url), batch.version
    session.rollback()  # drawing ten thousand labels must not hold the write lock
    run = LabelRun.of_equal(label, order.count)
    pdf = b"".join(sheet_parts(run, order.geometry, start_position=order.start_position, offset=order.offset))
    check_pdf(pdf, label.link)
    batch = load_for_change(session, Batch, ready_batch(session, actor, batch_id).id)  # no two count at once
    if batch.version != version:
        raise Conflict
    try:
        check_packs(session, batch, order.count)
    except MoreLabelsThanPacks as excess:
        if not excess_reason:
            raise
        excesses.keep_labels(session, actor, batch, excess_reason, excess)
    return hand_out(session, actor, batch, "pdf", pdf, count=order.count, paper=asdict(order))


def preview_label(session: Session, actor: Actor, batch_id: int, geometry: SheetGeometry, *, public_url: str) -> bytes:
    """PNG of one label. Raises what ``make_sheet`` raises for a label that is too small."""
    return label_preview(label_text(ready_batch(session, actor, batch_id), public_url), geometry)


def check_packs(session: Session, batch: Batch, count: int) -> None:
    """Raises MoreLabelsThanPacks."""
    check_count(count, made=int(session.scalars(labels_made_for(batch.id)).one()), packs=possible_packs(batch))


def possible_packs(batch: Batch) -> int | None:
    return packs_possible(batch.amount, batch.product.pack_sizes, batch.product.unit)


def ready_batch(session: Session, actor: Actor, batch_id: int) -> Batch:
    """The batch, if labels may be made for it now. Raises LabelsNotReady, BusinessNotApproved or BatchUnderReview."""
    batch = session.get(Batch, batch_id)
    if batch is None:
        raise NotFound
    require(actor, Permission.LABELS_MAKE, batch.business_id)
    refuse_recalled(batch.recall_id, batch.lot)
    if batch.status is BatchStatus.WITHDRAWN:
        raise LabelsNotReady(N_("Lô này đã bị rút nên không in tem nữa."))
    if batch.status is not BatchStatus.PUBLISHED:
        raise LabelsNotReady
    refuse_unapproved(batch.business)
    check_free([batch])
    return batch


def refuse_unapproved(business: Business) -> None:
    if not business.status.may_publish:
        raise BusinessNotApproved(N_("Cơ sở hiện không ở tình trạng được duyệt nên chưa in được tem."))


def follow_link(session: Session, batch: Batch) -> None:
    """As a shopper's phone would. Raises LabelLeadsNowhere."""
    found = resolver.resolve(session, batch.public_code or "").batch
    if found is None or found.id != batch.id or not found.product_name:
        raise LabelLeadsNowhere


def label_text(batch: Batch, public_url: str) -> LabelText:
    code = batch.public_code or ""
    return LabelText(
        product=batch.product.name,
        producer=batch.business.legal_name,
        lot=batch.lot,
        code_groups=public_code.grouped(code),
        link=short_link(public_url, code),
        production_date=format_date(batch.production_date),
        best_before=format_date(batch.best_before) if batch.best_before else "",
        commune=gazetteer().commune(batch.site.commune_code).full_name,
    )


def hand_out(
    session: Session,
    actor: Actor,
    batch: Batch,
    file_format: str,
    data: bytes,
    *,
    count: int,
    paper: Mapping[str, Any] | None = None,
) -> LabelFile:
    """Follow the link, write down who got what, and give the file away."""
    lock(session, batch.id)
    follow_link(session, batch)
    code = batch.public_code or ""
    issue = LabelIssue(
        batch_id=batch.id,
        business_id=batch.business_id,
        count=count,
        format=str(file_format),
        geometry=dict(paper or {}),
        made_by=actor.user_id,
        made_by_name=actor.name,
        at=now(),
    )
    session.add(issue)
    audit.record(session, actor, "labels:make", batch, changes={"format": str(file_format), "count": count})
    climbed(session, batch)
    session.commit()
    number = "" if file_format in SINGLE else f"-{count}"
    media_type = MEDIA_TYPES.get(file_format, "application/octet-stream")
    return LabelFile(f"tem-{code}{number}.{file_format}", media_type, data)
