"""An official list as departments keep it in a spreadsheet, read into entries that can be matched to businesses.

The sheet may have a title above its header, columns in any order, more columns than we need and addresses from before
1 July 2025. Every row either becomes an entry or says what is wrong with it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .address_lines import understand
from .addresses import Gazetteer, Note
from .businesses import BusinessKind
from .coverage import business_key
from .errors import N_, InvalidInput, TraceError
from .identifiers import TaxCode
from .labelled import Labelled
from .text import clean, fold

Cells = tuple[int, Sequence[str]]
"""The number of a row as the spreadsheet shows it, and its texts."""

HEADER_WITHIN = 30  # rows; above it stand the department's name, the title and the date
NAME_LIMIT = 200
ADDRESS_LIMIT = 300


class ListColumn(Labelled):
    NAME = "name", N_("Tên cơ sở")
    TAX_CODE = "tax_code", N_("Mã số thuế")
    ADDRESS = "address", N_("Địa chỉ")
    COMMUNE = "commune", N_("Xã, phường")
    DISTRICT = "district", N_("Quận, huyện")
    PROVINCE = "province", N_("Tỉnh, thành phố")
    KIND = "kind", N_("Loại hình")


_HEADERS: dict[ListColumn, re.Pattern[str]] = {
    column: re.compile(pattern)
    for column, pattern in {
        ListColumn.NAME: r"(ho va )?ten (chu )?(co so|don vi|doanh nghiep|to chuc|ho kinh doanh|hop tac xa|htx|cong ty)\b.*"
        r"|co so( san xuat.*)?|don vi|ten|ten day du|name|business name",
        ListColumn.TAX_CODE: r"ma so thue\b.*|mst\b.*|ma so doanh nghiep\b.*|ma so dn|msdn|tax code|tax id",
        ListColumn.ADDRESS: r"dia chi\b.*|dia diem\b.*|noi san xuat|address",
        ListColumn.COMMUNE: r"(ten )?(xa|phuong)\b.*|commune|ward",
        ListColumn.DISTRICT: r"(quan|huyen)\b.*|district",
        ListColumn.PROVINCE: r"tinh\b.*|thanh pho|tp|province|city",
        ListColumn.KIND: r"loai hinh\b.*|loai co so|loai|hinh thuc\b.*|kind|type",
    }.items()
}

_KINDS: list[tuple[str, BusinessKind]] = [
    ("giet mo", BusinessKind.SLAUGHTERHOUSE),
    ("hop tac xa", BusinessKind.COOPERATIVE),
    ("htx", BusinessKind.COOPERATIVE),
    ("che bien", BusinessKind.PROCESSOR),
    ("phan phoi", BusinessKind.DISTRIBUTOR),
    ("sieu thi", BusinessKind.SHOP),
    ("cua hang", BusinessKind.SHOP),
    ("cho", BusinessKind.MARKET),
    ("cong ty", BusinessKind.COMPANY),
    ("doanh nghiep", BusinessKind.COMPANY),
    ("ho", BusinessKind.HOUSEHOLD),
    ("trang trai", BusinessKind.HOUSEHOLD),
]


class HeaderNotFound(InvalidInput):
    code = "header-not-found"
    message = N_(
        "Không tìm thấy dòng tiêu đề. Danh sách cần một dòng có ít nhất hai cột “Tên cơ sở” và “Địa chỉ” trong %(within)s dòng "
        "đầu. Hãy dùng tệp mẫu hoặc đổi tên cột."
    )


class ListHasErrors(InvalidInput):
    """Nothing of the list was kept. ``rows`` says what is wrong where, in the order of the sheet."""

    code = "list-has-errors"
    message = N_("Danh sách có %(count)s chỗ sai nên chưa được nạp. Hãy sửa trong tệp rồi nạp lại.")

    def __init__(self, rows: "Sequence[RowError]") -> None:
        super().__init__(field="file", count=len(rows))
        self.rows = rows


@dataclass(frozen=True)
class RowError:
    row: int
    column: ListColumn | None
    error: TraceError


@dataclass(frozen=True, kw_only=True)
class ListEntry:
    row: int
    name: str
    tax_code: str | None
    kind: BusinessKind | None
    address: str
    commune_code: str | None
    note: str = ""
    """How the address was read, in Vietnamese; empty where there is nothing to say."""

    @cached_property
    def key(self) -> str:
        return business_key(self.name)


@dataclass
class Reading:
    """``ignored`` are the headings of columns that were not used."""

    entries: list[ListEntry] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def find_columns(cells: Sequence[str]) -> dict[ListColumn, int] | None:
    """Where each column stands, if this row is a header: it needs a name and an address or a commune."""
    found: dict[ListColumn, int] = {}
    for place, text in enumerate(cells):
        heading = re.sub(r"[^\w ]", " ", fold(text)).strip()
        heading = re.sub(r" +", " ", heading)
        for column, pattern in _HEADERS.items():
            if column not in found and pattern.fullmatch(heading):
                found[column] = place
                break
    places = {ListColumn.ADDRESS, ListColumn.COMMUNE} & found.keys()
    return found if ListColumn.NAME in found and places else None


def read_list(rows: Iterable[Cells], gazetteer: Gazetteer) -> Reading:
    """Read all rows of a sheet. Raises ``HeaderNotFound``; what is wrong in a row stands in the answer's ``errors``."""
    remaining = iter(rows)
    columns, header = _header(remaining)
    reading = Reading(ignored=[clean(h) for place, h in enumerate(header) if h and place not in columns.values()])
    seen: dict[tuple[str, str], int] = {}
    for number, cells in remaining:
        texts = {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}
        if not any(texts.values()) or _numbers_columns(cells):
            continue
        before = len(reading.errors)
        entry = _entry(number, texts, gazetteer, reading.errors)
        if entry and len(reading.errors) == before:
            _note_repeat(entry, seen, reading.errors)
            reading.entries.append(entry)
    return reading


def _header(rows: Iterator[Cells]) -> tuple[dict[ListColumn, int], Sequence[str]]:
    for number, cells in rows:
        if columns := find_columns(cells):
            return columns, cells
        if number >= HEADER_WITHIN:
            break
    raise HeaderNotFound(field="file", within=HEADER_WITHIN)


def _numbers_columns(cells: Sequence[str]) -> bool:
    """The row (1), (2), (3) … that Vietnamese tables often have under their header."""
    texts = [cell.strip("() ") for cell in cells if cell]
    return len(texts) > 1 and texts == [str(number + 1) for number in range(len(texts))]


def _entry(row: int, texts: dict[ListColumn, str], gazetteer: Gazetteer, errors: list[RowError]) -> ListEntry | None:
    values: dict[ListColumn, str] = {}
    for column, text in texts.items():
        try:
            values[column] = clean(text)
        except TraceError as error:
            errors.append(RowError(row, column, error))
            return None
    name = values[ListColumn.NAME]
    if not name or len(name) > NAME_LIMIT:
        message = N_("Thiếu tên cơ sở.") if not name else N_("Tên dài quá %(limit)s ký tự.")
        errors.append(RowError(row, ListColumn.NAME, InvalidInput(message, limit=NAME_LIMIT)))
    tax_code = None
    if text := values.get(ListColumn.TAX_CODE, ""):
        try:
            tax_code = repaired_tax_code(text).value
        except TraceError as error:
            errors.append(RowError(row, ListColumn.TAX_CODE, error))
            return None
    parts = (values.get(column, "") for column in _ADDRESS_PARTS)
    address = ", ".join(filter(None, parts))[:ADDRESS_LIMIT]
    reading = understand(gazetteer, address)
    if reading.commune is None and tax_code is None:
        note = reading.note or Note(InvalidInput.message)
        errors.append(RowError(row, ListColumn.ADDRESS, InvalidInput(note.message, field="address", **note.values)))
    return ListEntry(
        row=row,
        name=name,
        tax_code=tax_code,
        kind=kind_of(values.get(ListColumn.KIND, "")) or kind_of(name, only_at_start=True),
        address=address,
        commune_code=reading.commune.code if reading.commune else None,
        note=str(reading.note) if reading.note else "",
    )


_ADDRESS_PARTS = (ListColumn.ADDRESS, ListColumn.COMMUNE, ListColumn.DISTRICT, ListColumn.PROVINCE)


def repaired_tax_code(text: str) -> TaxCode:
    """A tax code whose leading zero a spreadsheet may have dropped. Raises ``InvalidTaxCode``.

    One zero is put back, where the check digit or the form of a personal number then agrees. Two are not: ten digits
    may as well be a code with a typing error.
    """
    try:
        return TaxCode(text)
    except TraceError:
        if re.fullmatch(r"[1-9](\d{8}|\d{10}|\d{11})", text):
            return TaxCode(f"0{text}")
        raise


def kind_of(text: str, *, only_at_start: bool = False) -> BusinessKind | None:
    """The kind that a heading or name speaks of; None where it does not say."""
    folded = f" {fold(text)} "
    for words, kind in _KINDS:
        if folded.startswith(f" {words} ") if only_at_start else f" {words} " in folded:
            return kind
    return None


def _note_repeat(entry: ListEntry, seen: dict[tuple[str, str], int], errors: list[RowError]) -> None:
    column, key = (
        (ListColumn.TAX_CODE, ("", entry.tax_code))
        if entry.tax_code
        else (ListColumn.NAME, (entry.key, entry.commune_code or ""))
    )
    first = seen.setdefault(key, entry.row)
    if first != entry.row:
        message = N_("Cơ sở này đã có ở dòng %(first)s. Hãy giữ một dòng.")
        errors.append(RowError(entry.row, column, InvalidInput(message, first=first)))
