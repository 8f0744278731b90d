"""On what labels are printed: paper, offset and scale, typed in or taken from a saved printer."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField, StringField

from ...domain.errors import N_, InvalidFields, InvalidInput, TraceError
from ...domain.printers import DOTS_PER_MM, UnknownPrinter, Way, kind_of
from ...labels.formats import Format, PrinterFormat, RollFormat, SheetFormat
from ...labels.geometry import COMMON_ROLLS, COMMON_SHEETS, Offset, RollGeometry, SheetGeometry
from ...services.changes import Faults
from ...services.label_runs import chosen_way, common_sheet, described, way_of
from ...storage.printers import SavedPrinter
from ..fields import Required, WholeNumberField
from ..formats import measure
from ..forms import Form

Seen = TypeVar("Seen")
OWN = ""
"""Paper that is in no list."""
SHEET_LENGTHS = ("label_width", "label_height", "margin_left", "margin_top", "gap_x", "gap_y")
SHEET_NEEDS = ("label_width", "label_height", "columns", "rows", "paper_width", "paper_height")
ROLL_NEEDS = ("label_width", "label_height")
USUAL = {
    "offset_x": 0.0,
    "offset_y": 0.0,
    "scale": 100.0,
    "gap": 2.0,
    "paper_width": 210.0,
    "paper_height": 297.0,
    "width": 104.0,
}
LANGUAGES = (Way.ZPL, Way.TSPL, Way.ESCPOS)
WAYS = {
    Way.SHEET: _l("Máy in văn phòng, tờ A4 (PDF)"),
    Way.ROLL: _l("Máy in tem, mỗi trang một tem (PDF)"),
    Way.ZPL: _l("Máy in tem Zebra (ZPL)"),
    Way.TSPL: _l("Máy in tem TSC, Xprinter, Godex (TSPL)"),
    Way.ESCPOS: _l("Máy in hóa đơn (ESC/POS)"),
    Way.CSV: _l("Nhà in: danh sách đường dẫn (CSV)"),
}
PRINTERS = tuple(way for way in WAYS if way is not Way.CSV)


class MillimetreField(StringField):  # type: ignore[misc]
    """``data`` a float or None; a comma or a dot is the decimal mark."""

    unreadable = _l("Hãy nhập số mi-li-mét, ví dụ 38,1.")

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else measure(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist).strip().replace(",", ".").replace("−", "-")
        self.data: Any = None
        if text:
            if not re.fullmatch(r"-?\d{1,3}(\.\d{1,2})?", text, re.ASCII):
                raise ValueError(self.unreadable)
            self.data = float(text)


class PercentField(MillimetreField):
    unreadable = _l("Hãy nhập số phần trăm, ví dụ 100,5.")


class PaperForm(Form):
    ways: Sequence[Way] = PRINTERS
    """That are offered."""

    way = SelectField(_l("In bằng"), [Required()], default=Way.SHEET.value, validate_choice=False)
    sheet = SelectField(_l("Giấy tem"), [Required()], default="tomy-145", validate_choice=False)
    roll = SelectField(_l("Cuộn tem"), [Required()], default="50 × 30", validate_choice=False)
    label_width = MillimetreField(_l("Chiều rộng tem"), [Required()])
    label_height = MillimetreField(_l("Chiều cao tem"), [Required()])
    columns = WholeNumberField(_l("Số cột"), [Required()])
    rows = WholeNumberField(_l("Số hàng"), [Required()])
    margin_left = MillimetreField(_l("Lề trái"))
    margin_top = MillimetreField(_l("Lề trên"))
    gap_x = MillimetreField(_l("Khe giữa các cột"))
    gap_y = MillimetreField(_l("Khe giữa các hàng"))
    paper_width = MillimetreField(_l("Tờ giấy rộng"), [Required()])
    paper_height = MillimetreField(_l("Tờ giấy cao"), [Required()])
    gap = MillimetreField(_l("Khe giữa hai tem"))
    dots_per_inch = SelectField(_l("Độ phân giải máy in"), [Required()], default="203", validate_choice=False)
    width = MillimetreField(_l("Đầu in rộng"))
    darkness = WholeNumberField(_l("Độ đậm"))
    speed = WholeNumberField(_l("Tốc độ"))
    offset_x = MillimetreField(_l("Dịch ngang"))
    offset_y = MillimetreField(_l("Dịch dọc"))
    scale = PercentField(_l("Tỷ lệ"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.way.choices = [(way.value, WAYS[way]) for way in self.ways]
        self.sheet.choices = [(key, f"{_(one.name)} – {size_of(one.geometry)}") for key, one in COMMON_SHEETS.items()]
        self.sheet.choices.append((OWN, _("Giấy khác: tự nhập kích thước")))
        self.roll.choices = [(_name(roll), f"{_size(roll)} mm") for roll in COMMON_ROLLS]
        self.roll.choices.append((OWN, _("Cuộn khác: tự nhập kích thước")))
        self.dots_per_inch.choices = [(str(dots), f"{dots} dpi") for dots in DOTS_PER_MM]
        for name, value in USUAL.items():
            if self[name].data is None and not self[name].raw_data:
                self[name].data = value

    @property
    def kind(self) -> Way:
        return Way(self.way.data) if self.way.data in self.ways else Way.SHEET

    @property
    def is_seen(self) -> bool:
        """That these fields are those of the way chosen: without JavaScript another way's are shown first."""
        return bool(request.form.get("shown") == self.way.data)

    def show(self, way: Format) -> None:
        kind = kind_of(way.extension, described(way))
        self.way.data = kind.value
        if isinstance(way, SheetFormat):
            same = (key for key, one in COMMON_SHEETS.items() if one.geometry == way.geometry)
            self.sheet.data = way.sheet or next(same, OWN)
            if self.sheet.data == OWN:
                self._fill(way.geometry, *SHEET_LENGTHS, *SHEET_NEEDS)
        elif isinstance(way, RollFormat | PrinterFormat):
            self.roll.data = _name(way.roll) if way.roll in COMMON_ROLLS else OWN
            if self.roll.data == OWN:
                self._fill(way.roll, *ROLL_NEEDS, "gap")
        if isinstance(way, PrinterFormat):
            self.dots_per_inch.data = str(way.printer.dots_per_inch)
            self._fill(way.printer, "width", "darkness", "speed")
        if isinstance(way, SheetFormat | RollFormat | PrinterFormat):
            offset = way.offset
            self.offset_x.data, self.offset_y.data, self.scale.data = offset.x, offset.y, 100 * offset.scale

    def typed(self) -> Format:
        """Raises InvalidFields, or InvalidInput."""
        kind = self.kind
        roll = self._roll() if kind in (Way.ROLL, *LANGUAGES) else None
        offset = Offset(self.offset_x.data or 0.0, self.offset_y.data or 0.0, (self.scale.data or 100.0) / 100)
        settings: dict[str, Any] = {}
        if kind in LANGUAGES:
            dots = self.dots_per_inch.data or ""
            settings = {name: self[name].data for name in ("width", "darkness", "speed")}
            settings["width"] = settings["width"] or USUAL["width"]
            settings["dots_per_inch"] = int(dots) if dots.isdecimal() and dots.isascii() and len(dots) < 5 else 0
        return chosen_way(
            kind, sheet=self._sheet() if kind is Way.SHEET else None, roll=roll, offset=offset, **settings
        )

    def look(self, draw: Callable[[], Seen]) -> Seen | None:
        """At what is drawn; None, with the reason among the errors, where there is nothing to see."""
        try:
            return draw()
        except TraceError as error:
            if not self.errors:
                for one in error.errors if isinstance(error, InvalidFields) else [error]:
                    self.refuse(one)
            return None

    def refuse(self, error: TraceError) -> None:
        """The size of a paper that was chosen from the list is the list's: no such field is there to be corrected."""
        paper = self.sheet if self.kind is Way.SHEET else self.roll
        if error.field in ("label_width", "label_height") and paper.data != OWN:
            error.field = paper.name
        super().refuse(error)

    def _fill(self, source: object, *names: str) -> None:
        for name in names:
            self[name].data = getattr(source, name)

    def _sheet(self) -> SheetFormat:
        if self.sheet.data != OWN:
            return common_sheet(self.sheet.data)
        self._need(*SHEET_NEEDS)
        lengths = {name: self[name].data or 0.0 for name in SHEET_LENGTHS}
        return SheetFormat(SheetGeometry(**{**lengths, **{name: self[name].data for name in SHEET_NEEDS}}))

    def _roll(self) -> RollGeometry:
        if self.roll.data != OWN:
            roll = next((each for each in COMMON_ROLLS if _name(each) == self.roll.data), None)
            if roll is None:
                raise InvalidInput(N_("Hãy chọn một cuộn tem trong danh sách."), field="roll")
            return roll
        self._need(*ROLL_NEEDS)
        return RollGeometry(self.label_width.data, self.label_height.data, self.gap.data or 0.0)

    def _need(self, *names: str) -> None:
        faults = Faults()
        for name in names:
            if self[name].data is None:
                faults.add(N_("Giấy tự nhập cần có số này."), field=name)
        faults.raise_any()


class PrintForm(PaperForm):
    """With the saved printers to choose from; "" is another one, whose paper is typed in."""

    printer = SelectField(_l("Máy in"), [Required()], default="", validate_choice=False)

    def offer(self, saved: Sequence[SavedPrinter]) -> None:
        """The one to be proposed first."""
        self.saved = {each.name: each for each in saved}
        self.printer.choices = [(name, name) for name in self.saved] + [("", _("Máy in khác"))]

    def propose(self, latest: Format | None) -> None:
        """The printer just saved, or the one used last; without any, the paper of last time."""
        wanted = request.args.get("printer", "")
        self.printer.data = wanted if wanted in self.saved else next(iter(self.saved), "")
        if latest:
            self.show(latest)

    def reveal(self) -> bool:
        """Whether fields that nobody has seen yet had to be opened: nothing is printed with those."""
        if self.printer.data or self.is_seen:
            return False
        if self.saved and "way" not in request.form:
            self.show(_way(next(iter(self.saved.values()))))
        return True

    @property
    def chosen(self) -> SavedPrinter | None:
        return self.saved.get(self.printer.data)

    def taken(self) -> Format:
        """Raises UnknownPrinter, or what ``typed`` raises."""
        if not self.printer.data:
            return self.typed()
        if self.chosen is None:
            raise UnknownPrinter(field="printer", name=self.printer.data)
        return _way(self.chosen)

    @property
    def summary(self) -> str:
        return summary(_way(self.chosen)) if self.chosen else ""


def summary(way: Format) -> str:
    """``Tomy 145 – 65 tem 38,1 × 21,2 mm · dịch 1 · −0,5 mm``"""
    said = []
    match way:
        case SheetFormat():
            name = _(COMMON_SHEETS[way.sheet].name) if way.sheet in COMMON_SHEETS else _("Giấy khác")
            said = [f"{name} – {size_of(way.geometry)}"]
        case RollFormat():
            said = [_("PDF, cuộn %(roll)s mm", roll=_size(way.roll))]
        case PrinterFormat():
            said = [
                way.extension.upper(),
                f"{way.printer.dots_per_inch} dpi",
                _("cuộn %(roll)s mm", roll=_size(way.roll)),
            ]
    offset = getattr(way, "offset", Offset())
    if offset.x or offset.y:
        said.append(_("dịch %(x)s · %(y)s mm", x=measure(offset.x), y=measure(offset.y)))
    if offset.scale != 1:
        said.append(_("tỷ lệ %(scale)s%%", scale=measure(100 * offset.scale)))
    return " · ".join(said)


def size_of(geometry: SheetGeometry) -> str:
    """``65 tem 38,1 × 21,2 mm``"""
    size: str = ngettext(
        "%(count)s tem %(width)s × %(height)s mm",
        "%(count)s tem %(width)s × %(height)s mm",
        geometry.labels_per_sheet,
        count=geometry.labels_per_sheet,
        width=measure(geometry.label_width),
        height=measure(geometry.label_height),
    )
    return size


def _way(saved: SavedPrinter) -> Format:
    return way_of(saved.format, saved.paper)


def _size(roll: RollGeometry) -> str:
    return f"{measure(roll.label_width)} × {measure(roll.label_height)}"


def _name(roll: RollGeometry) -> str:
    """``50 × 30``, whatever the language"""
    return f"{roll.label_width:g} × {roll.label_height:g}"
