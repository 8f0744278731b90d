"""What a label says, and what kinds of label there are."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from ..domain.errors import N_, InvalidInput
from .fonts import printable


class Design(StrEnum):
    SMALL = "small"
    """The symbol, its code and, where there is room, product and lot."""
    RETAIL = "retail"
    """Everything that a shopper wants to know before scanning."""
    GS1 = "gs1"
    """As RETAIL, its link a GS1 Digital Link, and beside it the EAN-13 that every till reads (dual marking)."""


@dataclass(frozen=True)
class LabelText:
    """What a label says, already in the words and formats that are to be printed; empty texts are left out."""

    product: str
    producer: str
    lot: str
    code_groups: str
    link: str
    production_date: str
    best_before: str = ""
    commune: str = ""
    certificates: str = ""
    packaging: str = ""  # what the pack is made of and what to do with it when it is empty
    gtin: str = ""

    def printable(self) -> "LabelText":
        """In characters of the typeface. Raises InvalidInput for a text that no label may lack."""
        words = {field.name: printable(getattr(self, field.name)) for field in fields(self)}
        for name in ("product", "producer", "lot", "code_groups"):
            if not words[name]:
                raise InvalidInput(N_("Tem cần có nội dung này bằng chữ in được."), field=name)
        return LabelText(**words)


def versions(words: LabelText, design: Design) -> Iterator[LabelText]:
    """From the fullest to the shortest that the design may say."""
    if design is Design.SMALL:
        code = LabelText("", "", "", words.code_groups, words.link, "")
        yield from (replace(code, product=words.product, lot=words.lot), replace(code, product=words.product), code)
        return
    yield words
    for name in ("packaging", "commune", "certificates"):
        if getattr(words, name):
            words = replace(words, **{name: ""})
            yield words
    names = words.producer.split()
    for count in range(len(names) - 1, 0, -1):
        yield replace(words, producer=" ".join(names[:count]) + " …")
