"""Signing up, signing in, and one's own account. Flask-Security does the work; this sets its terms."""

from flask import Flask
from flask_security import FSQLALiteUserDatastore, Security

from ..request.database import db
from ..settings import Settings
from ..storage.accounts import Role, User, WebAuthn

datastore = FSQLALiteUserDatastore(db, User, Role, WebAuthn)
security = Security()


def init_app(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - an algorithm's name
        SECURITY_URL_PREFIX="/account",
        SECURITY_REGISTERABLE=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
    )
    security.init_app(app, datastore)
