"""Signing out ends a session on this side, too, and not only the cookie of the browser that asked for it."""

from functools import wraps
from typing import Any

from flask import Flask, session
from flask_login import current_user
from flask_security.utils import set_request_attr

from ..request.database import db
from ..services import sessions
from ..storage.accounts import User


def init_app(app: Flask) -> None:
    """Once Flask-Security is there: its cookies, of the session and for remembering, name a sign-in and not a person."""
    manager = app.login_manager  # type: ignore[attr-defined] # set by Flask-Login
    manager.id_attribute = "new_session"

    def load(sign_in: str) -> User | None:
        """As Flask-Security's own, which would ask three questions."""
        found = sessions.standing(db.session, sign_in)
        if found is None or not found.active:
            return None
        set_request_attr("fs_authn_via", "session")
        set_request_attr("fs_paa", session.get("fs_paa", 0))
        return found

    manager.user_loader(load)
    sign_out = app.view_functions["security.logout"]

    @wraps(sign_out)
    def end_and_sign_out(**values: Any) -> Any:
        if current_user.is_authenticated:
            sessions.end(db.session, session["_user_id"])
        return sign_out(**values)

    app.view_functions["security.logout"] = end_and_sign_out
