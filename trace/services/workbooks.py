"""The texts of an Excel workbook, sheet by sheet, streamed: an object for each cell would make a long list take seconds.

Nothing in the file is computed, fetched or expanded: a formula is reported, a document type refused.
"""

import posixpath
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO
from xml.parsers import expat
from zipfile import ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel, from_ISO8601

from ..domain.dates import format_date

CHUNK = 1 << 16
Attributes = dict[str, str]


class Damaged(Exception):
    """The workbook is not what it should be."""


class HasFormula(Exception):
    """``args[0]`` is the cell."""


class Workbook:
    """The visible sheets of an archive, in their order; all of them where none is visible.

    Raises ``Damaged``, and whatever ``zipfile``, ``expat`` and conversions raise on a broken file.
    """

    def __init__(self, archive: ZipFile, *, columns: int) -> None:
        self._archive = archive
        self.columns = {get_column_letter(place): place for place in range(1, columns + 1)}
        targets: dict[str, str] = {}  # by id and by kind
        found: list[Attributes] = []

        def relation(name: str, said: Attributes) -> None:
            if name == "Relationship":
                part = posixpath.join("/xl", said["Target"])[1:]
                targets[said["Id"]] = targets[said["Type"].rpartition("/")[2]] = part

        def sheet(name: str, said: Attributes) -> None:
            if name == "sheet":
                found.append(said)

        _read(archive.open("xl/_rels/workbook.xml.rels"), relation)
        _read(archive.open("xl/workbook.xml"), sheet)
        self.strings = _strings(archive.open(targets["sharedStrings"])) if "sharedStrings" in targets else []
        self.dates = _date_styles(archive.open(targets["styles"])) if "styles" in targets else set()
        seen = [each for each in found if each.get("state", "visible") == "visible"] or found
        self.sheets = [part for each in seen if (part := targets[_id(each)]).startswith("xl/worksheets/")]
        if not self.sheets:
            raise Damaged

    def sheet(self, part: str) -> "Sheet":
        return Sheet(self, self._archive.open(part))


class Sheet:
    """``rows`` gives each row that is there, under its number; ``merged`` then holds the cells merged over several rows."""

    def __init__(self, book: Workbook, source: IO[bytes]) -> None:
        self._book, self._source = book, source
        self._rows: list[tuple[int, list[str]]] = []
        self._number = self._place = 0
        self._cells: list[str] = []
        self._cell: Attributes = {}
        self._text: list[str] = []
        self._keeps = False
        self.merged: list[tuple[int, str]] = []
        """First row and cells of each, a thousand at most."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        for _ in _chunks(self._source, self._start, self._end, self._said):
            yield from self._rows
            self._rows.clear()

    def _start(self, name: str, said: Attributes) -> None:
        if name == "c":
            self._cell, self._text = said, []
            letters = said.get("r", "").rstrip("0123456789")
            self._place = self._book.columns.get(letters, 0) if letters else self._place + 1
        elif name in ("v", "t"):
            self._keeps = True
        elif name == "row":
            self._number, self._place, self._cells = int(said.get("r") or self._number + 1), 0, []
        elif name == "f" and self._place:
            raise HasFormula(f"{get_column_letter(self._place)}{self._number}")
        elif name == "mergeCell" and len(self.merged) < 1000:
            rows = [int("".join(filter(str.isdigit, cell))) for cell in said["ref"].split(":")]
            if rows[0] < rows[-1]:
                self.merged.append((rows[0], said["ref"]))

    def _said(self, text: str) -> None:
        if self._keeps:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._keeps = False
        elif name == "c":
            if self._text and 0 < self._place <= len(self._book.columns):
                self._cells += [""] * (self._place - len(self._cells))
                self._cells[self._place - 1] = self._value("".join(self._text))
        elif name == "row":
            self._rows.append((self._number, self._cells))

    def _value(self, text: str) -> str:
        kind = self._cell.get("t", "n")
        if kind == "s":
            return self._book.strings[int(text)]
        if kind == "d":
            moment = from_ISO8601(text)
            return format_date(moment) if isinstance(moment, datetime) else text
        if kind != "n":
            return text
        number = float(text)
        if self._cell.get("s") in self._book.dates and isinstance(moment := from_excel(number), datetime):
            return format_date(moment)
        return text if text.isdigit() else str(int(number) if number.is_integer() else number)


def _strings(source: IO[bytes]) -> list[str]:
    """The texts that cells refer to by number, without the reading aids of East Asian ones."""
    found: list[str] = []
    inside: list[str] = []
    text: list[str] = []

    def start(name: str, _said: Attributes) -> None:
        inside.append(name)

    def said(piece: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            text.append(piece)

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            found.append("".join(text))
            text.clear()

    _read(source, start, end, said)
    return found


def _date_styles(source: IO[bytes]) -> set[str]:
    """The numbers of the styles in which a number is a date."""
    formats = dict(BUILTIN_FORMATS)
    styles: list[int] = []
    inside: list[str] = []

    def start(name: str, said: Attributes) -> None:
        if name == "numFmt":
            formats[int(said["numFmtId"])] = said["formatCode"]
        elif name == "xf" and "cellXfs" in inside:
            styles.append(int(said.get("numFmtId", 0)))
        inside.append(name)

    _read(source, start, lambda _name: inside.pop())
    return {str(place) for place, number in enumerate(styles) if is_date_format(formats.get(number))}


def _read(
    source: IO[bytes],
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] = id,
    said: Callable[[str], object] = id,
) -> None:
    for _ in _chunks(source, start, end, said):
        pass


def _chunks(
    source: IO[bytes],
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object],
    said: Callable[[str], object],
) -> Iterator[None]:
    """Read a part, stopping after each piece. Names of elements come without their namespace."""

    def refuse(*_: object) -> None:
        raise Damaged

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, said: start(_bare(name), said)
    parser.EndElementHandler = lambda name: end(_bare(name))
    parser.CharacterDataHandler = said
    with source:
        while piece := source.read(CHUNK):
            parser.Parse(piece, False)
            yield
    parser.Parse(b"", True)
    yield


def _id(said: Attributes) -> str:
    return next(value for name, value in said.items() if name.endswith(":id"))


def _bare(name: str) -> str:
    return name.rpartition(":")[2]
