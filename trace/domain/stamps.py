"""The serial of one stamp: where it stands in its issue, hidden by a keyed permutation, with a MAC behind it.

A serial is 16 symbols of Crockford base 32, 80 bits: it fits AI 21 of GS1 and keeps a QR symbol small.

* 40 bits are the stamp's place: the ordinal of its issue among those of its code (10 bits) and its index within the
  issue (30 bits), permuted by a balanced Feistel network whose rounds are keyed BLAKE2b. The permutation only hides
  the place, so that nobody reads from a stamp how many there are or what its neighbours are called; four rounds of a
  pseudo-random function are a pseudo-random permutation even to one who may ask in both directions (Luby and Rackoff,
  1988), as long as that is less than about 2¹⁰ times, and whoever learns more learns places, not how to make a stamp.
* 40 bits are a BLAKE2b MAC of the place under the key of the issue, which is derived from a master key, the code and
  the ordinal.

So one guess passes with a probability of 2⁻⁴⁰, and then its place, which the guesser cannot choose, has to be one that
was issued: with N stamps of a code, N · 2⁻⁸⁰. At 120 guesses a minute an address would pass the MAC once in 17,000
years, and hit one of a million stamps once in 19 thousand million years. To change a real stamp gives no other real one:
the rest of a place's serial is its MAC alone. What no MAC can stop is a copy of a real stamp: see ``stamp_verdicts``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest

from . import crockford
from .errors import N_, Conflict, InvalidInput, TraceError
from .labelled import Labelled

LENGTH = 16
MOST_ISSUES = 1 << 10
"""With serials, of one code."""
MOST_STAMPS = 1 << 30
"""Of one issue."""
ROUNDS = 4
_HALF = (1 << 20) - 1
_MAC = (1 << 40) - 1
_PAIRS = [first + second for first in crockford.ALPHABET for second in crockford.ALPHABET]


class InvalidSerial(InvalidInput):
    """What was typed cannot be the serial of a stamp."""

    code = "invalid-serial"
    message = N_("Số tem có %(expected)s chữ và số, chia thành bốn nhóm. Hãy so lại với số in trên tem.")


class StampKeyMissing(TraceError):
    """Stamps were issued with a master key that this server was not given."""

    code = "stamp-key-missing"
    status = 503
    message = N_(
        "Máy chủ đang thiếu khóa %(key)s của tem đã phát hành, nên chưa làm được việc này. Người quản trị cần thêm khóa "
        "đó vào TRACE_STAMP_KEYS."
    )


class RangeKind(Labelled):
    """What may be done with a stretch of stamps."""

    ACTIVATED = "activated", N_("Kích hoạt")
    VOIDED = "voided", N_("Hủy")
    BOUND = "bound", N_("Gắn với lô")


class AlreadyInRange(Conflict):
    """Of two people who do the same with the same stamps, one comes first."""

    code = "stamps-already-in-range"
    message = N_(
        "Tem từ số %(first)s đến số %(last)s đã được %(by)s ghi như vậy lúc %(at)s. Hãy chọn đoạn khác, không trùng."
    )


class StampsVoided(AlreadyInRange):
    code = "stamps-already-voided"
    message = N_("Tem từ số %(first)s đến số %(last)s đã bị %(by)s hủy lúc %(at)s. Tem đã hủy không hủy lại được.")


class StampsBound(AlreadyInRange):
    code = "stamps-already-bound"
    message = N_(
        "Tem từ số %(first)s đến số %(last)s đã được %(by)s gắn với lô %(lot)s lúc %(at)s. Hãy kiểm tra lại đoạn tem."
    )


class NotOfThisIssue(InvalidInput):
    code = "stamp-not-of-issue"
    message = N_("Không có tem này trong đợt in. Hãy quét lại, hoặc nhập số thứ tự từ 1 đến %(count)s.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a genuine serial stands: in an issue of its code, and in whose key it was made."""

    key_id: str
    ordinal: int
    index: int


def parse(typed: str) -> str:
    """A serial as stored, from any case, with or without dashes and spaces. Raises InvalidSerial."""
    serial = crockford.normalise(typed)
    if len(serial) != LENGTH or not set(serial) <= set(crockford.ALPHABET):
        raise InvalidSerial(field="serial", expected=LENGTH)
    return serial


def is_serial(typed: str) -> bool:
    """Whether it has the shape of one; whoever owns a GTIN may print serials of another shape."""
    try:
        return bool(parse(typed))
    except InvalidSerial:
        return False


def grouped(serial: str) -> str:
    """``7K3M-9XW2-QT5R-8ZVN``, as a label prints it."""
    return "-".join(serial[start : start + 4] for start in range(0, LENGTH, 4))


class StampKeys:
    """The master keys, newest first: new issues are made with the first, serials are known by any."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = {_fingerprint(secret): secret.encode() for secret in secrets}

    @property
    def newest(self) -> str:
        """The id of the key for new issues."""
        return next(iter(self._secrets))

    def missing(self, key_ids: Sequence[str]) -> list[str]:
        """Those of ``key_ids`` whose key is not here."""
        return [key_id for key_id in key_ids if key_id not in self._secrets]

    def place(self, code: str, serial: str) -> Place | None:
        """Where a parsed serial stands; None for one that was made up. Whether it was issued, the database knows."""
        number = crockford.decode(serial)
        mac = (number & _MAC).to_bytes(5)
        for key_id, secret in self._secrets.items():
            place = _unpermuted(_rounds(secret, code), number >> 40)
            ordinal, index = divmod(place, MOST_STAMPS)
            if compare_digest(_digest(_authenticator(secret, code, ordinal), place, 5), mac):
                return Place(key_id, ordinal, index)
        return None

    def knows(self, code: str, typed: str) -> bool:
        """Whether what was typed or scanned is a serial of this code."""
        return is_serial(typed) and self.place(code, parse(typed)) is not None

    def serials(self, key_id: str, code: str, ordinal: int, first: int, stop: int) -> list[str]:
        """Of the stamps with index ``first`` up to, without, ``stop``. Raises StampKeyMissing."""
        if key_id not in self._secrets:
            raise StampKeyMissing(key=key_id)
        if not (0 <= ordinal < MOST_ISSUES and 0 <= first <= stop <= MOST_STAMPS):
            raise ValueError(f"no stamps {first} to {stop} in issue {ordinal}")
        rounds = _rounds(self._secrets[key_id], code)
        authenticator = _authenticator(self._secrets[key_id], code, ordinal)
        start, pairs, made = ordinal * MOST_STAMPS, _PAIRS, []
        for place in range(start + first, start + stop):
            mac = int.from_bytes(_digest(authenticator, place, 5))
            number = _permuted(rounds, place) << 40 | mac
            made.append(
                pairs[number >> 70]
                + pairs[number >> 60 & 1023]
                + pairs[number >> 50 & 1023]
                + pairs[number >> 40 & 1023]
                + pairs[number >> 30 & 1023]
                + pairs[number >> 20 & 1023]
                + pairs[number >> 10 & 1023]
                + pairs[number & 1023]
            )
        return made


def _permuted(rounds: Sequence[blake2b], place: int) -> int:
    left, right = place >> 20, place & _HALF
    for each in rounds:
        left, right = right, left ^ int.from_bytes(_digest(each, right, 3)) & _HALF
    return left << 20 | right


def _unpermuted(rounds: Sequence[blake2b], number: int) -> int:
    left, right = number >> 20, number & _HALF
    for each in reversed(rounds):
        left, right = right ^ int.from_bytes(_digest(each, left, 3)) & _HALF, left
    return left << 20 | right


def _digest(keyed: blake2b, number: int, size: int) -> bytes:
    hashing = keyed.copy()
    hashing.update(number.to_bytes(size))
    return hashing.digest()


@lru_cache(maxsize=1024)
def _rounds(secret: bytes, code: str) -> tuple[blake2b, ...]:
    """The keyed functions of the permutation: 20 bits in, 24 bits out."""
    key = _derived(secret, b"permutation", code.encode())
    return tuple(blake2b(key=key, digest_size=3, salt=bytes([number])) for number in range(ROUNDS))


@lru_cache(maxsize=1024)
def _authenticator(secret: bytes, code: str, ordinal: int) -> blake2b:
    return blake2b(key=_derived(secret, b"issue", b"%b %d" % (code.encode(), ordinal)), digest_size=5)


def _derived(secret: bytes, purpose: bytes, of: bytes) -> bytes:
    """A key for one purpose. The secret is hashed first: it may be longer than a key of BLAKE2b."""
    return blake2b(of, key=blake2b(secret).digest(), person=purpose, digest_size=32).digest()


def _fingerprint(secret: str) -> str:
    """Eight hexadecimal digits that tell keys apart and give none away."""
    return _derived(secret.encode(), b"fingerprint", b"").hex()[:8]
