"""The communes of the city where they lie: each a circle as large as its area, filled as far as the share goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sqrt

from markupsafe import Markup

from . import svg

WIDTH, MARGIN = 640.0, 34.0
KM_OF_DEGREE = 111.32
USUAL_KM2 = 20.0
"""Drawn for a commune whose area is not known."""


@dataclass(frozen=True)
class Place:
    """``share`` from 0 to 1; None: there is nothing to divide by, and the circle is dashed."""

    name: str
    latitude: float
    longitude: float
    area_km2: float | None
    share: float | None
    figure: str
    url: str


def commune_map(title: str, places: Sequence[Place]) -> Markup:
    """Circles overlap where communes are small and close; the smaller lie on top, and each says its name and figure."""
    if not places:
        return svg.picture(title, WIDTH, WIDTH, ())
    west = min(each.longitude for each in places)
    north = max(each.latitude for each in places)
    middle = radians((north + min(each.latitude for each in places)) / 2)
    across = (max(each.longitude for each in places) - west) * KM_OF_DEGREE * cos(middle)
    down = (north - min(each.latitude for each in places)) * KM_OF_DEGREE
    scale = (WIDTH - 2 * MARGIN) / max(across, 1)
    shapes = []
    for each in sorted(places, key=lambda each: -(each.area_km2 or USUAL_KM2)):
        x = MARGIN + (each.longitude - west) * KM_OF_DEGREE * cos(middle) * scale
        y = MARGIN + (north - each.latitude) * KM_OF_DEGREE * scale
        radius = sqrt((each.area_km2 or USUAL_KM2) / pi) * scale * 0.9
        rings = [svg.circle(x, y, radius, "chart-place" if each.share is not None else "chart-place chart-unknown")]
        if each.share:
            rings.append(svg.circle(x, y, radius * sqrt(each.share), "chart-fill"))
        shapes.append(svg.link(each.url, f"{each.name}: {each.figure}", rings))
    return svg.picture(title, WIDTH, down * scale + 2 * MARGIN, shapes, "chart chart-map")
