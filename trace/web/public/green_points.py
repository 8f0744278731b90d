"""Where shoppers find green business points: a map by commune and a list. Only what a business chose to show."""

from flask import Response

from ...domain.maps import count_map_svg
from ...domain.products import Commodity
from ...request.access import public
from ...request.database import db
from ...request.language import select_language
from ...request.limits import LOOK_UP, limiter
from ...services.clock import today
from ...storage.addresses import gazetteer
from ...storage.green_points import GreenPoint, criteria_on, standing_by_commune, standing_points
from ...storage.pages import newest_first
from .. import filters
from .blueprint import bp
from .pages import render, translator


@bp.get("/green-points")
@limiter.limit(LOOK_UP)
@public
def green_points() -> Response:
    """``?commune=`` as typed, ``?commodity=``, ``?q=`` part of a business's name."""
    commodity, search, commune = filters.choice(Commodity, "commodity"), filters.text("q"), filters.text("commune")
    code = filters.commune_code() if commune else ""
    asked = standing_points(today(), search=search, commune_code=code, commodity=commodity)
    page = newest_first(db.session, asked, GreenPoint.id, after=filters.identifier("after"))
    counts = dict(db.session.execute(standing_by_commune(today())).all())
    _, places = translator(select_language()), gazetteer()
    return render(
        "green_points.html",
        page=page,
        search=search,
        commune=commune,
        unknown_commune=bool(commune) and not code,
        commodity=commodity,
        commodities=list(Commodity),
        place={one.site.commune_code: places.commune(one.site.commune_code).full_name for one in page.items},
        total=sum(counts.values()),
        map=count_map_svg(places, counts, title=_("Điểm kinh doanh xanh theo xã, phường")),
        criteria=[each.sentences[select_language()] for each in criteria_on(today()) if each.required],
    )
