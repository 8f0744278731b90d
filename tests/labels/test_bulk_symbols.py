import pytest
import qrcode
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from qrcode import util

from trace.labels.bulk_symbols import MASKS, BulkSymbols
from trace.labels.symbols import LEVELS, qr_symbol

# The first character settles the mode, whatever follows.
MODES = {
    util.MODE_NUMBER: ("7", "0123456789"),
    util.MODE_ALPHA_NUM: ("H", util.ALPHA_NUM.decode()),
    util.MODE_8BIT_BYTE: ("h", "".join(map(chr, range(32, 127)))),
}


def trusted(link, version, level, mask, mode=None):
    """The symbol as python-qrcode draws it by itself."""
    code = qrcode.QRCode(version, LEVELS[level], border=0, mask_pattern=mask)
    code.add_data(util.QRData(link.encode(), mode))
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.modules)


def longest(version, level, mode):
    header = 4 + util.length_in_bits(mode, version)
    per_character = {util.MODE_NUMBER: 10 / 3, util.MODE_ALPHA_NUM: 5.5, util.MODE_8BIT_BYTE: 8}[mode]
    return int((util.BIT_LIMIT_TABLE[LEVELS[level]][version] - header) / per_character)


@st.composite
def runs(draw, version, level):
    mode = draw(st.sampled_from(list(MODES)))
    first, alphabet = MODES[mode]
    length = draw(st.integers(1, longest(version, level, mode))) - 1
    return mode, [
        first + rest
        for rest in draw(st.lists(st.text(alphabet, min_size=length, max_size=length), min_size=1, max_size=5))
    ]


@pytest.mark.parametrize("level", "LMQ")
@pytest.mark.parametrize("version", range(2, 7))
@given(data=st.data(), mask=st.sampled_from(MASKS))
@settings(max_examples=12, deadline=None)
def test_symbols_of_a_run_are_those_that_python_qrcode_draws_one_by_one(version, level, data, mask):
    mode, links = data.draw(runs(version, level))
    try:
        expected = [trusted(link, version, level, mask, mode) for link in links]
    except ValueError:  # of a block of zeros python-qrcode asks the logarithm of zero
        assume(False)
    bulk = BulkSymbols(links, version=version, level=level, mask=mask)
    assert [symbol.matrix for symbol in bulk.symbols(links)] == expected


LINKS = [f"HTTPS://TRUYXUAT.EXAMPLE.VN/Q/7K3M9XW2QT/{index:016}" for index in range(40)]


def test_version_and_level_are_those_of_a_single_symbol():
    bulk, single = BulkSymbols(LINKS), qr_symbol(LINKS[0])
    assert (bulk.version, bulk.level, bulk.modules) == (single.version, single.level, single.modules)


def test_the_mask_is_the_one_with_the_lowest_mean_penalty():
    means = [sum(util.lost_point(trusted(link, 3, "M", mask)) for link in LINKS[:8]) for mask in MASKS]
    assert BulkSymbols(LINKS[:8]).mask == means.index(min(means))


def test_modules_are_packed_eight_to_a_byte_row_by_row():
    bulk = BulkSymbols(LINKS)
    matrices = bulk.matrices(LINKS)
    assert matrices.shape == (40, 29, 4)
    rows = ["".join("01"[dark] for dark in row).ljust(32, "0") for row in bulk.symbols(LINKS)[39].matrix]
    assert matrices[39].tobytes() == int("".join(rows), 2).to_bytes(29 * 4)


@pytest.mark.parametrize("link", [LINKS[0][:-1], LINKS[0] + "0", LINKS[0][:-1] + "z", LINKS[0][:-1] + "ê"])
def test_a_link_that_does_not_belong_to_the_run_is_no_symbol(link):
    with pytest.raises(ValueError, match="link"):
        BulkSymbols(LINKS).matrices([LINKS[0], link])
