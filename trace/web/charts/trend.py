"""How a percentage went from month to month, against its target."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from . import svg

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = svg.NARROW, 220, 44, 34, 22


@dataclass(frozen=True)
class Point:
    """``percent`` None: there is no figure of that month, and the line is broken there."""

    label: str
    percent: float | None
    figure: str


def trend(title: str, points: Sequence[Point], target: int | None = None, target_label: str = "") -> Markup:
    span = HEIGHT - BOTTOM - TOP

    def height(percent: float) -> float:
        return TOP + span * (1 - percent / 100)

    shapes: list[Markup] = []
    for percent in (0, 50, 100):
        shapes += [
            svg.line(LEFT, height(percent), WIDTH, height(percent), "chart-grid"),
            svg.text(LEFT - 6, height(percent) + 4, f"{percent}%", "chart-small", "end"),
        ]
    if target is not None:
        shapes += [
            svg.line(LEFT, height(target), WIDTH, height(target), "chart-target"),
            svg.text(WIDTH, height(target) - 6, target_label, "chart-small", "end"),
        ]
    step = (WIDTH - LEFT) / max(len(points), 1)
    run: list[tuple[float, float]] = []
    named = svg.shown([point.label for point in points], step)
    numbered = svg.shown([point.figure for point in points], step)
    for place, point in enumerate(points):
        x = LEFT + step * (place + 0.5)
        if place in named:
            shapes.append(svg.centred(x, HEIGHT - 10, point.label))
        if point.percent is None:
            shapes.append(svg.path(run, "chart-line"))
            run = []
            continue
        y = height(point.percent)
        run.append((x, y))
        shapes.append(svg.circle(x, y, 4, "chart-fill"))
        if place in numbered:
            shapes.append(svg.centred(x, y - 9, point.figure))
    shapes.append(svg.path(run, "chart-line"))
    return svg.picture(title, WIDTH, HEIGHT, shapes)
