"""What a person chooses before labels are printed."""

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from ...labels.designs import Design
from ...labels.formats import SheetFormat
from ...services.label_issues import IssueOrder
from ...services.label_runs import way_of
from ...storage.labels import LabelIssue
from ..fields import Required, WholeNumberField
from .paper_forms import WAYS, PrintForm

DESIGNS = {
    Design.RETAIL: _l("Bán lẻ: tên, ngày, nơi làm ra"),
    Design.SMALL: _l("Nhỏ: mã và số tem"),
    Design.GS1: _l("GS1: kèm mã vạch EAN-13"),
}


class LabelForm(PrintForm):
    """Of labels that are all alike."""

    count = WholeNumberField(_l("Số tem"), [Required()])
    start_position = WholeNumberField(_l("Bắt đầu từ ô số"), default=1)
    excess_reason = StringField(_l("Vì sao cần nhiều tem hơn số gói"), [Required()])

    def start(self, latest: LabelIssue | None, *, packs_left: int | None) -> None:
        """On the printer of last time, a label for each pack that has none."""
        self.propose(way_of(latest.format, latest.geometry) if latest else None)
        way = self.taken()
        self.count.data = packs_left or (way.geometry.labels_per_sheet if isinstance(way, SheetFormat) else 100)

    def order(self) -> IssueOrder:
        """Raises InvalidFields, InvalidInput or UnknownPrinter."""
        way = self.taken()
        if isinstance(way, SheetFormat):
            way = replace(way, start_position=self.start_position.data or 1)
        return IssueOrder(count=self.count.data or 0, way=way, printer=self.printer.data or "")


class StampOrderForm(PrintForm):
    """Of labels each with a number of its own."""

    ways = tuple(WAYS)

    count = WholeNumberField(_l("Số tem"), [Required()])
    design = SelectField(_l("Mẫu tem"), [Required()], validate_choice=False)
    excess_reason = StringField(_l("Vì sao cần nhiều tem hơn số gói"), [Required()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.design.choices = [(design.value, words) for design, words in DESIGNS.items()]

    def start(self, latest: LabelIssue | None, *, packs_left: int | None) -> None:
        """As last time, with a stamp for each pack that has none."""
        self.propose(way_of(latest.format, latest.geometry) if latest else None)
        self.count.data = packs_left or 100
        self.design.data = latest.geometry.get("design") if latest else Design.SMALL.value  # which fits every paper

    def order(self) -> IssueOrder:
        """Raises InvalidFields, InvalidInput or UnknownPrinter."""
        design = Design(self.design.data) if self.design.data in set(Design) else Design.RETAIL
        return IssueOrder(count=self.count.data or 0, way=self.taken(), design=design, printer=self.printer.data or "")
