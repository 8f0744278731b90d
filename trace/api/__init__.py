"""The same verbs for machines: JSON under /api/v1, described by /api/openapi.json and, for people, /api/docs."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_smorest import Api
from flask_wtf import CSRFProtect

from ..request.limits import MACHINE, limiter
from ..settings import Settings
from . import errors
from .problems import ProblemSchema
from .topics import Topic

__all__ = ["errors", "init_app"]

DESCRIPTION = """\
Traceability of food from the field to the shelf, by the records that its businesses keep.
Get a key, then send it with every request: `Authorization: Bearer <key>`.
"""


class Described(Api):  # type: ignore[misc]
    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = Api.DEFAULT_RESPONSE_CONTENT_TYPE


def init_app(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Mount every topic of this room; its callers bring a key, not a cookie, so it needs no CSRF token."""
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii = False  # Vietnamese is read by people too, and is shorter so
    app.config.update(API_TITLE="Trace", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    described = Described(
        app,
        spec_kwargs={
            "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
            "servers": [{"url": settings.public_url}],
            "security": [{"key": []}],
        },
    )
    described.spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for module in iter_modules(__path__):
        topic = getattr(import_module(f"{__name__}.{module.name}"), "topic", None)
        if isinstance(topic, Topic):
            limiter.limit(MACHINE)(topic)
            csrf.exempt(topic)
            described.register_blueprint(topic)
    docs = import_module(f"{__name__}.docs")
    app.register_blueprint(docs.bp)
    app.extensions["trace.openapi"] = described.spec.to_dict()
