"""Text as people type it: made uniform at the edge, and folded for search."""

import re
import unicodedata
from functools import lru_cache
from itertools import filterfalse

from .errors import N_, InvalidInput

# Invisible marks that phones and copied web pages leave behind; they carry no meaning in Vietnamese or English.
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff]")
# Bidirectional embeddings and isolates can make a text read as something else than it is.
_REFUSED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class UnreadableText(InvalidInput):
    """The text holds control characters, which no keyboard types."""

    code = "unreadable-text"
    message = N_("Nội dung có ký tự điều khiển không đọc được. Hãy gõ lại thay vì dán vào.")


def clean(text: str, *, field: str | None = None) -> str:
    """One line: Unicode NFC, trimmed, every run of white space one space. Raises ``UnreadableText`` naming ``field``."""
    if _REFUSED.search(text):
        raise UnreadableText(field=field)
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def clean_lines(text: str, *, field: str | None = None) -> str:
    """As ``clean``, but line breaks stay, with at most one empty line between paragraphs."""
    lines = "\n".join(clean(line, field=field) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


@lru_cache(4096)  # the name of one thing is kept folded, compared folded, and looked through for words
def fold(text: str) -> str:
    """The key under which a search finds ``text``: no case, no accents, đ as d, so that Hòa, Hoà and HOA are one."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(filterfalse(unicodedata.combining, letters)).split())
