"""Flask-Security's forms where we ask for more, or in plainer words."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, LoginForm, RegisterFormV2, WebAuthnRegisterForm
from flask_security.utils import do_flash, get_message
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from .forms import cleaned


class SignInForm(LoginForm):  # type: ignore[misc]
    def validate(self, **kwargs: Any) -> bool:
        self.next.data = self.next.data or url_for("workspace.home")
        valid: bool = super().validate(**kwargs)
        if self.requires_confirmation:  # the password was right, so this tells nothing to a stranger
            do_flash(*get_message("CONFIRMATION_REQUIRED"))
        return valid


class SignUpForm(RegisterFormV2):  # type: ignore[misc]
    name = StringField(
        _l("Họ và tên"),
        filters=[cleaned],
        render_kw={"autocomplete": "name"},
        validators=[DataRequired(_l("Hãy nhập họ và tên của bạn.")), Length(max=120)],
    )


class PasskeyForm(WebAuthnRegisterForm):  # type: ignore[misc]
    usage = RadioField(
        _l("Dùng khóa để"),
        choices=[
            SelectChoice("first", _l("đăng nhập ngay, không cần mật khẩu")),
            SelectChoice("secondary", _l("xác minh bước hai, sau mật khẩu")),
        ],
        default="first",
    )


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    password = PasswordField(
        _l("Mật khẩu hiện tại"),
        render_kw={"autocomplete": "current-password"},
        validators=[DataRequired(_l("Hãy nhập mật khẩu hiện tại."))],
    )
