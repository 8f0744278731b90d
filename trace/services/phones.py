"""Telephone numbers: kept as E.164, shown as people here write them."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from ..domain.errors import N_, InvalidInput
from ..domain.text import clean


class InvalidPhone(InvalidInput):
    code = "invalid-phone"
    message = N_("Số điện thoại chưa đúng. Hãy nhập số gọi được, ví dụ 0912 345 678.")


def parse_phone(typed: str, *, field: str = "phone") -> str:
    """E.164; a number without a country code is Vietnamese. Raises InvalidPhone."""
    try:
        number = phonenumbers.parse(clean(typed), "VN")
    except NumberParseException:
        raise InvalidPhone(field=field) from None
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone(field=field)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def format_phone(number: str) -> str:
    """``0912 345 678`` for a Vietnamese number, with its country code for another."""
    try:
        parsed = phonenumbers.parse(number, "VN")
    except NumberParseException:
        return number
    ours = parsed.country_code == 84
    return str(
        phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if ours else PhoneNumberFormat.INTERNATIONAL)
    )
