"""What goods of the city or of a commune are packed in, month by month."""

from flask import Response, render_template

from ...domain.permissions import Permission
from ...request.access import current_actor, requires
from ...request.database import db
from ...request.language import select_language
from ...services.clock import today
from ...services.packaging import Shares, shares
from .. import filters
from ..packaging import columns, shown
from .blueprint import bp
from .exports import FORMATS


@bp.get("/packaging")
@requires(Permission.COVERAGE_READ)
def packaging() -> str:
    return render_template("authority/packaging.html", **shown(_asked()))


@bp.get("/packaging.<any(xlsx, csv):extension>")
@requires(Permission.COVERAGE_READ)
def packaging_file(extension: str) -> Response:
    found = _asked()
    parts, media_type = FORMATS[extension]
    return Response(
        parts(columns(found), found.months, select_language()),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="packaging-{today():%Y%m%d}.{extension}"'},
    )


def _asked() -> Shares:
    return shares(db.session, current_actor(), filters.commune_code())
