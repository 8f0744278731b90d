"""How many of something there were month by month, as columns with their numbers on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from . import svg

WIDTH, HEIGHT, TOP, BOTTOM = svg.NARROW, 150, 18, 24


@dataclass(frozen=True)
class Month:
    """``part``: how many of them are filled in, where only some are meant; the others are outlined."""

    label: str
    count: int
    figure: str
    part: int | None = None


def months(title: str, columns: Sequence[Month]) -> Markup:
    most = max((each.count for each in columns), default=0) or 1
    step = WIDTH / max(len(columns), 1)
    named = svg.shown([each.label for each in columns], step)
    numbered = svg.shown([each.figure for each in columns], step)
    shapes = [svg.line(0, HEIGHT - BOTTOM, WIDTH, HEIGHT - BOTTOM, "chart-grid")]
    for place, each in enumerate(columns):
        tall = (HEIGHT - TOP - BOTTOM) * each.count / most
        filled = (HEIGHT - TOP - BOTTOM) * (each.count if each.part is None else each.part) / most
        middle = step * (place + 0.5)
        shapes += [
            svg.rectangle(middle - step * 0.3, HEIGHT - BOTTOM - tall, step * 0.6, tall, "chart-ground"),
            svg.rectangle(middle - step * 0.3, HEIGHT - BOTTOM - filled, step * 0.6, filled, "chart-fill"),
        ]
        if place in numbered:
            shapes.append(svg.centred(middle, HEIGHT - BOTTOM - tall - 5, each.figure))
        if place in named:
            shapes.append(svg.centred(middle, HEIGHT - 6, each.label))
    return svg.picture(title, WIDTH, HEIGHT, shapes)
