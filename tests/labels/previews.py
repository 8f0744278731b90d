"""Looking at the SVG of a preview as a picture."""

import re
from collections.abc import Iterator

from PIL import Image, ImageDraw


def drawn(svg: str) -> Image.Image:
    """With a pixel for each dot."""
    size = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert size
    image = Image.new("L", (int(size[1]), int(size[2])), 255)
    draw = ImageDraw.Draw(image)
    for x, y, length in _runs(svg):
        draw.line((x, y, x + length - 1, y), fill=0)
    return image


def left_edge(svg: str) -> int:
    """The first column with ink."""
    return min(x for x, _, _ in _runs(svg))


def _runs(svg: str) -> Iterator[tuple[int, int, int]]:
    for run in re.finditer(r"M(\d+) (\d+)h(\d+)", svg):
        yield int(run[1]), int(run[2]), int(run[3])
