"""Amounts: integers of a base unit inside, UN/CEFACT units and Vietnamese notation at the edges."""

import re
from decimal import ROUND_HALF_UP, Decimal

from .errors import N_, InvalidInput
from .labelled import Labelled
from .text import clean

LARGEST_AMOUNT = 1_000_000_000  # base units: 1,000 tonnes, 1,000 m³, a thousand million pieces; beyond it is a slip

_DECIMAL_COMMA = re.compile(r"\d+(,\d+)?|\d{1,3}([. ]\d{3})+(,\d+)?", re.ASCII)
_DECIMAL_DOT = re.compile(r"\d+\.\d+|\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}", re.ASCII)


class Unit(Labelled):
    """A UN/CEFACT Recommendation 20 code, in which people count, and the base unit in which amounts are stored."""

    KGM = "KGM", N_("kg")
    LTR = "LTR", N_("lít")
    EA = "EA", N_("đơn vị")

    @property
    def base_units(self) -> int:
        """How many base units (g, ml, piece) make one of this unit."""
        return 1 if self is Unit.EA else 1000


_SYMBOLS = {
    "vi": {Unit.KGM: "kg", Unit.LTR: "lít", Unit.EA: "đơn vị"},
    "en": {Unit.KGM: "kg", Unit.LTR: "l", Unit.EA: "pcs"},
}


class InvalidAmount(InvalidInput):
    code = "invalid-amount"
    message = N_("Hãy nhập một con số, ví dụ 12,5.")


def parse_amount(typed: str, unit: Unit, *, field: str = "amount") -> int:
    """Base units from what was typed in ``unit``, with or without the unit's symbol.

    A comma is the decimal mark and a dot, like a space, sets thousands apart, as in Việt Nam: ``1.250`` is 1250.
    A dot that cannot be that (``12.5``, ``0.250``, ``1,250.5``) is read as a decimal mark.
    Raises ``InvalidAmount`` for anything else and for what is not positive, too fine or beyond ``LARGEST_AMOUNT``.
    """
    text = clean(typed, field=field).casefold()
    for symbol in sorted({names[unit] for names in _SYMBOLS.values()}, key=len, reverse=True):
        text = text.removesuffix(symbol).rstrip()
    if re.match(r"[-−–]\s*\d", text):
        raise InvalidAmount(N_("Số không được âm. Hãy bỏ dấu trừ."), field=field)
    if _DECIMAL_COMMA.fullmatch(text) and not re.fullmatch(r"0\.\d{3}", text):
        number = Decimal(re.sub("[. ]", "", text).replace(",", "."))
    elif _DECIMAL_DOT.fullmatch(text):
        number = Decimal(text.replace(",", ""))
    else:
        raise InvalidAmount(field=field)
    if not number:
        raise InvalidAmount(N_("Số phải lớn hơn 0."), field=field)
    if number * unit.base_units > LARGEST_AMOUNT:
        raise InvalidAmount(
            N_("Số này quá lớn (tối đa %(largest)s). Hãy kiểm tra lại dấu phẩy và đơn vị."),
            field=field,
            largest=format_amount(LARGEST_AMOUNT, unit),
        )
    if number * unit.base_units % 1:
        raise InvalidAmount(
            N_("Chỉ nhập số nguyên, không có phần lẻ.")
            if unit is Unit.EA
            else N_("Chỉ nhập tối đa 3 chữ số sau dấu phẩy."),
            field=field,
        )
    return int(number * unit.base_units)


def format_amount(amount: int, unit: Unit, locale: str = "vi") -> str:
    """``12,5 kg`` in Vietnamese, ``12.5 kg`` in English; ``amount`` in base units, exact, no trailing zeros."""
    number = f"{Decimal(amount) / unit.base_units:,f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    language = "en" if locale.startswith("en") else "vi"
    if language == "vi":
        number = number.translate(str.maketrans(",.", ".,"))
    return f"{number} {_SYMBOLS[language][unit]}"


def percentage(numerator: int, denominator: int) -> Decimal | None:
    """To one decimal, halves up, the same on every page and in every file; None where there is nothing to divide by."""
    if not denominator:
        return None
    return (Decimal(100 * numerator) / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
