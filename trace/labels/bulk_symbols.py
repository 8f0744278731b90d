"""QR symbols for a whole run of links, a million a second.

With version, level, mask and mode fixed, every module is a sum over GF(2) of bits of the link (Reed-Solomon codes are
linear, a mask is a constant): turning one bit of the link over turns the same modules over in every symbol. Which ones
is asked of python-qrcode, the trusted encoder, once for each bit. The symbol of a link is then the symbol of the first
link, XOR one row of a table for each group of characters that differs from it.
"""

from collections.abc import Sequence
from functools import lru_cache, reduce

import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode import util
from qrcode.base import rs_blocks

from .symbols import LEVELS, Symbol, qr_symbol

Words = NDArray[np.uint64]
MASKS = range(8)
# ISO/IEC 18004 §7.4: the characters of a mode, and into how many bits it packs a group of so many.
_ALPHABETS = {
    util.MODE_NUMBER: b"0123456789",
    util.MODE_ALPHA_NUM: util.ALPHA_NUM,
    util.MODE_8BIT_BYTE: bytes(range(256)),
}
_GROUP_BITS = {
    util.MODE_NUMBER: {1: 4, 2: 7, 3: 10},
    util.MODE_ALPHA_NUM: {1: 6, 2: 11},
    util.MODE_8BIT_BYTE: {1: 8},
}


class BulkSymbols:
    """The symbols of links that are as long as those of ``sample`` and encoded in the same mode.

    Without ``version``, the smallest that holds them. Without ``mask``, the one with which the sample's symbols have the
    lowest mean penalty (ISO/IEC 18004 §7.8.3). Raises what ``qr_symbol`` raises.
    """

    def __init__(
        self, sample: Sequence[str], *, level: str = "M", version: int | None = None, mask: int | None = None
    ) -> None:
        widest = max(sample, key=lambda link: util.optimal_mode(link.encode()))
        self.level, self.version = level, version or qr_symbol(widest, level=level).version
        self.modules = 4 * self.version + 17
        self._mode = util.optimal_mode(widest.encode())
        self._first = np.frombuffer(sample[0].encode(), np.uint8)
        self._code = qrcode.QRCode(self.version, LEVELS[level], border=0)
        self._code.add_data(util.QRData(sample[0], self._mode))
        self._value_of = np.full(256, -1, np.int16)
        self._value_of[list(_ALPHABETS[self._mode])] = range(len(_ALPHABETS[self._mode]))
        self._tables: dict[int, Words] = {}
        self.mask = self._best_mask(sample) if mask is None else mask
        self._base = _made(self._code, self.mask)

    def matrices(self, links: Sequence[str]) -> NDArray[np.uint8]:
        """Shape (links, modules, bytes of a row): a bit for each module, dark is 1, the first in the highest bit.

        Raises ValueError for a link of another length, or with a character that the run's mode lacks.
        """
        text = np.frombuffer("".join(links).encode(), np.uint8)
        length = self._first.size
        if set(map(len, links)) != {length} or text.size != length * len(links):
            raise ValueError(f"a link of this run has {length} ASCII characters")
        characters = text.reshape(len(links), length)
        differs = (characters != self._first).any(axis=0)
        symbols = np.tile(self._base, (len(links), 1))
        flipped = np.empty_like(symbols)
        size = max(_GROUP_BITS[self._mode])
        for start in range(0, length, size):
            if differs[start : start + size].any():
                numbers = self._numbers(characters[:, start : start + size])
                symbols ^= np.take(self._table(start), numbers, axis=0, out=flipped, mode="clip")
        bytes_of_row = -(-self.modules // 8)
        packed = symbols.view(np.uint8)[:, : self.modules * bytes_of_row]
        return packed.reshape(len(links), self.modules, bytes_of_row)

    def symbols(self, links: Sequence[str]) -> list[Symbol]:
        """The same as objects, for a preview or a check of some."""
        return [
            Symbol(link, self.version, self.level, tuple(map(tuple, matrix)))
            for link, matrix in zip(links, self._unpacked(links), strict=True)
        ]

    def _unpacked(self, links: Sequence[str]) -> list[list[list[bool]]]:
        modules: list[list[list[bool]]] = (
            np.unpackbits(self.matrices(links), axis=2, count=self.modules).astype(bool).tolist()
        )
        return modules

    def _numbers(self, group: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The number that each link's characters in ``group`` are encoded as: ``"12"`` is 12, ``"AB"`` 10 × 45 + 11."""
        values = self._value_of[group]
        if values.min() < 0:
            raise ValueError("a link has a character that the others' mode lacks")
        base = len(_ALPHABETS[self._mode])
        return reduce(lambda number, value: number * base + value, values.T.astype(np.intp))

    def _table(self, start: int) -> Words:
        """For every number of the group at ``start`` the modules that differ from the first link's symbol."""
        if start not in self._tables:
            size = max(_GROUP_BITS[self._mode])
            group = self._first[None, start : start + size]
            width = _GROUP_BITS[self._mode][group.size]
            header = 4 + util.length_in_bits(self._mode, self.version)
            end = header + start // size * _GROUP_BITS[self._mode][size] + width
            table = np.zeros((1 << width, self._base.size), np.uint64)
            for bit in range(width):
                table[1 << bit : 2 << bit] = table[: 1 << bit] ^ _flips(self.version, self.level, end - 1 - bit)
            self._tables[start] = table ^ table[self._numbers(group)]
        return self._tables[start]

    def _best_mask(self, sample: Sequence[str]) -> int:
        penalties = []
        for mask in MASKS:
            self._base = _made(self._code, mask)
            penalties.append(sum(map(util.lost_point, self._unpacked(sample))))
        return penalties.index(min(penalties))


def _flips(version: int, level: str, bit: int) -> Words:
    """The modules that turn over with one bit of the data, counted from the first of the mode's indicator."""
    return _drawn(version, level, turned=bit) ^ _drawn(version, level)


@lru_cache(maxsize=8192)
def _drawn(version: int, level: str, turned: int | None = None) -> Words:
    """A symbol whose data bits are all set, but for the one turned over. (python-qrcode cannot divide a block of zeros.)"""
    blocks = rs_blocks(version, LEVELS[level])
    data = util.BitBuffer()
    data.buffer = [0xFF] * sum(block.data_count for block in blocks)
    if turned is not None:
        data.buffer[turned // 8] ^= 128 >> turned % 8
    code = qrcode.QRCode(version, LEVELS[level], border=0)
    code.data_cache = util.create_bytes(data, blocks)
    return _made(code, mask=0)


def _made(code: qrcode.QRCode, mask: int) -> Words:
    """The modules packed as ``matrices`` has them, and zeros up to a whole word."""
    code.makeImpl(False, mask)  # not as a test, which leaves the format bits out
    rows = np.packbits(np.array(code.modules, bool), axis=1).ravel()
    return np.pad(rows, (0, -rows.size % 8)).view(np.uint64)
