"""Runs of unique stamps to print: the same links for every contender, for what is measured is drawing them."""

from base64 import b32encode
from collections.abc import Sequence

from trace.domain.crockford import ALPHABET
from trace.labels.designs import LabelText
from trace.labels.runs import LabelRun

LINK = "HTTPS://TRUYXUAT.EXAMPLE.VN/Q/7K3M9XW2QT/"
LABEL = LabelText(
    product="Rau muống hữu cơ",
    producer="Hợp tác xã Rau an toàn Vân Nội",
    commune="Xã Thiên Lộc, Hà Nội",
    lot="VN01-261003-1",
    production_date="03/10/2026",
    best_before="06/10/2026",
    code_groups="7K3-M9XW-2QT",
    link="",
)
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())


def stamp_run(count: int) -> LabelRun:
    return LabelRun(LABEL, count, links, _serials)


def links(start: int, stop: int) -> Sequence[str]:
    return [LINK + _serial(index) for index in range(start, stop)]


def _serials(start: int, stop: int) -> Sequence[str]:
    return [f"{s[:4]}-{s[4:8]}-{s[8:12]}-{s[12:]}" for s in map(_serial, range(start, stop))]


def _serial(index: int) -> str:
    """Sixteen characters that differ from one label's to the next as those of real stamps do."""
    number = (index + 1) * 0x9E3779B97F4A7C15F39D % 2**80
    return b32encode(number.to_bytes(10)).translate(_CROCKFORD).decode()
