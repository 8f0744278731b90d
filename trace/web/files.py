"""Uploaded files, each under the hash of its content. Who may see which is decided row by row."""

from flask import Blueprint, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from ..domain.files import Audience
from ..request.access import current_actor, public
from ..request.database import db
from ..request.files import file_store
from ..services.files import document_path, photo_path, readable_file

bp = Blueprint("files", __name__, url_prefix="/files")
A_YEAR = 365 * 24 * 3600


@bp.get("/<sha256>-<int:width>.<any(webp, jpeg):extension>")
@public
def photo(sha256: str, width: int, extension: str) -> Response:
    """Anyone for a public photo; for photographed papers, only their business and the department."""
    shown = _is_public(sha256)
    response = send_file(photo_path(file_store(), sha256, width, extension), mimetype=f"image/{extension}")
    return _guarded(response, shown, "default-src 'none'; sandbox")


@bp.get("/<sha256>.pdf")
@public
def document(sha256: str) -> Response:
    shown = _is_public(sha256)
    response = send_file(document_path(file_store(), sha256), mimetype="application/pdf")
    return _guarded(response, shown, "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'")


def _is_public(sha256: str) -> bool:
    """Raises NotFound where the person asking may not see the file."""
    actor = current_actor() if current_user.is_authenticated else None
    return readable_file(db.session, actor, sha256).audience is Audience.PUBLIC


def _guarded(response: Response, shown: bool, policy: str) -> Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if shown else "private, no-store"
    return response
