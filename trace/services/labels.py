"""Handing out labels: drawn, looked at by a machine, followed to their page, and only then given away."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from ..domain import public_code
from ..domain.batches import BatchStatus, BusinessNotApproved, refuse_recalled
from ..domain.dates import format_date
from ..domain.digital_link import short_link
from ..domain.errors import N_, NotFound
from ..domain.labels import LabelLeadsNowhere, LabelsNotReady, check_count, packs_possible
from ..domain.permissions import Actor, Permission, require
from ..domain.products import RECYCLING
from ..labels.designs import LabelText
from ..labels.preflight import check_png
from ..labels.symbols import qr_symbol, symbol_png, symbol_svg
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.labels import SINGLE, LabelIssue, labels_made_for
from ..storage.printers import use_of
from . import audit, resolver
from .clock import now
from .completeness import lock
from .reach import climbed
from .reviews import check_free

MODULE_MM = 0.5
MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


class SymbolFormat(StrEnum):
    PNG = "png"
    SVG = "svg"


@dataclass(frozen=True)
class LabelFile:
    name: str
    media_type: str
    data: bytes


def make_symbol(
    session: Session, actor: Actor, batch_id: int, *, file_format: SymbolFormat, public_url: str
) -> LabelFile:
    """The QR symbol alone, 0.5 mm a module, the PNG with its code below. Raises what ``ready_batch`` raises."""
    batch = ready_batch(session, actor, batch_id)
    code = batch.public_code or ""
    symbol = qr_symbol(short_link(public_url, code))
    png = symbol_png(symbol, dots_per_module=12, dots_per_inch=12 / MODULE_MM * 25.4, caption=public_code.grouped(code))
    check_png(png, symbol.link)
    data = png if file_format is SymbolFormat.PNG else symbol_svg(symbol, module_mm=MODULE_MM).encode()
    return hand_out(session, actor, batch, file_format, data, count=1)


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


def label_text(session: Session, batch: Batch, public_url: str) -> LabelText:
    """With the certificates that held when it was made, and what to do with the pack."""
    code, material = batch.public_code or "", batch.product.packaging_material
    found = resolver.resolve(session, code).batch
    held = [each.scheme.label for each in found.certificates if each.counts] if found else []
    return LabelText(
        product=batch.product.name,
        producer=batch.business.legal_name,
        lot=batch.lot,
        code_groups=public_code.grouped(code),
        link=short_link(public_url, code),
        production_date=format_date(batch.production_date),
        best_before=format_date(batch.best_before) if batch.best_before else "",
        commune=gazetteer().commune(batch.site.commune_code).full_name,
        certificates=", ".join(held),
        packaging=RECYCLING.get(material, "") if material else "",
        gtin=batch.product.gtin or "",
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
    printer: str = "",
) -> LabelFile:
    """Follow the link, write down who got what and on which saved printer, and give the file away."""
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
    if printer:
        session.execute(use_of(batch.business_id, printer, now()))
    audit.record(session, actor, "labels:make", batch, changes={"format": str(file_format), "count": count})
    climbed(session, batch)
    session.commit()
    number = "" if file_format in SINGLE else f"-{count}"
    media_type = MEDIA_TYPES.get(file_format, "application/octet-stream")
    return LabelFile(f"tem-{code}{number}.{file_format}", media_type, data)
