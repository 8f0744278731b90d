"""The links of a run as CSV, for print houses that make their own labels."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from .readback import Piece
from .runs import LabelRun
from .thermal import UnprintableLink

_CHUNK = 10_000
# No comma and no quote, and a letter or a digit first: nothing to quote, and no formula to a spreadsheet.
_LINES = re.compile(r"(?:\d+,[0-9A-Z][0-9A-Z-]*,(?:[0-9A-Z][0-9A-Z-]*)?,[A-Za-z][0-9A-Za-z$%*+\-./:_]*\r\n)*+")


def csv_parts(run: LabelRun) -> Iterator[bytes]:
    """Number of the label from 1, the batch's code, serial, link; UTF-8 with the mark that Excel needs (RFC 4180).

    Raises UnprintableLink.
    """
    yield "\ufeffindex,code,serial,link\r\n".encode()
    code = run.label.code_groups
    for start in range(0, run.count, _CHUNK):
        stop = min(start + _CHUNK, run.count)
        links, serials = run.links(start, stop), run.serials(start, stop) or [""] * (stop - start)
        rows = zip(range(start + 1, stop + 1), serials, links, strict=True)
        lines = "".join(f"{index},{code},{serial},{link}\r\n" for index, serial, link in rows)
        if not _LINES.fullmatch(lines):
            raise UnprintableLink(field="lot")
        yield lines.encode()


def csv_pieces(file: BinaryIO) -> Iterator[Piece]:
    """The line of titles, and each line of a label."""
    yield file.readline(), 0
    for line in file:
        yield line, 1
