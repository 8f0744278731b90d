"""Fields that our forms share. Their rules are the services'; a field only says what could not be read at all."""

import re
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Email, ValidationError
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from ..domain.dates import parse_date
from ..domain.errors import TraceError
from ..domain.labelled import Labelled
from ..domain.sensors import parse_degrees
from .formats import degrees
from .forms import Form

Kind = TypeVar("Kind", bound=Labelled)


LONGEST_EMAIL = 254
"""RFC 5321, by way of erratum 1690 of RFC 3696."""


class EmailAddress(Email):  # type: ignore[misc] # WTForms comes without types
    def __init__(self) -> None:
        super().__init__(lazy_gettext("Địa chỉ e-mail chưa đúng, ví dụ đúng: ten@gmail.com."))

    def __call__(self, form: Any, field: Any) -> None:
        if len(field.data or "") > LONGEST_EMAIL:  # the library reads a text in the square of its length
            raise ValidationError(self.message)
        super().__call__(form, field)


class Required:
    """Marks a field as one that must be filled; the service says so when it is not."""

    field_flags = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        pass


class _OfKind:
    """Choices are the members of a closed set; ``data`` is a member, or None."""

    def __init__(self, label: Any, kind: type[Labelled], *, empty: Any = None, **kwargs: Any) -> None:
        self.kind, self.empty = kind, empty
        super().__init__(label, validate_choice=False, **kwargs)  # type: ignore[call-arg]
        self.coerce = self._member

    def _member(self, value: Any) -> Labelled | None:
        try:
            return self.kind(value) if value else None
        except ValueError:
            return None

    def process(self, *args: Any, **kwargs: Any) -> None:
        choices: list[tuple[str, Any]] = [] if self.empty is None else [("", self.empty)]
        self.choices = choices + [(str(member), gettext(member.label)) for member in self.kind]
        super().process(*args, **kwargs)  # type: ignore[misc]

    def pre_validate(self, _form: Any) -> None:
        if self.data is None and self.flags.required:  # type: ignore[attr-defined]
            raise ValidationError(gettext("Hãy chọn một mục."))


class KindField(_OfKind, SelectField):  # type: ignore[misc]
    pass


class KindRadioField(_OfKind, RadioField):  # type: ignore[misc]
    pass


def identifier(value: Any) -> int:
    """The id that a choice carries; 0, which nothing has, for what no form of ours offered."""
    text = str(value)
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


class CheckboxesField(SelectMultipleField):  # type: ignore[misc]
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=identifier, choices=[], validate_choice=False, **kwargs)


class DayField(StringField):  # type: ignore[misc]
    """A day, ``data`` a date or None; without a date picker it is typed as dd/mm/yyyy."""

    widget = DateInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: date | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = parse_date(valuelist[0])
            except TraceError as error:
                raise ValueError(gettext(error.message, **error.values)) from error


class WholeNumberField(StringField):  # type: ignore[misc]
    """``data`` an int or None; a dot or space may set thousands apart."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist).strip()
        self.data: int | None = None
        if text:
            if not re.fullmatch(r"\d{1,9}|\d{1,3}([. ]\d{3}){1,2}", text, re.ASCII):
                raise ValueError(gettext("Hãy nhập một số nguyên, ví dụ 120."))
            self.data = int(re.sub("[. ]", "", text))


class DegreesField(StringField):  # type: ignore[misc]
    """A latitude or longitude in decimal degrees, ``data`` a float or None."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist).strip().replace(",", ".")
        self.data: float | None = None
        if text:
            if not re.fullmatch(r"\d{1,3}(\.\d{1,15})?", text, re.ASCII):
                raise ValueError(gettext("Hãy nhập độ dạng thập phân, ví dụ 20,9928."))
            self.data = round(float(text), 6)


class DegreesCelsiusField(StringField):  # type: ignore[misc] # WTForms comes without types
    """A temperature, ``data`` tenths of a degree or None."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else "" if self.data is None else degrees(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = "".join(valuelist).strip()
        try:
            self.data: int | None = parse_degrees(text) if text else None
        except TraceError as error:
            raise ValueError(gettext(error.message, **error.values)) from error


class VersionedForm(Form):
    """Carries the version of what is edited, so that two people cannot overwrite each other."""

    version = HiddenField()

    @property
    def seen(self) -> int | None:
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None


def upload(field: FileField) -> bytes | None:
    """The bytes of the chosen file, or None where none was chosen."""
    return field.data.read() if isinstance(field.data, FileStorage) else None


def uploads(field: MultipleFileField) -> list[tuple[str, bytes]]:
    """Name and bytes of each chosen file."""
    return [(file.filename or "", file.read()) for file in field.data or [] if file]


CHOOSE = lazy_gettext("– Chọn –")
