"""What becomes of a label before it is scanned: folded, faded, held askew and seen by a camera out of focus.

Each is as bad as sound labels stand all together: of some 10,000 symbols of versions 2 to 6 with random links, with
modules of 0.42 and 0.5 mm at 203, 300 and 600 dpi, both decoders read all but one in the first frame, and that one in
another. What fails was not sound.
"""

from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]

# A fold rubs off the ink of a line as wide as the smallest module that GS1 allows at a till. Across the whole of a small
# symbol it would take more than the 15 % that level M restores.
CREASE_MM = 0.4
# ISO/IEC 15415: symbol contrast that still earns grade 2 of 4; GS1 asks for 1.5. Clean paper reflects some 90 %.
CONTRAST, PAPER = 0.40, 0.90
ANGLES = (7.0, -3.0, 12.0)
"""Degrees, of one frame of a phone's camera each: it looks until it reads."""
# GS1 verifies a QR symbol through an aperture of 0.2 mm, which blurs like a Gaussian of 0.05 mm; a phone does it twice.
BLUR_MM = 0.1
_DOTS_PER_MM = 8  # what a phone sees of a label that it is held over; printers have up to three times as many


def worn(image: Image.Image, dots_per_mm: float, start: Point, end: Point) -> Iterator[Image.Image]:
    """Frames of the grey image of a label folded from ``start`` to ``end`` (pixels), faded, turned and blurred."""
    folded = image.copy()
    ImageDraw.Draw(folded).line((*start, *end), fill=255, width=max(1, round(CREASE_MM * dots_per_mm)))
    factor = max(1, int(dots_per_mm // _DOTS_PER_MM))
    faded = folded.reduce(factor).point(lambda light: round(255 * (PAPER - CONTRAST) + light * CONTRAST))
    for angle in ANGLES:
        turned = faded.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=round(255 * PAPER))
        yield turned.filter(ImageFilter.GaussianBlur(BLUR_MM * dots_per_mm / factor))
