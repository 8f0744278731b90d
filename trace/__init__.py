"""Food traceability from the field to the shelf: batches, labels, pages and the department's audit."""

from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from flask import request as current_request  # ours of that name is the package trace.request
from flask_compress import Compress
from flask_wtf import CSRFProtect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from . import api, cli, logs, web
from .domain.errors import Busy, Conflict, TraceError
from .domain.stamps import StampKeys
from .request.bodies import Json
from .request.database import db
from .request.language import babel, select_language
from .request.limits import limiter
from .request.quick import Application
from .request.urls import Identifier
from .services.jobs import Jobs
from .services.scans import ScanWriter
from .settings import Settings
from .storage.database import intend, prepare_engine, was_taken
from .storage.files import FileStore

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """Build the service. Raises SettingsError when the environment must not be started with."""
    settings = settings or Settings.load()
    logs.configure(settings)
    app = Application(
        __name__,
        instance_path=str(settings.instance_path),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        SQLALCHEMY_ENGINES={"default": settings.database_url},
        MAX_CONTENT_LENGTH=48 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        RATELIMIT_STORAGE_URI=settings.redis_url or "threaded-memory://",
        RATELIMIT_ENABLED=not settings.testing,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIN_SIZE=600,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
    )
    app.extensions["trace.settings"] = settings
    app.extensions["trace.stamp_keys"] = StampKeys(settings.stamp_keys)
    app.extensions["trace.files"] = FileStore(settings.uploads_path)
    app.url_map.converters["int"] = Identifier
    app.json_provider_class = Json  # which Flask-Security extends
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    db.init_app(app)
    with app.app_context():
        app.extensions["trace.jobs"] = Jobs(settings, prepare_engine(db.engine))
        app.extensions["trace.scans"] = ScanWriter(db.engine, settings.device_salt, background=not settings.testing)
    babel.init_app(app, locale_selector=select_language)
    limiter.init_app(app)
    Compress(app)

    @app.after_request
    def close_files(response: Response) -> Response:
        # Compression puts a generator before an open file; when a browser breaks off, only this closes the file.
        if hasattr(response.response, "close"):
            response.call_on_close(response.response.close)
        return response

    @app.before_request
    def choose_transaction() -> None:
        # Flask-Security writes on some GETs (a confirmation link), so its pages always may.
        intend(reads=current_request.method in {"GET", "HEAD", "OPTIONS"} and current_request.blueprint != "security")

    csrf = CSRFProtect(app)
    web.init_app(app, settings)
    api.init_app(app, settings, csrf)
    cli.init_app(app)

    def respond(error: Exception) -> Any:
        if isinstance(error, OperationalError | PoolTimeout):
            structlog.get_logger().warning("busy", path=current_request.path, reason=str(error.args[0]))
            error = Busy()
        elif isinstance(error, IntegrityError) and was_taken(error):  # by somebody else, between our look and our write
            structlog.get_logger().warning("taken", path=current_request.path, reason=str(error.orig))
            error = Conflict()
        return (api if current_request.path.startswith("/api/") else web).errors.respond(error)

    for kind in (TraceError, HTTPException, Exception):
        app.register_error_handler(kind, respond)
    return app
