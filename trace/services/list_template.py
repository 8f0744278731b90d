"""An empty official list to fill in: the columns that an import understands, codes kept as text."""

import io

import xlsxwriter

from ..domain.businesses import BusinessKind
from ..domain.errors import N_
from ..domain.register_lists import ListColumn
from .wording import say

COLUMNS = {ListColumn.NAME: 42, ListColumn.TAX_CODE: 18, ListColumn.KIND: 24, ListColumn.ADDRESS: 70}
HINTS = (
    N_("Mỗi dòng là một cơ sở. Mã số thuế để dạng văn bản để không mất số 0 ở đầu."),
    N_("Địa chỉ ghi một dòng: số nhà, thôn hoặc đường, xã hoặc phường, tỉnh hoặc thành phố."),
    N_("Địa chỉ cũ có quận, huyện cũng được; hệ thống sẽ chuyển sang xã, phường hiện hành."),
    N_("Không dùng công thức và không ghép ô trong bảng."),
)


def list_template(locale: str) -> bytes:
    """An XLSX file. Its headings stay Vietnamese, as the official list is; the hints are in ``locale``."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Danh sách")
        heading = book.add_format({"bold": True, "bg_color": "#E2F2E7", "border": 1})
        text = book.add_format({"num_format": "@"})
        for place, (column, width) in enumerate(COLUMNS.items()):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, column.label, heading)
        kinds = {
            "validate": "list",
            "source": [kind.label.split(",")[0] for kind in BusinessKind],
            "ignore_blank": True,
        }
        sheet.data_validation(1, list(COLUMNS).index(ListColumn.KIND), 5000, 2, {**kinds, "error_type": "information"})
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet(say(N_("Cách điền"), locale))
        notes.set_column(0, 0, 110)
        for row, hint in enumerate(HINTS):
            notes.write_string(row, 0, say(hint, locale))
    return file.getvalue()
