"""Maps of our own: Hà Nội in its communes and Việt Nam in outline, drawn from the centre points and areas of communes alone.

No boundary is known, so none is claimed: a commune is the region nearer to its centre than to any other, weighted by area (a
power diagram), and never reaches far beyond a disc of its area. Only commune centres are shown, never the position of a site.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import combinations

from .addresses import HA_NOI, Commune, Gazetteer

Point = tuple[float, float]

_KM_PER_DEGREE = 111.2
_CORNERS = 10  # of the polygon that stands for a disc
_REACH = 1.35  # how far a commune may reach beyond the disc of its area, so that neighbours meet


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the drawing's (0, 0) lies, and how many kilometres a unit is; equirectangular at ``latitude``."""

    west: float
    north: float
    latitude: float
    km: float

    def point(self, commune: Commune) -> Point:
        east = (commune.longitude - self.west) * math.cos(math.radians(self.latitude))
        return east * _KM_PER_DEGREE / self.km, (self.north - commune.latitude) * _KM_PER_DEGREE / self.km

    def radius(self, commune: Commune) -> float:
        return math.sqrt((commune.area_km2 or 0) / math.pi) / self.km


_CITY = _Frame(west=105.25, north=21.42, latitude=21, km=0.27)
_CITY_SIZE = (300, 372)
_COUNTRY = _Frame(west=101.9, north=23.55, latitude=16, km=4.6)
_COUNTRY_SIZE = (322, 372)
_ROW = 3  # height of the rows the country is drawn in, units of its frame
_GAP = 0.9  # between two communes of the city, units of its frame
_TYPE = 14  # size of a name
_LINE = 20  # height of a line of the legend
_ALWAYS_NAMED = ("20333", "22736")  # the special zones Hoàng Sa and Trường Sa


def place_map_svg(gazetteer: Gazetteer, commune_codes_in_order: Sequence[str], *, title: str) -> str:
    """The places of a batch, first to last, as one inline ``<svg>``; empty if there are none.

    Hà Nội with a small Việt Nam beside it if every place is there, else Việt Nam. Colours follow the text around it
    (``currentColor``) and the classes map-land, map-place, map-route, map-number and map-label. Raises ``UnknownCommune``.
    """
    places = [gazetteer.commune(code) for code in dict.fromkeys(commune_codes_in_order)]
    if not places:
        return ""
    in_city = all(place.province.code == HA_NOI for place in places)
    frame, (width, height) = (_CITY, _CITY_SIZE) if in_city else (_COUNTRY, _COUNTRY_SIZE)
    land = _city(gazetteer, places) if in_city else _country(gazetteer, row_height=_ROW, type_size=11)
    points = [frame.point(place) for place in places]
    marks = _one_mark(points[0], places[0].name, width) if len(places) == 1 else _numbered_marks(points)
    if len(places) > 1:
        marks += _legend(places, height)
        height += _LINE * len(places)
    description = "; ".join(place.full_name for place in places)
    return (
        f'<svg class="place-map" viewBox="0 0 {width} {height}" role="img" aria-labelledby="map-title map-places">'
        f'<title id="map-title">{escape(title)}</title><desc id="map-places">{escape(description)}</desc>'
        f"{land}{marks}</svg>"
    )


def count_map_svg(gazetteer: Gazetteer, counts: Mapping[str, int], *, title: str) -> str:
    """Hà Nội with how many there are of something in each commune, as one inline ``<svg>``: a mark with its number at the
    centre, larger for more, so that it is read without colour; empty where there is nothing in the city."""
    cells = _city_cells(gazetteer)
    found = sorted((code for code in counts if code in cells), key=lambda code: (-counts[code], code))
    if not found:
        return ""
    width, height = _CITY_SIZE
    points = [_CITY.point(gazetteer.commune(code)) for code in found]
    marks = "".join(
        _mark(point, min(9 + counts[code].bit_length(), 15)) for code, point in zip(found, points, strict=True)
    )
    numbers = "".join(
        f'<tspan x="{x:.0f}" y="{y + 5:.0f}">{counts[code]}</tspan>' for code, (x, y) in zip(found, points, strict=True)
    )
    described = "; ".join(f"{gazetteer.commune(code).full_name}: {counts[code]}" for code in found)
    return (
        f'<svg class="place-map" viewBox="0 0 {width} {height}" role="img" aria-labelledby="map-title map-counts">'
        f'<title id="map-title">{escape(title)}</title><desc id="map-counts">{escape(described)}</desc>'
        f'<path class="map-land" fill="currentColor" fill-opacity=".16" d="{_path(cells.values())}"/>{marks}'
        f'<text class="map-number" fill="Canvas" font-size="14" text-anchor="middle">{numbers}</text></svg>'
    )


def _city(gazetteer: Gazetteer, places: Sequence[Commune]) -> str:
    cells = _city_cells(gazetteer)
    others = _path(cells[code] for code in cells if code not in {place.code for place in places})
    chosen = _path(cells[place.code] for place in places)
    here = _mark(_COUNTRY.point(places[0]), 9)
    inset = _country(gazetteer, row_height=4 * _ROW, type_size=28)
    return (
        f'<path class="map-land" fill="currentColor" fill-opacity=".16" d="{others}"/>'
        f'<path class="map-place" fill="currentColor" fill-opacity=".8" d="{chosen}"/>'
        f'<g transform="translate(0 248) scale(.33)">{inset}{here}</g>'
    )


@lru_cache(1)
def _city_cells(gazetteer: Gazetteer) -> dict[str, list[Point]]:
    communes = gazetteer.communes(HA_NOI)
    discs = [(*_CITY.point(commune), _CITY.radius(commune)) for commune in communes]
    return {commune.code: _cell(disc, discs) for commune, disc in zip(communes, discs, strict=True)}


def _cell(disc: tuple[float, float, float], discs: Iterable[tuple[float, float, float]]) -> list[Point]:
    x, y, radius = disc
    turns = (2 * math.pi * corner / _CORNERS for corner in range(_CORNERS))
    cell = [(x + _REACH * radius * math.cos(turn), y + _REACH * radius * math.sin(turn)) for turn in turns]
    for other in discs:
        if other != disc and math.dist(other[:2], (x, y)) < _REACH * (radius + other[2]):
            cell = _nearer(cell, disc, other)
    return cell


def _nearer(cell: list[Point], disc: tuple[float, float, float], other: tuple[float, float, float]) -> list[Point]:
    """The part of a convex ``cell`` on ``disc``'s side of the line where both discs have the same power."""
    (x, y, radius), (other_x, other_y, other_radius) = disc, other
    east, south = other_x - x, other_y - y
    limit = (other_x**2 + other_y**2 - other_radius**2 - x**2 - y**2 + radius**2) / 2
    limit -= math.hypot(east, south) * _GAP / 2
    beyond = [east * point[0] + south * point[1] - limit for point in cell]
    kept: list[Point] = []
    for index, (point, excess) in enumerate(zip(cell, beyond, strict=True)):
        before, excess_before = cell[index - 1], beyond[index - 1]
        if (excess > 0) != (excess_before > 0):
            share = excess_before / (excess_before - excess)
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if excess <= 0:
            kept.append(point)
    return kept


@lru_cache(2)
def _country(gazetteer: Gazetteer, *, row_height: int, type_size: int) -> str:
    """Việt Nam as rows of land, islands as short ones; Hoàng Sa and Trường Sa always by name."""
    rows: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for commune in gazetteer.communes():
        (x, y), radius = _COUNTRY.point(commune), 1.2 * _COUNTRY.radius(commune) + 0.8
        within = range(math.ceil((y - radius) / row_height), math.floor((y + radius) / row_height) + 1)
        for row in within or [round(y / row_height)]:
            half = math.sqrt(max(radius**2 - (row * row_height - y) ** 2, 6))
            rows[row].append((x - half, x + half))
    path = "".join(
        f"M{start:.0f} {row * row_height}h{end - start:.0f}"
        for row in sorted(rows)
        for start, end in _merged(rows[row], row_height)
    )
    islands = ""
    for commune in map(gazetteer.commune, _ALWAYS_NAMED):
        x, y = _COUNTRY.point(commune)
        islands += _text((x, y + type_size + 3), commune.short_name, type_size, anchor="middle")
    width = round(row_height * 0.62, 1)
    return f'<path class="map-land" stroke="currentColor" stroke-opacity=".35" stroke-width="{width}" d="{path}"/>{islands}'


def _merged(spans: list[tuple[float, float]], gap: float) -> Iterator[tuple[float, float]]:
    start, end = min(spans)
    for next_start, next_end in sorted(spans):
        if next_start > end + gap:
            yield start, end
            start = next_start
        end = max(end, next_end)
    yield start, end


def _path(polygons: Iterable[Sequence[Point]]) -> str:
    """Closed polygons in whole units, each step relative to the one before: small before and after compression."""
    path = []
    x = y = 0
    for polygon in polygons:
        corners: list[tuple[int, int]] = []
        for corner in ((round(east), round(south)) for east, south in polygon):
            if not corners or math.dist(corner, corners[-1]) > 2.5:
                corners.append(corner)
        steps = []
        for corner in corners:
            steps.append(f"{corner[0] - x} {corner[1] - y}")
            x, y = corner
        x, y = corners[0]
        path.append("m" + " ".join(steps).replace(" -", "-") + "z")
    return "".join(path)


def _mark(at: Point, radius: float) -> str:
    return f'<circle class="map-place" fill="currentColor" stroke="Canvas" cx="{at[0]:.0f}" cy="{at[1]:.0f}" r="{radius}"/>'


def _text(at: Point, text: str, size: int, *, anchor: str = "start") -> str:
    return (
        f'<text class="map-label" fill="currentColor" stroke="Canvas" stroke-width="{size / 5:.0f}" paint-order="stroke"'
        f' x="{at[0]:.0f}" y="{at[1]:.0f}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _one_mark(at: Point, name: str, width: int) -> str:
    """A mark with the name beside it, on the side that has room for it; else below, from the right edge."""
    (x, y), room = at, 0.6 * _TYPE * len(name) + 10
    if x + room < width:
        label = _text((x + 10, y + 5), name, _TYPE)
    elif x > room:
        label = _text((x - 10, y + 5), name, _TYPE, anchor="end")
    else:
        label = _text((width - 4, y + 22), name, _TYPE, anchor="end")
    return _mark(at, 5) + label


def _numbered_marks(points: Sequence[Point]) -> str:
    """A dashed line through the places in order, and a numbered mark on each."""
    points = _apart(points, 15)
    line = " ".join(f"{x:.0f} {y:.0f}" for x, y in points)
    numbers = "".join(
        f'<tspan x="{x:.0f}" y="{y + 4:.0f}">{number}</tspan>' for number, (x, y) in enumerate(points, start=1)
    )
    return (
        f'<path class="map-route" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="5 4" d="M{line}"/>'
        f"{''.join(_mark(point, 7.5) for point in points)}"
        f'<text class="map-number" fill="Canvas" font-size="11" text-anchor="middle">{numbers}</text>'
    )


def _apart(points: Sequence[Point], distance: float) -> list[Point]:
    """The points, those that would hide each other moved just far enough to be told apart; always the same way."""
    moved = list(points)
    for _ in range(20):
        for (first, (x, y)), (second, (other_x, other_y)) in combinations(list(enumerate(moved)), 2):
            far = math.hypot(other_x - x, other_y - y)
            if far < distance:
                push = (distance - far) / 2
                east, south = ((other_x - x) / far, (other_y - y) / far) if far else (1.0, 0.0)
                moved[first] = (moved[first][0] - push * east, moved[first][1] - push * south)
                moved[second] = (moved[second][0] + push * east, moved[second][1] + push * south)
    return moved


def _legend(places: Sequence[Commune], top: int) -> str:
    lines = "".join(
        f'<tspan x="4" dy="{_LINE}">{number}. {escape(place.name)}, {escape(place.province.short_name)}</tspan>'
        for number, place in enumerate(places, start=1)
    )
    return f'<text class="map-label" fill="currentColor" y="{top - 6}" font-size="{_TYPE}">{lines}</text>'
