"""Pages for three trust zones: the shopper, the business, the department."""

from flask import Flask

from ..settings import Settings
from . import accounts, authority, errors, fonts, formats, headers, health, public, workspace

__all__ = ["errors", "init_app"]


def init_app(app: Flask, settings: Settings) -> None:
    headers.init_app(app, settings)
    formats.init_app(app)
    accounts.init_app(app, settings)
    for room in (health, fonts, public, workspace, authority):
        app.register_blueprint(room.bp)
