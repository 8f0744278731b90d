"""What we ask of a passkey."""

from typing import Any

from flask_security import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class Passkeys(WebauthnUtil):  # type: ignore[misc]
    def authenticator_selection(self, _user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """The phone itself or any other key will do. In place of a password it must also check who holds it."""
        first = usage == "first"
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED if first else ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED
            if first
            else UserVerificationRequirement.DISCOURAGED,
        )

    def user_verification(self, _user: Any, usage: list[str]) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED if usage == ["first"] else UserVerificationRequirement.PREFERRED
