"""Type-ahead over communes in force and former ones."""

from flask import jsonify, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from ...domain.addresses import Suggestion
from ...domain.text import clean
from ...request.access import public
from ...request.limits import LOOK_UP, limiter
from ...storage.addresses import gazetteer
from .blueprint import bp

LONGEST_QUERY = 120


@bp.get("/addresses")
@public
@limiter.limit(LOOK_UP)
def addresses() -> Response:
    """``q`` is what was typed so far; ``province`` the code of the province to look in first."""
    query = clean(request.args.get("q", ""))[:LONGEST_QUERY]
    province = request.args.get("province") or None
    places = gazetteer()
    found = places.search(query, province_code=province) or places.search(query) if query else []
    response = jsonify(suggestions=[_shown(suggestion) for suggestion in found])
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.update(["Accept-Language", "Cookie"])
    return response


def _shown(suggestion: Suggestion) -> dict[str, str]:
    commune, former, note = suggestion.commune, suggestion.former, suggestion.note
    province = commune.province.name
    where = (
        gettext("%(province)s, trước là %(former)s", province=province, former=former.full_name) if former else province
    )
    return {
        "commune": commune.name,
        "commune_code": commune.code,
        "where": where,
        "province_code": commune.province.code,
        "former": former.full_name if former else "",
        "note": gettext(note.message, **note.values) if note else "",
    }
