"""Crockford base 32 with a check character that catches every mistyped character and every swap of two.

Arithmetic modulo 32 cannot do that: the difference of two weights, or of two symbols, may share a factor with
32 and vanish. The field GF(32) has no such factors. A code c₀…cₙ is read as the polynomial c₀xⁿ + … + cₙ over
GF(32), whose elements are the 32 symbols, and is valid when it is zero at the generator α of the field:
a Reed-Solomon code with one check symbol. One wrong symbol changes the sum by αⁱ·d, d ≠ 0, which is not zero;
swapping two symbols changes it by (αⁱ + αʲ)·d, not zero either while the code is shorter than 32 symbols,
because the powers of α are all different. Both errors are therefore always caught.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_DIGITS = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_LOOKALIKES = str.maketrans("ILO", "110", " \t\u00a0-–—.·_")


def encode(data: bytes, length: int) -> str:
    """``length`` symbols from the first 5 × ``length`` bits of ``data``."""
    spare_bits = len(data) * 8 - length * 5
    if spare_bits < 0:
        raise ValueError(f"{length} symbols need {length * 5} bits, not {len(data) * 8}")
    number = int.from_bytes(data) >> spare_bits
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def decode(code: str) -> int:
    """The number whose base 32 digits, the highest first, are the symbols of ``code``."""
    return int(code.translate(_DIGITS), 32)


def normalise(typed: str) -> str:
    """Upper case, without spaces and dashes, I and L read as 1 and O as 0. Other characters are left to the caller."""
    return typed.upper().translate(_LOOKALIKES)


def with_check(data: str) -> str:
    """``data`` (symbols of the alphabet) and its check character."""
    return data + ALPHABET[_times_alpha(_at_alpha(data))]


def passes(code: str) -> bool:
    """Whether ``code`` consists of the alphabet's symbols and ends in the right check character."""
    return code != "" and all(symbol in _VALUE for symbol in code) and _at_alpha(code) == 0


def _at_alpha(code: str) -> int:
    value = 0
    for symbol in code:
        value = _times_alpha(value) ^ _VALUE[symbol]
    return value


def _times_alpha(value: int) -> int:
    """Multiply by α in GF(32) = GF(2)[x] / (x⁵ + x² + 1), whose α = x runs through all 31 non-zero elements."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value
