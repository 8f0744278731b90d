"""For the machines that watch over the service."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from ..request.access import public
from ..request.database import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> AnyResponse:
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def ready() -> tuple[AnyResponse, int]:
    """200 when the database answers and its migrations are those of this code, else 503 with the reason."""
    try:
        db.session.execute(text("SELECT 1"))
        here = MigrationContext.configure(db.session.connection()).get_current_heads()
    except SQLAlchemyError:
        return jsonify(status="unready", reason="the database does not answer"), 503
    wanted = ScriptDirectory(f"{current_app.root_path}/storage/migrations").get_heads()
    if set(here) != set(wanted):
        return jsonify(status="unready", reason="migrations are not current"), 503
    return jsonify(status="ready"), 200


@bp.get("/metrics")
@public
def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
