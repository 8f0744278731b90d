"""The ground of every form: NFC text, and errors of the rules shown at the field they name."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, TextAreaField

from ..domain.errors import InvalidFields, TraceError
from ..domain.text import UnreadableText, clean, clean_lines
from ..request.database import db

P = ParamSpec("P")
R = TypeVar("R")


def cleaned(value: Any) -> Any:
    return _cleaned(clean, value)


def cleaned_lines(value: Any) -> Any:
    return _cleaned(clean_lines, value)


def _cleaned(how: Callable[[str], str], value: Any) -> Any:
    try:
        return how(value) if isinstance(value, str) else value
    except UnreadableText as error:  # WTForms shows a ValueError at its field
        raise ValueError(gettext(error.message)) from error


class Form(FlaskForm):  # type: ignore[misc]
    """Every text field is NFC-normalised and trimmed; ``attempt`` runs a verb and keeps its errors beside the fields."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                ours = cleaned_lines if issubclass(unbound_field.field_class, TextAreaField) else cleaned
                options["filters"] = [ours, *unbound_field.kwargs.pop("filters", ())]
            return unbound_field.bind(form=form, **options)

    def attempt(self, verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Run a service verb; on a TraceError roll back, note the sentence at its field, and return None."""
        try:
            return verb(*args, **kwargs)
        except TraceError as error:
            db.session.rollback()
            for one in error.errors if isinstance(error, InvalidFields) else [error]:
                self.refuse(one)
            return None

    def refuse(self, error: TraceError) -> None:
        sentence = gettext(error.message, **error.values)
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
