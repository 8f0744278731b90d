"""What an officer says of a finding or a sample after the visit."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from ..fields import DayField, Required, VersionedForm, identifier
from ..forms import Form


class ConclusionForm(VersionedForm):
    conclusion = TextAreaField(_l("Kết luận"), [Required()])
    deadline = DayField(_l("Hạn mới, nếu cho thêm thời gian"))


class ResultForm(Form):
    test_id = HiddenField(_l("Phiếu kiểm nghiệm"))

    @property
    def chosen(self) -> int:
        return identifier(self.test_id.data)
