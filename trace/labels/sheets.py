"""Labels as PDF: on sheets for office printers, on rolls with a page for each label."""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from ..domain.errors import N_, InvalidInput
from .geometry import Offset, RollGeometry, SheetGeometry
from .pdf_labels import PdfLabels
from .pdf_stream import pdf_parts
from .runs import LabelRun


def sheet_parts(
    run: LabelRun,
    geometry: SheetGeometry,
    *,
    start_position: int = 1,
    offset: Offset = Offset(),  # noqa: B008 - frozen
) -> Iterator[bytes]:
    """A PDF in parts; the first label is in place ``start_position`` (from 1, row by row) of its sheet.

    What labels share is drawn once, as a form that every place refers to: of equal labels a thousand are hardly larger
    than one. Equal input gives equal bytes. Raises, before the first part, InvalidInput (start_position, link, a text)
    and LabelTooSmall.
    """
    places = geometry.labels_per_sheet
    if not 1 <= start_position <= places:
        message = N_("Hãy nhập một số nguyên từ %(low)s đến %(high)s.")
        raise InvalidInput(message, field="start_position", low=1, high=places)
    labels = PdfLabels(run, geometry, paper=(geometry.paper_width, geometry.paper_height))
    return _parts(labels, geometry.corners(), offset, start_position - 1, cut_lines=geometry.cut_lines)


def roll_parts(
    run: LabelRun,
    roll: RollGeometry,
    *,
    offset: Offset = Offset(),  # noqa: B008 - frozen
) -> Iterator[bytes]:
    """A PDF in parts, each page one label, as drivers of label printers want it. Raises what ``sheet_parts`` raises."""
    labels = PdfLabels(run, roll, paper=(roll.label_width, roll.label_height))
    return _parts(labels, [(0.0, 0.0)], offset)


def _parts(
    labels: PdfLabels,
    corners: Iterable[tuple[float, float]],
    offset: Offset,
    skipped: int = 0,
    *,
    cut_lines: bool = False,
) -> Iterator[bytes]:
    """With labels at ``corners`` of each page, the first ones of the first page skipped."""
    openings = [labels.opening(x, y, offset, cut_lines=cut_lines) for x, y in corners]
    pages = ceil((skipped + labels.run.count) / len(openings))
    return pdf_parts(labels.template, _contents(openings, labels.own_parts(), skipped, labels.run.count), pages)


def _contents(openings: Sequence[bytes], own: Iterator[bytes], skipped: int, count: int) -> Iterator[bytes]:
    """The content stream of each page."""
    size, last = len(openings), skipped + count
    for first in range(0, last, size):
        places = range(max(first, skipped), min(first + size, last))
        labels = zip(places, own, strict=False)  # of equal labels the parts have no end
        yield b"".join([openings[place - first] + part + b"Q\n" for place, part in labels])
