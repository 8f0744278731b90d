"""A small paint box: smooth outlines filled with soft light, for the pictures of the demonstration.

Everything is measured in per cent of the picture's width, from the top left; angles in degrees, 0 to the right and
90 upwards. The same calls give the same bytes.
"""

import math
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]

WIDTH, HEIGHT = 1200, 900
SHARPNESS = 2  # drawn this many times larger, so that edges come out smooth


class Picture:
    """A still life in the making: ``light`` and ``dark`` are the colours of the wall behind it, top and bottom."""

    def __init__(self, light: str, dark: str, table: str) -> None:
        self.scale = WIDTH * SHARPNESS / 100
        size = (WIDTH * SHARPNESS, HEIGHT * SHARPNESS)
        self.image = Image.new("RGB", size, light)
        self._fill(Image.new("L", size, 255), (0, 0, *size), light, dark, 270)
        self.draw = ImageDraw.Draw(self.image)
        self.shape([(0, 57), (100, 57), (100, 75), (0, 75)], table, _mixed(table, dark, 0.35), 270)

    def shape(self, outline: Sequence[Point], light: str, dark: str, towards: float = 300) -> None:
        """Fill a closed outline, from ``light`` to ``dark`` in the direction ``towards``."""
        points = self._pixels(outline)
        left, top = (max(0, math.floor(min(p[axis] for p in points))) for axis in (0, 1))
        right = min(self.image.width, math.ceil(max(p[0] for p in points)) + 1)
        bottom = min(self.image.height, math.ceil(max(p[1] for p in points)) + 1)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        self._fill(mask, (left, top, right, bottom), light, dark, towards)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """A line with round joints and ends."""
        pixels, thickness = self._pixels(points), max(1, round(width * self.scale))
        self.draw.line(pixels, fill=colour, width=thickness, joint="curve")
        for x, y in (pixels[0], pixels[-1]):
            half = thickness / 2
            self.draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def glow(self, outline: Sequence[Point], colour: str, strength: float, blur: float) -> None:
        """A soft patch of light or shadow; ``strength`` from 0 to 1."""
        mask = Image.new("L", (WIDTH // 2, HEIGHT // 2), 0)  # what is blurred needs no sharpness
        scale = WIDTH / 2 / 100
        ImageDraw.Draw(mask).polygon([(x * scale, y * scale) for x, y in outline], fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * scale)).resize(self.image.size)
        self.image.paste(Image.new("RGB", self.image.size, colour), mask=mask)

    def leaf(
        self,
        base: Point,
        tip: Point,
        width: float,
        light: str,
        dark: str,
        *,
        bend: float = 0,
        ruffle: float = 0,
        teeth: int = 0,
        vein: str = "",
    ) -> None:
        """A leaf from ``base`` to ``tip``: ``bend`` pushes its middle to the left, ``ruffle`` waves its edge."""
        spine = curve(base, tip, bend)
        left, right = _edges(spine, width, ruffle, teeth)
        angle = math.degrees(math.atan2(base[1] - tip[1], tip[0] - base[0]))
        self.shape([*left, *reversed(right)], dark, light, angle)
        self.shape([*left, *reversed(spine)], _mixed(dark, light, 0.55), _mixed(light, "#ffffff", 0.16), angle)
        vein = vein or _mixed(light, "#ffffff", 0.35)
        for place in range(5, len(spine) - 6, 5):
            for edge in (left, right):
                end = edge[min(place + 5, len(edge) - 1)]
                start = spine[place]
                self.line([start, _between(start, end, 0.72)], vein, 0.14 + width * 0.008)
        self.line(spine[:-3], vein, 0.3 + width * 0.025)

    def jpeg(self) -> bytes:
        output = BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(output, "JPEG", quality=92)
        return output.getvalue()

    def _fill(self, mask: Image.Image, box: tuple[int, int, int, int], light: str, dark: str, towards: float) -> None:
        width, height = box[2] - box[0], box[3] - box[1]
        across, down = math.cos(math.radians(towards)), -math.sin(math.radians(towards))
        step = 255 / (abs(across) + abs(down))  # a shade is one byte, and its colour is looked up
        along_rows, along_columns = (np.linspace(-0.5, 0.5, size, dtype=np.float32) * step for size in (width, height))
        shades = (along_rows * across + along_columns[:, None] * down + 127.5).astype(np.uint8)
        gradient = Image.fromarray(shades)
        colours = np.linspace(ImageColor.getrgb(light), ImageColor.getrgb(dark), 256)
        gradient.putpalette(colours.astype(np.uint8).tobytes())
        self.image.paste(gradient.convert("RGB"), box[:2], mask)

    def _pixels(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]


def oval(centre: Point, width: float, height: float, *, turn: float = 0) -> list[Point]:
    return lobed(centre, width, height, lobes=0, depth=0, turn=turn)


def lobed(centre: Point, width: float, height: float, *, lobes: int, depth: float, turn: float = 0) -> list[Point]:
    """An oval whose edge swells ``lobes`` times, by ``depth`` of its size."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    outline = []
    for degree in range(0, 360, 3):
        angle = math.radians(degree)
        swell = 1 + depth * math.cos(lobes * angle)
        x, y = width / 2 * swell * math.cos(angle), height / 2 * swell * math.sin(angle)
        outline.append((centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine))
    return outline


def curve(start: Point, end: Point, bend: float, steps: int = 40) -> list[Point]:
    """From ``start`` to ``end``, its middle pushed ``bend`` to the left of the way."""
    length = math.dist(start, end) or 1
    across = ((end[1] - start[1]) / length, -(end[0] - start[0]) / length)
    middle = ((start[0] + end[0]) / 2 + across[0] * bend * 2, (start[1] + end[1]) / 2 + across[1] * bend * 2)
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * middle[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * middle[1] + t * t * end[1],
        )
        for t in (step / steps for step in range(steps + 1))
    ]


def tapered(spine: Sequence[Point], widths: Sequence[float], *, rounded: float = 0) -> list[Point]:
    """The outline of a body along ``spine``, ``widths`` wide at even distances, ``rounded`` of its length at each end."""
    left, right = [], []
    for place, point in enumerate(spine):
        at = place / (len(spine) - 1) * (len(widths) - 1)
        before, rest = widths[int(at)], at - int(at)
        half = (before + (widths[min(int(at) + 1, len(widths) - 1)] - before) * rest) / 2
        to_end = min(place, len(spine) - 1 - place) / (len(spine) - 1)
        if to_end < rounded:
            half *= math.sqrt(1 - (1 - to_end / rounded) ** 2)
        across = _across(spine, place)
        left.append((point[0] + across[0] * half, point[1] + across[1] * half))
        right.append((point[0] - across[0] * half, point[1] - across[1] * half))
    return [*left, *reversed(right)]


def _edges(spine: Sequence[Point], width: float, ruffle: float, teeth: int) -> tuple[list[Point], list[Point]]:
    left, right = [], []
    for place, point in enumerate(spine):
        t = place / (len(spine) - 1)
        half = width / 2 * math.sin(math.pi * t**0.72) ** 0.8
        wave = ruffle * math.sin(t * 34) * min(1, 4 * t, 4 * (1 - t))
        bite = width * 0.05 * (t * teeth % 1) * min(1, 5 * (1 - t)) if teeth else 0
        across = _across(spine, place)
        left.append((point[0] + across[0] * (half + wave - bite), point[1] + across[1] * (half + wave - bite)))
        right.append((point[0] - across[0] * (half - wave - bite), point[1] - across[1] * (half - wave - bite)))
    return left, right


def _across(spine: Sequence[Point], place: int) -> Point:
    before, after = spine[max(place - 1, 0)], spine[min(place + 1, len(spine) - 1)]
    length = math.dist(before, after) or 1
    return (after[1] - before[1]) / length, -(after[0] - before[0]) / length


def _between(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _mixed(colour: str, other: str, part: float) -> str:
    """``colour`` with ``part`` of ``other`` in it."""
    pairs = zip(ImageColor.getrgb(colour), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(one * (1 - part) + two * part):02x}" for one, two in pairs)
