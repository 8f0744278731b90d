"""The funnel: a bar for each stage, what is lost before it hatched."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from . import svg

WIDTH, ROW, BAR = svg.NARROW, 64, 16


@dataclass(frozen=True)
class Bar:
    """``figure`` is what is written under its name, such as “12/40 · 30,0%”."""

    label: str
    count: int
    of: int
    figure: str


def funnel(title: str, bars: Sequence[Bar]) -> Markup:
    shapes: list[Markup] = []
    before = bars[0].count if bars else 0
    for place, bar in enumerate(bars):
        top = place * ROW
        scale = WIDTH / bar.of if bar.of else 0
        shapes += [
            svg.text(0, top + 14, bar.label),
            svg.text(0, top + 32, bar.figure, "chart-strong"),
            svg.rectangle(0, top + 38, WIDTH, BAR, "chart-ground"),
            svg.rectangle(bar.count * scale, top + 38, (before - bar.count) * scale, BAR, "chart-lost"),
            svg.rectangle(0, top + 38, bar.count * scale, BAR, "chart-fill"),
        ]
        before = bar.count
    return svg.picture(title, WIDTH, max(len(bars), 1) * ROW, shapes)
