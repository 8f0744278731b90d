"""The code of a batch that is printed, typed and never reused: nine random symbols and a check character."""

from collections.abc import Iterator

from . import crockford
from .errors import N_, InvalidInput

LENGTH = 10
# Pairs that are misread on a small, dirty or rained-on label; such a candidate is offered first.
_MISREAD = frozenset(
    map(frozenset, ("8B", "5S", "2Z", "6G", "0D", "0Q", "VY", "MN", "17", "1T", "VW", "CG", "3B", "PR"))
)


class InvalidPublicCode(InvalidInput):
    """What was typed cannot be a code. ``nearest`` may know what was meant."""

    code = "invalid-public-code"
    message = N_("Mã này có chỗ gõ sai. Hãy so lại từng ký tự với mã in dưới ô vuông trên tem.")


def mint(random_bytes: bytes) -> str:
    """A new code from 45 random bits: pass at least 6 bytes of a cryptographic generator.

    Codes are guessed once in 2⁴⁵ tries for each that exists; that none exists twice is for the database to see.
    """
    return crockford.with_check(crockford.encode(random_bytes, LENGTH - 1))


def parse(typed: str) -> str:
    """The code as stored, from any case, with or without spaces and dashes. Raises ``InvalidPublicCode``."""
    code = crockford.normalise(typed)
    if not code:
        raise InvalidPublicCode(N_("Hãy nhập mã in dưới ô vuông trên tem."), field="code")
    if "U" in code:
        message = N_("Mã truy xuất không dùng chữ U. Hãy xem lại trên tem: có thể đó là chữ V.")
        raise InvalidPublicCode(message, field="code")
    wrong = next((symbol for symbol in code if symbol not in crockford.ALPHABET), None)
    if wrong is not None:
        message = N_("Mã truy xuất chỉ gồm chữ cái và chữ số, không có ký tự “%(character)s”. Hãy gõ lại.")
        raise InvalidPublicCode(message, field="code", character=wrong)
    if len(code) != LENGTH:
        message = N_("Mã truy xuất có %(expected)s ký tự, bạn đã nhập %(typed)s. Hãy so lại với mã trên tem.")
        raise InvalidPublicCode(message, field="code", expected=LENGTH, typed=len(code))
    if not crockford.passes(code):
        raise InvalidPublicCode(field="code")
    return code


def grouped(code: str) -> str:
    """For reading and typing: ``7K3-M9XW-2QT``."""
    return f"{code[:3]}-{code[3:7]}-{code[7:]}"


def nearest(typed: str) -> list[str]:
    """Valid codes that are one slip away from ``typed``, likeliest slip first; the caller keeps those that exist.

    A slip is one character wrong, two neighbours swapped, one missing or one too many. The check character leaves
    one candidate for each place, so there are never more than 20. A valid code has none.
    """
    code = crockford.normalise(typed)
    if len(code) not in range(LENGTH - 1, LENGTH + 2) or (crockford.passes(code) and len(code) == LENGTH):
        return []
    candidates = {candidate: None for candidate in _one_slip_away(code) if crockford.passes(candidate)}
    return sorted(candidates, key=lambda candidate: not _looks_alike(code, candidate))


def _one_slip_away(code: str) -> Iterator[str]:
    places = range(len(code))
    if len(code) == LENGTH:
        for place in places[:-1]:
            yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for place in places:
            for symbol in crockford.ALPHABET:
                yield code[:place] + symbol + code[place + 1 :]
    elif len(code) > LENGTH:
        for place in places:
            yield code[:place] + code[place + 1 :]
    else:
        for place in range(LENGTH):
            for symbol in crockford.ALPHABET:
                yield code[:place] + symbol + code[place:]


def _looks_alike(code: str, candidate: str) -> bool:
    if len(code) != len(candidate):
        return False
    pairs = [{typed, meant} for typed, meant in zip(code, candidate, strict=True) if typed != meant]
    return sorted(code) == sorted(candidate) or all(pair in _MISREAD for pair in pairs)
