"""The kinds of values in requests and answers. What is wrong with one is said in the reader's language."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import marshmallow
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range

from ..domain.errors import TraceError
from ..domain.quantities import Unit
from ..domain.text import clean, clean_lines
from ..request.urls import LARGEST

SENTENCES = {
    "required": _l("Thiếu trường này."),
    "null": _l("Trường này không được là null."),
    "invalid": _l("Giá trị này không đúng kiểu."),
    "type": _l("Phải là một đối tượng JSON."),
    "too_large": _l("Số này nằm ngoài khoảng được nhận."),
}
TOO_LONG = _l("Nội dung quá dài.")
TOO_MANY = _l("Danh sách quá dài.")
MOST_MEMBERS = 100
LONGEST_FILE = 21_000_000  # 15 MB in base64; the services say so in their own words for anything smaller


class Text(marshmallow.fields.String):
    """One line, Unicode NFC, trimmed; ``longest`` counts characters as sent."""

    default_error_messages = SENTENCES

    def __init__(self, *, longest: int = 300, **kwargs: Any) -> None:
        super().__init__(validate=Length(max=longest, error=TOO_LONG), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.cleaned(super()._deserialize(value, attr, data, **kwargs))
        except TraceError as error:
            raise ValidationError(gettext(error.message, **error.values)) from error

    def cleaned(self, text: str) -> str:
        return clean(text)


class Lines(Text):
    """As ``Text``, with its line breaks."""

    def __init__(self, *, longest: int = 10_000, **kwargs: Any) -> None:
        super().__init__(longest=longest, **kwargs)

    def cleaned(self, text: str) -> str:
        return clean_lines(text)


class Integer(marshmallow.fields.Integer):
    """Within what a column of the database holds."""

    default_error_messages = {**SENTENCES, "invalid": _l("Hãy gửi một số nguyên.")}

    def __init__(self, *, low: int = 0, high: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(validate=Range(low, high, error=SENTENCES["too_large"]), **kwargs)

    def _validated(self, value: Any) -> int:
        if isinstance(value, float):  # it would be cut off; a query's text is a number too
            raise self.make_error("invalid")
        return super()._validated(value)


class Number(marshmallow.fields.Float):
    default_error_messages = {**SENTENCES, "special": SENTENCES["invalid"]}


class Boolean(marshmallow.fields.Boolean):
    default_error_messages = SENTENCES


class Day(marshmallow.fields.Date):
    """ISO 8601. Years as people mean them, so that no arithmetic on a day leaves the calendar."""

    _sentence = _l("Hãy gửi ngày theo ISO 8601, ví dụ 2026-03-05.")
    default_error_messages = {
        **SENTENCES,
        "invalid": _sentence,
    }

    def __init__(self, **kwargs: Any) -> None:
        years = Range(date(1900, 1, 1), date(2199, 12, 31), error=self._sentence)
        super().__init__(format="iso", validate=years, **kwargs)


class Moment(marshmallow.fields.AwareDateTime):
    """ISO 8601 with an offset; answers are in UTC."""

    _sentence = _l("Hãy gửi thời điểm theo ISO 8601 kèm múi giờ, ví dụ 2026-03-05T06:30:00+07:00.")
    default_error_messages = {**SENTENCES, "invalid": _sentence, "invalid_awareness": _sentence}

    def __init__(self, **kwargs: Any) -> None:
        years = Range(datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC), error=self._sentence)
        super().__init__(format="iso", validate=years, **kwargs)


class Member(marshmallow.fields.Enum[Any]):
    """One of a closed set, by the value that never changes."""

    _sentence = _l("Giá trị này không có trong danh sách được nhận. Hãy xem tài liệu API.")
    default_error_messages = {**SENTENCES, "unknown": _sentence}

    def __init__(self, members: type[Enum], *, only: Sequence[Enum] | None = None, **kwargs: Any) -> None:
        if only is not None:
            kwargs["validate"] = OneOf(only, error=self._sentence)
            kwargs["metadata"] = {"enum": [member.value for member in only]}
        super().__init__(members, by_value=marshmallow.fields.String, **kwargs)


class Part(marshmallow.fields.Nested):
    default_error_messages = SENTENCES


class Several(marshmallow.fields.List[Any]):
    default_error_messages = {**SENTENCES, "invalid": _l("Hãy gửi một danh sách JSON.")}

    def __init__(self, of: marshmallow.fields.Field[Any], *, most: int = MOST_MEMBERS, **kwargs: Any) -> None:
        super().__init__(of, validate=Length(max=most, error=TOO_MANY), **kwargs)


class File(marshmallow.fields.String):
    """The bytes of a file in base64 (RFC 4648 §4), or a part of its name in a multipart request (``topics.Parser``)."""

    default_error_messages = {
        **SENTENCES,
        "encoding": _l("Hãy gửi nội dung tệp dưới dạng base64."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "metadata": {"format": "byte", **kwargs.get("metadata", {})}})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        encoded = super()._deserialize(value, attr, data, **kwargs)
        if len(encoded) > LONGEST_FILE:
            raise ValidationError(str(TOO_LONG))
        try:
            return b64decode(encoded, validate=True)
        except ValueError as error:
            raise self.make_error("encoding") from error


def amount(base_units: int, unit: Unit) -> dict[str, str]:
    """``{"value": "12.5", "unit": "KGM"}``: exact, no exponent, no trailing zeros."""
    number = f"{Decimal(base_units) / unit.base_units:f}"
    return {"value": number.rstrip("0").rstrip(".") if "." in number else number, "unit": unit.value}
