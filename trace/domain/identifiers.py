"""Numbers that others issued: each normalises, validates and prints itself, and raises where it is not one."""

import re
from dataclasses import dataclass
from datetime import date

from .errors import N_, InvalidInput
from .text import clean, fold

_CSET_82 = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]")
_SEPARATORS = re.compile(r"[\s.\-]")
_SERIALS = 10_000
SSCCS_OF_A_GLN = 10 * _SERIALS
"""Ten extension digits, four digits of serial reference each."""


class InvalidGtin(InvalidInput):
    code = "invalid-gtin"
    message = N_("Mã GTIN gồm 8, 12, 13 hoặc 14 chữ số. Hãy chép lại dãy số dưới mã vạch.")


class RestrictedGtin(InvalidInput):
    code = "restricted-gtin"
    message = N_(
        "Mã GTIN %(gtin)s chỉ dùng trong nội bộ một cửa hàng (đầu 02, 04 hoặc 20–29) nên không in được lên tem. "
        "Hãy để trống ô này; hệ thống sẽ dùng mã truy xuất riêng."
    )


class InvalidGln(InvalidInput):
    code = "invalid-gln"
    message = N_("Mã GLN gồm 13 chữ số. Hãy kiểm tra lại.")


class InvalidSscc(InvalidInput):
    code = "invalid-sscc"
    message = N_("Mã SSCC gồm 18 chữ số. Hãy chép lại dãy số sau (00) trên nhãn thùng.")


class InvalidLotCode(InvalidInput):
    code = "invalid-lot-code"
    message = N_("Hãy nhập mã lô.")


class InvalidTaxCode(InvalidInput):
    code = "invalid-tax-code"
    message = N_("Mã số thuế gồm 10 hoặc 13 chữ số; hộ kinh doanh dùng số định danh cá nhân 12 chữ số.")


def check_digit(digits: str) -> int:
    """GS1 General Specifications §7.9.1: weights 3, 1, 3, … from the right of ``digits``, which lack the check digit."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


@dataclass(frozen=True)
class Gtin:
    """A trade item number from 8, 12, 13 or 14 digits, spaces, dots and dashes ignored. ``value`` has 14 digits.

    Raises ``InvalidGtin``; a wrong check digit is answered with the right one.
    """

    value: str

    def __post_init__(self) -> None:
        digits = _SEPARATORS.sub("", clean(self.value, field="gtin"))
        if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", digits) or not digits.strip("0"):
            raise InvalidGtin(field="gtin")
        if int(digits[-1]) != (expected := check_digit(digits[:-1])):
            message = N_("Mã GTIN %(gtin)s sai số kiểm tra: chữ số cuối phải là %(expected)s. Hãy kiểm tra lại.")
            raise InvalidGtin(message, field="gtin", gtin=digits, expected=expected)
        object.__setattr__(self, "value", digits.zfill(14))

    def __str__(self) -> str:
        """As people know it: without the zeros that fill a GTIN-8 or GTIN-13 up to 14 digits."""
        return self.value[6:] if self.value.startswith("000000") else self.value.removeprefix("0")

    @property
    def is_restricted(self) -> bool:
        """For circulation inside one company or region: GS1 prefixes 02, 04 and 20–29, GS1-8 prefixes 0 and 2."""
        if self.value.startswith("000000"):
            return self.value[6] in "02"
        return self.value[1:3] in ("02", "04") or self.value[1] == "2"

    def linkable(self) -> "Gtin":
        """This number, if it may stand in a ``/01/`` link. Raises ``RestrictedGtin``."""
        if self.is_restricted:
            raise RestrictedGtin(field="gtin", gtin=str(self))
        return self


@dataclass(frozen=True)
class Gln:
    """A location or party number of 13 digits. Raises ``InvalidGln``."""

    value: str

    def __post_init__(self) -> None:
        digits = _SEPARATORS.sub("", clean(self.value, field="gln"))
        if not re.fullmatch(r"[0-9]{13}", digits) or not digits.strip("0"):
            raise InvalidGln(field="gln")
        if int(digits[-1]) != (expected := check_digit(digits[:-1])):
            message = N_("Mã GLN %(gln)s sai số kiểm tra: chữ số cuối phải là %(expected)s. Hãy kiểm tra lại.")
            raise InvalidGln(message, field="gln", gln=digits, expected=expected)
        object.__setattr__(self, "value", digits)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Sscc:
    """GS1 AI 00: the number of one logistic unit, 18 digits; the AI before them is ignored. Raises ``InvalidSscc``."""

    value: str

    def __post_init__(self) -> None:
        digits = _SEPARATORS.sub("", clean(self.value, field="sscc").removeprefix("(00)"))
        if len(digits) == 20:
            digits = digits.removeprefix("00")
        if not re.fullmatch(r"[0-9]{18}", digits) or not digits.strip("0"):
            raise InvalidSscc(field="sscc")
        if int(digits[-1]) != (expected := check_digit(digits[:-1])):
            message = N_("Mã SSCC %(sscc)s sai số kiểm tra: chữ số cuối phải là %(expected)s. Hãy kiểm tra lại.")
            raise InvalidSscc(message, field="sscc", sscc=digits, expected=expected)
        object.__setattr__(self, "value", digits)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def under(cls, gln: str, number: int) -> "Sscc":
        """The ``number``-th, from 0 to ``SSCCS_OF_A_GLN``, of those that begin with a GLN's own twelve digits.

        However long the company's prefix is, the GLN begins with it; so all that begins with the GLN is the company's.
        """
        extension, serial = divmod(number, _SERIALS)
        digits = f"{extension}{gln[:12]}{serial:04}"
        return cls(f"{digits}{check_digit(digits)}")

    @property
    def number(self) -> int:
        """Which of those under its GLN it is."""
        return int(self.value[0]) * _SERIALS + int(self.value[13:17])


@dataclass(frozen=True)
class LotCode:
    """GS1 AI 10: 1 to 20 characters of CSET 82. Upper case, because GS1 tells cases apart and people do not.

    Raises ``InvalidLotCode`` naming the length or the character.
    """

    value: str

    def __post_init__(self) -> None:
        code = clean(self.value, field="lot").upper()
        if not code:
            raise InvalidLotCode(field="lot")
        for character in code:
            if character == " ":
                raise InvalidLotCode(N_("Mã lô không có dấu cách. Hãy dùng dấu gạch ngang."), field="lot")
            if not _CSET_82.match(character):
                message = N_("Mã lô không dùng được ký tự “%(character)s”. Hãy dùng chữ không dấu, số, gạch ngang.")
                raise InvalidLotCode(message, field="lot", character=character)
        if len(code) > 20:
            message = N_("Mã lô có tối đa 20 ký tự, mã này có %(length)s. Hãy rút ngắn.")
            raise InvalidLotCode(message, field="lot", length=len(code))
        object.__setattr__(self, "value", code)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class TaxCode:
    """A Vietnamese tax code: 10 digits, 10 + 3 for a branch, or a household's 12-digit personal number (since 2025).

    Raises ``InvalidTaxCode``. A personal number has no check digit; only its leading 0 can be checked.
    """

    value: str

    def __post_init__(self) -> None:
        digits = _SEPARATORS.sub("", clean(self.value, field="tax_code"))
        if not re.fullmatch(r"[0-9]{10}|0[0-9]{11}|[0-9]{13}", digits) or (
            digits.endswith("000") and len(digits) == 13
        ):
            raise InvalidTaxCode(field="tax_code")
        if len(digits) != 12 and int(digits[9]) != _tax_check_digit(digits):
            message = N_("Mã số thuế %(tax_code)s sai số kiểm tra. Hãy so lại từng chữ số với giấy đăng ký.")
            raise InvalidTaxCode(message, field="tax_code", tax_code=digits)
        object.__setattr__(self, "value", digits)

    def __str__(self) -> str:
        return f"{self.value[:10]}-{self.value[10:]}" if len(self.value) == 13 else self.value

    @property
    def is_personal(self) -> bool:
        """A citizen's number: never shown to anyone but its holder and officers."""
        return len(self.value) == 12


def proposed_lot(site_code: str, day: date, number: int) -> LotCode:
    """``SITE-YYMMDD-N`` for the ``number``-th batch of that site and day; the site's code is cut to fit 20 characters."""
    ending = f"-{day:%y%m%d}-{number}"
    site = re.sub("[^A-Z0-9]", "", fold(site_code).upper()) or "LO"
    return LotCode(site[: 20 - len(ending)] + ending)


def _tax_check_digit(digits: str) -> int:
    """Ten where no code with these nine digits exists."""
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    return 10 - sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False)) % 11
