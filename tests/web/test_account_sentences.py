"""Flask-Security speaks Vietnamese on every path that is open here."""

from babel.messages.pofile import read_po
from flask_security.core import _default_messages
from flask_security.forms import _default_field_labels

from trace.services.wording import CATALOGUES

OFF = (
    "IDENTITY_",
    "INVALID_INPUT_LENGTH",
    "INVALID_LOGIN",
    "GENERIC_US",
    "LOGIN_E",
    "OAUTH",
    "PASSWORDLESS",
)
OFF += ("PASSWORD_BREACHED", "PHONE", "REFRESH_TOKEN", "USERNAME_", "USE_CODE", "US_")
LABELS = {"code", "email", "new_password", "password", "remember_me", "retype_password"}


def test_every_message_of_the_features_in_use_is_translated() -> None:
    with (CATALOGUES / "vi" / "LC_MESSAGES" / "flask_security.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    wanted = {text for name, (text, _) in _default_messages.items() if not name.startswith(OFF)}
    wanted |= {text for name, text in _default_field_labels.items() if name in LABELS}
    assert wanted <= known, wanted - known
