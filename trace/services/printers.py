"""Printers that a business saves by name, so that paper, offset and scale are entered once."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain import public_code, stamps
from ..domain.errors import N_
from ..domain.permissions import Actor, Permission, require
from ..domain.printers import LONGEST_NAME, MOST_PRINTERS, PrinterNameTaken, TooManyPrinters, UnknownPrinter
from ..domain.text import clean
from ..labels.designs import Design, LabelText
from ..labels.formats import Format, LinkListFormat
from ..labels.layout import LabelTooSmall
from ..labels.previews import Preview, preview
from ..labels.runs import LabelRun
from ..storage.businesses import Business
from ..storage.printers import SavedPrinter, printer_named, printers_of
from . import audit
from .changes import Faults, assign, load_for_change
from .clock import now
from .label_runs import described, way_of
from .labels import LabelFile

SPECIMEN_CODE, SPECIMEN_SERIAL = "7K3M9XW2QT", "7K3M9XW2QT5R0C8N"
SPECIMEN_GTIN = "08930000000019"


@dataclass(frozen=True)
class Trial:
    """What comes of a design on a printer's labels; None where it does not fit."""

    design: Design
    preview: Preview | None


def save(session: Session, actor: Actor, business_id: int, name: str, way: Format, *, public_url: str) -> SavedPrinter:
    """Raises InvalidFields, PrinterNameTaken or TooManyPrinters."""
    require(actor, Permission.LABELS_MAKE, business_id)
    business = session.get_one(Business, business_id)
    if len(session.scalars(printers_of(business_id)).all()) >= MOST_PRINTERS:
        raise TooManyPrinters(most=MOST_PRINTERS)
    saved = SavedPrinter(business_id=business_id, **_checked(business, name, way, public_url), **_by(actor))
    session.add(saved)
    _flush(session, saved)
    audit.record(session, actor, "printers:save", saved, changes={"name": saved.name, "format": saved.format})
    session.commit()
    return saved


def change(
    session: Session,
    actor: Actor,
    printer_id: int,
    name: str,
    way: Format,
    *,
    public_url: str,
    version: int | None = None,
) -> SavedPrinter:
    """Raises Conflict when ``version`` is no longer the latest. Orders made before stay as they were."""
    saved = load_for_change(session, SavedPrinter, printer_id, version)
    require(actor, Permission.LABELS_MAKE, saved.business_id)
    business = session.get_one(Business, saved.business_id)
    if changes := assign(saved, **_checked(business, name, way, public_url)):
        assign(saved, **_by(actor))
        _flush(session, saved)
        audit.record(session, actor, "printers:change", saved, changes=changes)
    session.commit()
    return saved


def remove(session: Session, actor: Actor, printer_id: int, *, version: int | None = None) -> None:
    """Orders made for it keep their paper and offset."""
    saved = load_for_change(session, SavedPrinter, printer_id, version)
    require(actor, Permission.LABELS_MAKE, saved.business_id)
    audit.record(session, actor, "printers:remove", saved, changes={"name": saved.name, "paper": saved.paper})
    session.delete(saved)
    session.commit()


def way_on(session: Session, business_id: int, name: str) -> Format:
    """As the business's printer of that name prints. Raises UnknownPrinter."""
    saved = session.scalar(printer_named(business_id, clean(name)))
    if saved is None:
        raise UnknownPrinter(field="printer", name=name)
    return way_of(saved.format, saved.paper)


def calibration_of(way: Format) -> LabelFile:
    """A file to print that shows how far the printer misses. Raises InvalidInput for a list of links."""
    return LabelFile(f"can-chinh-may-in.{way.extension}", way.media_type, way.calibration())


def trials(business: Business, way: Format, *, public_url: str) -> list[Trial]:
    """Every design tried with a stamp of an ordinary product. Raises InvalidInput for what prints none at all."""
    tried = []
    for design in Design:
        try:
            tried.append(Trial(design, preview(_specimen(business, design, public_url), way)))
        except LabelTooSmall:
            if design is Design.SMALL:
                raise
            tried.append(Trial(design, None))
    return tried


def _specimen(business: Business, design: Design, public_url: str) -> LabelRun:
    link = f"{public_url}/Q/{SPECIMEN_CODE}/{SPECIMEN_SERIAL}".upper()
    label = LabelText(
        product="Rau muống hữu cơ",
        producer=business.legal_name,
        lot="VD-0703-1",
        code_groups=public_code.grouped(SPECIMEN_CODE),
        link=link,
        production_date="07/03/2026",
        best_before="14/03/2026",
        gtin=SPECIMEN_GTIN,
    )
    serial = stamps.grouped(SPECIMEN_SERIAL)
    return LabelRun(label, 1, lambda start, stop: [link][start:stop], lambda start, stop: [serial][start:stop], design)


def _checked(business: Business, name: str, way: Format, public_url: str) -> dict[str, object]:
    faults = Faults()
    name = clean(name)
    if not name:
        faults.add(N_("Hãy đặt tên cho máy in, ví dụ “Máy in ở kho”."), field="name")
    elif len(name) > LONGEST_NAME:
        faults.add(N_("Tên quá dài (tối đa %(most)s ký tự)."), field="name", most=LONGEST_NAME)
    if isinstance(way, LinkListFormat):
        faults.add(N_("Nhà in nhận danh sách đường dẫn, không phải là máy in để lưu."), field="way")
    else:
        faults.attempt(lambda: next(way.parts(_specimen(business, Design.SMALL, public_url))))
    faults.raise_any()
    return {"name": name, "format": way.extension, "paper": described(way)}


def _by(actor: Actor) -> dict[str, object]:
    return {"saved_by": actor.user_id, "saved_by_name": actor.name, "saved_at": now()}


def _flush(session: Session, saved: SavedPrinter) -> None:
    name = saved.name
    try:
        session.flush()
    except IntegrityError:  # also where somebody else gave it a moment ago
        raise PrinterNameTaken(field="name", name=name) from None
