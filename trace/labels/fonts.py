"""The typeface of everything printed: Be Vietnam Pro, drawn for Vietnamese and its stacked accents (licence OFL 1.1)."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import fontpkg
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "BeVietnamPro-Regular"
SEMIBOLD = "BeVietnamPro-SemiBold"
BOLD = "BeVietnamPro-Bold"
SERIF, SERIF_BOLD = "IBMPlexSerif", "IBMPlexSerif-Bold"
_ITALIC, _BOLD_ITALIC = "IBMPlexSerif-Italic", "IBMPlexSerif-BoldItalic"
_WEIGHTS = {REGULAR: 400, SEMIBOLD: 600, BOLD: 700}

# Parts of the em, the same in every weight: a capital without and with stacked accents, and the tails below the line.
CAP_HEIGHT, ACCENT_HEIGHT, DESCENT = 0.70, 0.98, 0.22
MM_PER_POINT = 25.4 / 72


def font_path(font: str) -> Path:
    """The TrueType file of one of the named fonts."""
    return Path(fontpkg.path("be-vietnam-pro", _WEIGHTS[font]))


@cache
def register_fonts() -> None:
    """Make the fonts known to ReportLab, which embeds only the glyphs that a document uses."""
    for font in _WEIGHTS:
        pdfmetrics.registerFont(TTFont(font, str(font_path(font))))


def text_width(text: str, font: str, size: float) -> float:
    """Millimetres that ``text`` takes at ``size`` points."""
    return _width_of_one_point(text, font) * size


@lru_cache(maxsize=4096)  # laying out tries the same words at many sizes
def _width_of_one_point(text: str, font: str) -> float:
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, 1)) * MM_PER_POINT


def printable(text: str) -> str:
    """``text`` in one line of NFC, without what the typeface cannot draw (an emoji, say): never an empty box."""
    register_fonts()
    glyphs = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return " ".join("".join(c for c in unicodedata.normalize("NFC", text) if c.isspace() or ord(c) in glyphs).split())


@cache
def register_serif() -> None:
    """A serif for administrative documents, in its four faces, so that ``<b>`` and ``<i>`` find theirs (licence OFL 1.1)."""
    faces = {
        SERIF: (400, "normal"),
        SERIF_BOLD: (700, "normal"),
        _ITALIC: (400, "italic"),
        _BOLD_ITALIC: (700, "italic"),
    }
    for font, (weight, style) in faces.items():
        pdfmetrics.registerFont(TTFont(font, str(fontpkg.path("ibm-plex-serif", weight, style))))
    pdfmetrics.registerFontFamily(SERIF, SERIF, SERIF_BOLD, _ITALIC, _BOLD_ITALIC)
