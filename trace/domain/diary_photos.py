"""Knowing a photo again by its difference hash (``services.images``), among as many as a province keeps."""

from itertools import pairwise

from .diary_measures import Measures

_EDGES = (0, 11, 22, 33, 44, 54, 64)
MOST_BITS = len(_EDGES) - 2
"""A threshold beyond this would need more keys: two hashes that differ in so many bits share at least one key."""


def is_same_photo(one: int, other: int, measures: Measures) -> bool:
    return shows_something(one, measures) and _bits(one ^ other).bit_count() <= measures.same_photo_bits


def shows_something(photo: int, measures: Measures) -> bool:
    """A photo without any feature (a wall, the night) resembles every other such."""
    return measures.featureless_bits <= _bits(photo).bit_count() <= 64 - measures.featureless_bits


def photo_keys(photo: int) -> tuple[int, ...]:
    """The hash in six parts, each with its place: an index finds by them whatever could be the same photo."""
    return tuple(
        place << 11 | _bits(photo) >> low & (1 << high - low) - 1 for place, (low, high) in enumerate(pairwise(_EDGES))
    )


def _bits(photo: int) -> int:
    """A signed hash as 64 bits."""
    return photo & (1 << 64) - 1
