"""What a person chooses before labels are printed."""

import re
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from ...domain.errors import N_
from ...labels.geometry import COMMON_SHEETS, Offset, SheetGeometry
from ...services.changes import Faults
from ...services.labels import SheetOrder
from ...storage.labels import LabelIssue
from ..fields import Required, WholeNumberField
from ..forms import Form

USUAL_SHEET = "tomy-145"
OWN_SHEET = ""
LENGTHS = ("label_width", "label_height", "margin_left", "margin_top", "gap_x", "gap_y")


class MillimetreField(StringField):  # type: ignore[misc]
    """``data`` a float or None; a comma or a dot is the decimal mark."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else _length(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist).strip().replace(",", ".").replace("−", "-")
        self.data: Any = None
        if text:
            if not re.fullmatch(r"-?\d{1,3}(\.\d{1,2})?", text, re.ASCII):
                raise ValueError(_("Hãy nhập số mi-li-mét, ví dụ 38,1."))
            self.data = float(text)


class LabelForm(Form):
    count = WholeNumberField(_l("Số tem"), [Required()])
    sheet = SelectField(_l("Giấy tem"), [Required()], validate_choice=False)
    start_position = WholeNumberField(_l("Bắt đầu từ ô số"), default=1)
    offset_x = MillimetreField(_l("Dịch ngang"), default=0.0)
    offset_y = MillimetreField(_l("Dịch dọc"), default=0.0)
    label_width = MillimetreField(_l("Chiều rộng tem"))
    label_height = MillimetreField(_l("Chiều cao tem"))
    columns = WholeNumberField(_l("Số cột"))
    rows = WholeNumberField(_l("Số hàng"))
    margin_left = MillimetreField(_l("Lề trái"))
    margin_top = MillimetreField(_l("Lề trên"))
    gap_x = MillimetreField(_l("Khe giữa các cột"))
    gap_y = MillimetreField(_l("Khe giữa các hàng"))
    excess_reason = StringField(_l("Vì sao cần nhiều tem hơn số gói"), [Required()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sheet.choices = [
            (sheet.key, f"{_(sheet.name)} – {size_of(sheet.geometry)}") for sheet in COMMON_SHEETS.values()
        ] + [(OWN_SHEET, _("Giấy khác: tự nhập kích thước"))]

    def start(self, latest: LabelIssue | None, *, packs_left: int | None) -> None:
        """The paper and the printer's offset of last time, and a label for each pack that has none."""
        chosen: dict[str, Any] = latest.geometry if latest else {"sheet": USUAL_SHEET}
        self.sheet.data = chosen["sheet"]
        if latest:
            self.offset_x.data, self.offset_y.data = chosen["offset"]["x"], chosen["offset"]["y"]
        if chosen["sheet"] == OWN_SHEET:
            for name in (*LENGTHS, "columns", "rows"):
                self[name].data = chosen["geometry"][name]
        self.count.data = packs_left or self.geometry().labels_per_sheet

    def geometry(self) -> SheetGeometry:
        """Raises InvalidFields, or InvalidInput for labels that do not fit their paper."""
        if self.sheet.data in COMMON_SHEETS:
            return COMMON_SHEETS[self.sheet.data].geometry
        faults = Faults()
        for name in ("label_width", "label_height", "columns", "rows"):
            if self[name].data is None:
                faults.add(N_("Giấy tự nhập cần có số này."), field=name)
        faults.raise_any()
        lengths: dict[str, Any] = {name: self[name].data or 0.0 for name in LENGTHS}
        return SheetGeometry(columns=self.columns.data or 0, rows=self.rows.data or 0, **lengths)

    def offset(self) -> Offset:
        return Offset(self.offset_x.data or 0.0, self.offset_y.data or 0.0)

    def order(self) -> SheetOrder:
        return SheetOrder(
            geometry=self.geometry(),
            count=self.count.data or 0,
            sheet=self.sheet.data if self.sheet.data in COMMON_SHEETS else OWN_SHEET,
            start_position=self.start_position.data or 1,
            offset=self.offset(),
        )


def size_of(geometry: SheetGeometry) -> str:
    """``65 tem 38,1 × 21,2 mm``"""
    size: str = ngettext(
        "%(count)s tem %(width)s × %(height)s mm",
        "%(count)s tem %(width)s × %(height)s mm",
        geometry.labels_per_sheet,
        count=geometry.labels_per_sheet,
        width=_length(geometry.label_width),
        height=_length(geometry.label_height),
    )
    return size


def _length(millimetres: float) -> str:
    """With the decimal mark of the reader's language; both are understood."""
    return str(format_decimal(millimetres, "0.##"))
