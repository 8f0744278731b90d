"""Pages for three trust zones: the shopper, the business, the department."""

from ..request.quick import Application
from ..settings import Settings
from . import (
    accounts,
    authority,
    deliveries,
    errors,
    files,
    fonts,
    formats,
    headers,
    health,
    invitations,
    language,
    public,
    workspace,
)
from .public import short_way

__all__ = ["errors", "init_app"]


def init_app(app: Application, settings: Settings) -> None:
    headers.init_app(app, settings)
    formats.init_app(app)
    accounts.init_app(app, settings)
    language.init_app(app)
    for room in (health, fonts, files, invitations, deliveries, public, workspace, authority):
        app.register_blueprint(room.bp)
    short_way.init_app(app, settings)
