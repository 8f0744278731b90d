"""What a person says about a stretch of stamps."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from ...domain.errors import TraceError
from ...labels.photos import read_label_photo
from ..fields import Required, identifier
from ..forms import Form


class PhotoField(FileField):  # type: ignore[misc]
    """A photo of a stamp; ``data`` the link that its symbol holds, or empty."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        photo: Any = self.data
        self.data: Any = ""
        if photo is not None:
            try:
                links = read_label_photo(photo.read())
            except TraceError as error:
                raise ValueError(_(error.message, **error.values)) from error
            self.data = next(iter(links), "")
            if not self.data:
                raise ValueError(_("Chưa đọc được mã trong ảnh. Hãy chụp gần hơn, đủ sáng, hoặc nhập số tem."))


class StretchForm(Form):
    """Two stamps and all between them; a photo of a stamp stands for its number."""

    first = StringField(_l("Tem đầu"), [Required()])
    first_photo = PhotoField(_l("Ảnh tem đầu"))
    last = StringField(_l("Tem cuối"), [Required()])
    last_photo = PhotoField(_l("Ảnh tem cuối"))

    def typed(self, name: str) -> str:
        """What stands for the ``first`` or the ``last`` stamp."""
        return str(self[f"{name}_photo"].data or self[name].data or "")

    def validate_first(self, _field: Any) -> None:
        self._check("first")

    def validate_last(self, _field: Any) -> None:
        self._check("last")

    def _check(self, name: str) -> None:
        if not self.typed(name) and not self[f"{name}_photo"].errors:
            raise ValidationError(_("Hãy nhập số tem, hoặc chụp tem."))


class VoidForm(StretchForm):
    reason = StringField(_l("Lý do hủy"), [Required()])


class BindForm(StretchForm):
    batch = SelectField(_l("Đã dán lên lô nào"), [Required()], coerce=identifier, validate_choice=False)
    excess_reason = StringField(_l("Vì sao cần nhiều tem hơn số gói"), [Required()])
