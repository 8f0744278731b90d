"""For the machines that watch over the service."""

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from ..request.access import public
from ..request.database import db
from ..request.settings import stamp_keys
from ..services.stamps import missing_keys

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> AnyResponse:
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def ready() -> tuple[AnyResponse, int]:
    """200 when the database answers, its migrations are those of this code and no key of stamps is missing; else 503 with
    the reason."""
    try:
        db.session.execute(text("SELECT 1"))
        here = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        return jsonify(status="unready", reason="the database does not answer"), 503
    wanted = ScriptDirectory(f"{current_app.root_path}/storage/migrations").get_heads()
    if set(here) != set(wanted):
        return jsonify(status="unready", reason="migrations are not current"), 503
    if missing := missing_keys(db.session, stamp_keys()):
        return jsonify(status="unready", reason=f"TRACE_STAMP_KEYS lacks {', '.join(missing)}"), 503
    return jsonify(status="ready"), 200


def warn_of_missing_keys(app: Flask) -> None:
    """In the log, at start. A database that does not answer yet is for ``/readyz`` to tell of."""
    with app.app_context():
        try:
            missing = missing_keys(db.session, stamp_keys())
        except SQLAlchemyError:
            return
        finally:
            db.session.close()
            db.engine.dispose()  # workers may be forked from here, and a connection cannot be shared
    if missing:
        structlog.get_logger().error("stamp key missing", keys=missing, do="add them to TRACE_STAMP_KEYS and restart")


@bp.get("/metrics")
@public
def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
