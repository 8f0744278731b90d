"""Labels taken from a finished file: what is looked at is what will be sent, and a file of gigabytes is read once."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from ..domain.errors import N_
from .preflight import LabelDoesNotScan

Piece = tuple[bytes, int]
"""A part of a file and how many labels it prints: none where it is sent once, before or after all of them."""


def opened(file: bytes | Path) -> AbstractContextManager[BinaryIO]:
    return BytesIO(file) if isinstance(file, bytes) else file.open("rb")


def labels_at(pieces: Iterable[Piece], numbers: Sequence[int], count: int) -> Iterator[tuple[int, bytes]]:
    """Each label of these numbers (from 0, ascending) with what is sent once before it.

    Raises LabelDoesNotScan, at the end, where the file does not hold ``count`` labels.
    """
    shared, printed, wanted = b"", 0, deque(numbers)
    for part, labels in pieces:
        if not printed and not labels:
            shared += part
        while wanted and wanted[0] < printed + labels:
            yield wanted.popleft(), shared + part
        printed += labels
    if printed != count:
        raise LabelDoesNotScan(
            N_("Tệp có %(found)s tem, không phải %(count)s như đã đặt. Hãy tạo lại tệp."), found=printed, count=count
        )
