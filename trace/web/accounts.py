"""Signing up, signing in, and one's own account. Flask-Security does the work; this sets its terms."""

from datetime import timedelta
from typing import Any

import flask_security.babel
from flask import Flask, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import FSQLALiteUserDatastore, Security
from flask_security.signals import change_email_confirmed, user_registered
from flask_security.utils import aware_utcnow, uia_email_mapper
from flask_security.utils import send_mail as security_mail
from werkzeug.wrappers import Response

from ..request.access import actor_of
from ..request.database import db
from ..request.language import select_language
from ..request.limits import SIGN_IN, SIGN_UP, limiter
from ..services import accounts, audit
from ..services.sessions import LONGEST
from ..services.wording import CATALOGUES
from ..settings import Settings
from ..storage.accounts import Role, User, WebAuthn
from ..storage.notices import unread_count
from . import sessions
from .account_forms import NewPasswordForm, PasskeyForm, SignInForm, SignUpForm
from .account_mail import AccountMail
from .passkeys import Passkeys

datastore = FSQLALiteUserDatastore(db, User, Role, WebAuthn)

LIMITS = {
    "login": SIGN_IN,
    "two_factor_token_validation": SIGN_IN,
    "two_factor_rescue": SIGN_UP,
    "mf_recovery": SIGN_IN,
    "verify": SIGN_IN,
    "change_password": SIGN_IN,
    "change_email": SIGN_UP,
    "wan_signin": SIGN_IN,
    "wan_signin_response": SIGN_IN,
    "register": SIGN_UP,
    "forgot_password": SIGN_UP,
    "reset_password": SIGN_UP,
    "send_confirmation": SIGN_UP,
}
"""What one address may try; ``PER_ACCOUNT`` bounds what many addresses together may try on one account."""
PER_ACCOUNT = "30/hour"

QUICK_HASH = {"argon2__rounds": 1, "argon2__memory_cost": 1024, "argon2__parallelism": 1}
"""For tests, whose passwords protect nothing."""


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        REMEMBER_COOKIE_DURATION=LONGEST,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_EMAIL=True,
        SECURITY_CONFIRMABLE=True,
        SECURITY_DATETIME_FACTORY=aware_utcnow,
        SECURITY_EMAIL_HTML=False,  # our mails make their HTML from their text
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_FRESHNESS=timedelta(hours=1),
        SECURITY_FRESHNESS_GRACE_PERIOD=timedelta(minutes=15),
        SECURITY_I18N_DIRNAME=[str(CATALOGUES)],
        SECURITY_INPUT_NORMALIZE_FORM="NFC",
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=8,
        SECURITY_PASSWORD_CONFIRM_REQUIRED=False,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - an algorithm's name
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=QUICK_HASH if settings.testing else {},
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_POST_LOGIN_VIEW="workspace.home",
        SECURITY_POST_CHANGE_EMAIL_VIEW="workspace.account",
        SECURITY_POST_CHANGE_VIEW="workspace.account",
        SECURITY_POST_REGISTER_VIEW="security.login",
        SECURITY_RECOVERABLE=True,
        SECURITY_REGISTERABLE=True,
        SECURITY_RETURN_GENERIC_RESPONSES=True,  # nobody learns from us who has an account
        SECURITY_STATIC_FOLDER=None,
        SECURITY_TOTP_ISSUER="Rõ Nguồn",
        SECURITY_TOTP_SECRETS={"1": settings.totp_secret},
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_POST_SETUP_VIEW="workspace.account",
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,  # a mailbox alone must not open an officer's account
        SECURITY_TWO_FACTOR_RESCUE_MAIL=settings.mail_from,
        SECURITY_URL_PREFIX="/account",
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": uia_email_mapper, "case_insensitive": False}}],
        SECURITY_WAN_ALLOW_USER_HINTS=False,
        SECURITY_WAN_POST_REGISTER_VIEW="workspace.account",
        SECURITY_WAN_RP_NAME="Rõ Nguồn",
        SECURITY_WEBAUTHN=True,
    )
    security = Security(
        app,
        datastore,
        login_form=SignInForm,
        register_form=SignUpForm,
        change_password_form=NewPasswordForm,
        wan_register_form=PasskeyForm,
        mail_util_cls=AccountMail,
        webauthn_util_cls=Passkeys,
    )
    sessions.init_app(app)
    flask_security.babel.format_td_parts = spell_duration
    security.want_json(lambda _request: False)
    for name, limit in LIMITS.items():
        view: Any = app.view_functions[f"security.{name}"]
        view = limiter.limit(limit, methods=["POST"])(view)
        app.view_functions[f"security.{name}"] = limiter.limit(PER_ACCOUNT, methods=["POST"], key_func=_account)(view)
    change_email_confirmed.connect(tell_of_new_address, app)
    user_registered.connect(write_account, app)
    app.before_request(ask_for_second_factor)
    app.jinja_env.globals["unread_notices"] = unread_notices


def _account() -> str:
    """Whose account this request tries to open: by what was typed, or as the first factor has shown."""
    return (
        f"account:{request.form.get('email', '').strip().lower() or session.get('tf_user_id') or request.remote_addr}"
    )


def ask_for_second_factor() -> Response | None:
    """The department's pages open only to people with a second factor."""
    if request.blueprint != "authority" or not current_user.is_authenticated or current_user.has_second_factor:
        return None
    if not current_user.check_tf_required_setup():
        return None  # not an officer: the guard of the page says so
    flash(_("Trang của cơ quan quản lý cần xác minh hai bước. Hãy thiết lập trước khi tiếp tục."), "warning")
    return redirect(url_for("security.two_factor_setup"))


def spell_duration(parts: list[tuple[int, str]]) -> str | None:
    """``[(2, "hour")]`` as "2 giờ": Babel knows no Vietnamese words for lengths of time. None leaves it to the library."""
    words = {"day": "ngày", "hour": "giờ", "minute": "phút", "second": "giây"}
    if select_language() != "vi" or any(unit not in words for _count, unit in parts):
        return None
    return " ".join(f"{count} {words[unit]}" for count, unit in parts)


def write_account(_app: Flask, **_facts: Any) -> None:
    """Now, when a taken address still gets an answer and no mail; the library writes after the view."""
    accounts.write_new(db.session)


def tell_of_new_address(_app: Flask, user: User, old_email: str, **_facts: Any) -> None:
    """In the transaction that changes it. The old address is told, in case a thief sat at the keyboard."""
    audit.record(db.session, actor_of(user), "accounts:change-email", user)
    security_mail(
        _("Địa chỉ e-mail của bạn đã đổi"), old_email, "security/email/change_email_notice", user=user, email=user.email
    )


def unread_notices() -> int:
    """For the count in the top bar."""
    return db.session.scalar(unread_count(current_user.id)) or 0 if current_user.is_authenticated else 0
