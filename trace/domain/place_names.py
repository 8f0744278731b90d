"""Names of administrative units as people write them: with and without their kind, accents, spaces and full stops."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from .text import fold

# How the kinds of unit are written, and what they stand for. "p" and "q" without a full stop only before a number: P5, Q1.
_KINDS = {
    "xã": r"xã\b|x\.",
    "phường": r"phường\b|p\.|p(?=\s*\d)",
    "thị trấn": r"thị trấn\b|tt\b\.?",
    "đặc khu": r"đặc khu\b|đk\.",
    "huyện": r"huyện\b|h\.",
    "quận": r"quận\b|q\.|q(?=\s*\d)",
    "thị xã": r"thị xã\b|tx\b\.?",
    "thành phố": r"thành phố\b|tp\b\.?",
    "tỉnh": r"tỉnh\b(?! lộ)|t\.",
}
COMMUNE_KINDS = frozenset({"xã", "phường", "thị trấn", "đặc khu"})
KIND_PATTERN = "|".join(_KINDS.values())
COMMUNE_PATTERN = "|".join(pattern for kind, pattern in _KINDS.items() if kind in COMMUNE_KINDS)
_KIND_FIRST = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS.items()]
_KIND_ANYWHERE = re.compile(rf"(?<!\w)(?:{KIND_PATTERN})", re.IGNORECASE)
_UNACCENTED = {fold(kind) for kind in _KINDS} | {"x", "p", "h", "q", "tt", "tx", "tp"}
_UNACCENTED_WORDS = {word for kind in _UNACCENTED for word in kind.split()}
_TONES = "\u0300\u0301\u0303\u0309\u0323"


@lru_cache(maxsize=4096)  # the same few places stand on page after page
def split_kind(text: str) -> tuple[str, str]:
    """The kind, spelled out, and the name of a unit: "TP. Vinh" → ("thành phố", "Vinh"), "Vinh" → ("", "Vinh")."""
    for kind, pattern in _KIND_FIRST:
        if found := pattern.match(text):
            return kind, text[found.end() :].strip()
    return "", text


def without_kind(name: str) -> str:
    return split_kind(name)[1]


def lower_kind(name: str) -> str:
    """As written inside a sentence: "Xã Bát Tràng" → "xã Bát Tràng"."""
    return name[:1].lower() + name[1:]


def name_key(name: str) -> str:
    """The key under which a name is found: no kind, case, accents, spaces or apostrophes ("Xã Cư M'gar" → "cumgar")."""
    return "".join(name_words(name))


@lru_cache(4096)  # as above
def accent_key(name: str) -> str:
    """Case-folded name without its kind in which only the place of the tone mark is free: Hòa = Hoà ≠ Hoa."""
    words = unicodedata.normalize("NFD", without_kind(name).casefold()).split()
    return " ".join(
        "".join(letter for letter in word if letter not in _TONES) + "".join(tone for tone in word if tone in _TONES)
        for word in words
    )


def words_of(text: str) -> list[str]:
    # Mỹ and Mĩ, Lý and Lí are one; Tây and Tài are not.
    return [re.sub(r"(?<=[hklmst])y$", "i", word) for word in re.findall(r"[^\W_]+", re.sub("['’]", "", fold(text)))]


@lru_cache(4096)  # a district or province comes up for each of its communes
def name_words(name: str) -> tuple[str, ...]:
    return tuple(words_of(without_kind(name)))


def search_parts(text: str) -> Iterator[list[list[str]]]:
    """The folded words of each comma-separated part of ``text``, three ways.

    As typed without accented kinds; without an unaccented kind at the start of a part; without any unaccented kind.
    """
    typed = [words_of(part) for part in _KIND_ANYWHERE.sub(" ", text).split(",")]
    named = [part[_unaccented_kind(part) :] for part in typed]
    bare = [[word for word in part if word not in _UNACCENTED_WORDS] for part in named]
    yield typed
    if named != typed:
        yield named
    if bare != named:
        yield bare


def _unaccented_kind(words: list[str]) -> int:
    """How many words at the start are a kind of unit."""
    return next((length for length in (2, 1) if " ".join(words[:length]) in _UNACCENTED), 0)
