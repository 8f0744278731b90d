"""From an issue of stamps to what its labels say, in the way in which it is to be printed."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy.orm import Session

from ..domain import public_code, stamps
from ..domain.digital_link import DigitalLink, short_link
from ..domain.errors import N_, InvalidInput
from ..domain.identifiers import Gtin
from ..domain.printers import Printer, PrinterLanguage, Way
from ..domain.stamps import StampKeys
from ..labels.designs import Design, LabelText
from ..labels.formats import Format, LinkListFormat, PrinterFormat, RollFormat, SheetFormat
from ..labels.geometry import COMMON_SHEETS, Offset, RollGeometry, SheetGeometry
from ..labels.runs import LabelRun
from ..storage.addresses import gazetteer
from ..storage.batches import Batch
from ..storage.businesses import Business
from ..storage.labels import LabelIssue
from .labels import label_text

SCAN_TO_SEE = "quét mã để xem"
"""For the lot, on labels that were printed before there was one: printed labels speak Vietnamese."""


def run_of(session: Session, keys: StampKeys, issue: LabelIssue, public_url: str) -> LabelRun:
    """All its stamps. Raises InvalidInput for a design that the product cannot have; StampKeyMissing where one is drawn."""
    design = Design(issue.geometry.get("design", Design.RETAIL))
    code, ordinal, key_id = issue.public_code or "", issue.ordinal or 0, issue.key_id or ""
    if issue.batch is None:
        label, prefix = _blank(session.get_one(Business, issue.business_id), code, public_url), ""
    else:
        label = label_text(session, issue.batch, public_url)
        prefix = gs1_link(issue.batch, public_url) + "/21" if design is Design.GS1 else ""
    prefix = prefix or short_link(public_url, code)

    def serials(start: int, stop: int) -> list[str]:
        return keys.serials(key_id, code, ordinal, start, stop)

    return LabelRun(
        label,
        issue.count,
        lambda start, stop: [f"{prefix}/{serial}" for serial in serials(start, stop)],
        lambda start, stop: [stamps.grouped(serial) for serial in serials(start, stop)],
        design,
    )


def _blank(business: Business, code: str, public_url: str) -> LabelText:
    """Whose it is and where they are: what it will be stuck on nobody knows yet."""
    return LabelText(
        product=business.legal_name,
        producer=gazetteer().commune(business.commune_code).full_name,
        lot=SCAN_TO_SEE,
        code_groups=public_code.grouped(code),
        link=short_link(public_url, code),
        production_date="",
    )


def gs1_link(batch: Batch, public_url: str) -> str:
    """Of the batch, as printed. Raises InvalidInput for a product without a GTIN."""
    if not batch.product.gtin:
        raise InvalidInput(
            N_("Mẫu tem GS1 cần mã vạch (GTIN) của sản phẩm. Hãy thêm mã vạch hoặc chọn mẫu khác."), field="design"
        )
    return DigitalLink(gtin=Gtin(batch.product.gtin), lot=batch.lot).printed(public_url)


def common_sheet(key: str) -> SheetFormat:
    """Raises InvalidInput."""
    if key not in COMMON_SHEETS:
        raise InvalidInput(N_("Hãy chọn một tờ tem trong danh sách."), field="sheet")
    return SheetFormat(COMMON_SHEETS[key].geometry, sheet=key)


def chosen_way(
    way: Way,
    *,
    sheet: SheetFormat | None = None,
    roll: RollGeometry | None = None,
    offset: Offset | None = None,
    **settings: Any,
) -> Format:
    """``settings`` are more of ``Printer``'s, for a way that is a printer's language. Raises InvalidInput."""
    roll, offset = roll or RollGeometry(50, 30), offset or Offset()
    match way:
        case Way.CSV:
            return LinkListFormat()
        case Way.ROLL:
            return RollFormat(roll, offset)
        case Way.SHEET:
            return replace(sheet or common_sheet("tomy-145"), offset=offset)
    settings |= {"offset_x": offset.x, "offset_y": offset.y, "scale": offset.scale}
    return PrinterFormat(roll, Printer(language=PrinterLanguage(way.value), **settings))


def described(way: Format) -> dict[str, Any]:
    """As an issue and a saved printer keep it; ``way_of`` reads it again."""
    match way:
        case SheetFormat() | RollFormat():
            return asdict(way)
        case PrinterFormat():
            return {"roll": asdict(way.roll), "printer": asdict(way.printer)}
    return {}


def way_of(extension: str, paper: Mapping[str, Any]) -> Format:
    if extension == "csv":
        return LinkListFormat()
    if "geometry" in paper:
        place, offset = paper["start_position"], Offset(**paper["offset"])
        return SheetFormat(SheetGeometry(**paper["geometry"]), place, offset, paper.get("sheet", ""))
    roll = RollGeometry(**paper["roll"])
    if extension == "pdf":
        return RollFormat(roll, Offset(**paper["offset"]))
    settings = {**paper["printer"], "language": PrinterLanguage(paper["printer"]["language"])}
    return PrinterFormat(roll, Printer(**settings))
