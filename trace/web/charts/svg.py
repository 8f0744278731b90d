"""The few shapes that the pictures are made of. Everything that a person typed goes through ``markupsafe``."""

from collections.abc import Iterable, Sequence
from math import ceil

from markupsafe import Markup

NARROW = 320
"""Width of pictures with words in them: on a telephone these are as large as they are drawn."""
LETTER = 7.5
"""Width of one, at most, in small words."""


def picture(title: str, width: float, height: float, shapes: Iterable[Markup], kind: str = "chart") -> Markup:
    """``title`` is read out instead of the picture, and shown nowhere else."""
    frame = Markup('<svg class="{}" role="img" aria-label="{}" viewBox="0 0 {:g} {:g}">{}</svg>')
    return frame.format(kind, title, width, height, Markup("").join(shapes))


def centred(x: float, y: float, words: str) -> Markup:
    """Small words in the middle of a column, but never over the picture's edge."""
    half = len(words) * LETTER / 2
    return text(min(max(x, half), NARROW - half), y, words, "chart-small", "middle")


def shown(words: Sequence[str], step: float) -> set[int]:
    """Which of words in a row, ``step`` apart, are written so that none runs into the next: every so many, and the last."""
    widest = (max((len(each) for each in words), default=0) + 2) * LETTER
    every = max(1, ceil(widest / step)) if step else 1
    return set(range(len(words) - 1, -1, -every))


def rectangle(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="{:g}"/>').format(
        kind, x, y, round(max(width, 0), 2), round(height, 2)
    )


def circle(x: float, y: float, radius: float, kind: str) -> Markup:
    return Markup('<circle class="{}" cx="{:g}" cy="{:g}" r="{:g}"/>').format(
        kind, round(x, 1), round(y, 1), round(radius, 2)
    )


def line(x: float, y: float, to_x: float, to_y: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}"/>').format(kind, x, y, to_x, to_y)


def path(points: Iterable[tuple[float, float]], kind: str) -> Markup:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup('<polyline class="{}" points="{}"/>').format(kind, joined)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{:g}" y="{:g}" text-anchor="{}">{}</text>').format(kind, x, y, anchor, words)


def link(url: str, title: str, shapes: Iterable[Markup]) -> Markup:
    return Markup('<a href="{}"><title>{}</title>{}</a>').format(url, title, Markup("").join(shapes))
