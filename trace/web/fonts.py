"""Be Vietnam Pro for signed-in pages, straight from its package; the shopper's page uses the phone's own font."""

import fontpkg
from flask import Blueprint, send_file
from werkzeug.wrappers import Response

from ..domain.errors import NotFound
from ..request.access import public

bp = Blueprint("fonts", __name__)
WEIGHTS = frozenset({400, 600, 700})


@bp.get("/fonts/be-vietnam-pro-<int:weight>.ttf")
@public
def font(weight: int) -> Response:
    if weight not in WEIGHTS:
        raise NotFound
    return send_file(fontpkg.path("be-vietnam-pro", weight), mimetype="font/ttf", max_age=31536000)
