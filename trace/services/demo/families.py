"""Which of many batches are made of which others: families of fifty, and one as large as asked for.

Everything follows from a batch's place among the others, so that nothing needs to be remembered on the way. Every
second place, counted from the last, may belong to the large family, the places between to the others: a family lies
among batches that have nothing to do with it, as batches of the same days do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

MEMBERS = 50
STRIDE = 5
"""Every fifth of the places between."""
BRANCHES = 3
PACK = 500
"""Grams. Every member keeps one for itself, whatever becomes of the rest."""


@dataclass(frozen=True)
class Member:
    """``family`` is 0 for the large one. ``parents`` are how many places before it each stands, and how many grams of it
    went in; what went out of ``amount``, all but one pack, is ``used``."""

    family: int
    number: int
    amount: int
    used: int
    parents: Sequence[tuple[int, int]]


def member_at(place: int, count: int, largest: int) -> Member | None:
    """Who stands at a place among ``count``, where one family has ``largest`` members; None for whoever is alone."""
    back, between = divmod(count - 1 - place, 2)
    if not between:
        return _member(0, largest - 1 - back, largest, 2) if back < largest else None
    window, within = divmod(back, MEMBERS * STRIDE)
    if within % STRIDE or (window + 1) * MEMBERS * STRIDE * 2 > count:
        return None
    return _member(window + 1, MEMBERS - 1 - within // STRIDE, MEMBERS, 2 * STRIDE)


def _member(family: int, number: int, size: int, distance: int) -> Member:
    amount = _amounts(size)[number]
    parents = [((number - parent) * distance, share) for parent, share in _shares(number, amount)]
    return Member(family, number, amount, amount - PACK, parents)


@cache
def _amounts(size: int) -> list[int]:
    """What each has, so that all that is made of it can be."""
    amounts = [PACK] * size
    for number in range(size - 1, 0, -1):
        for parent, share in _shares(number, amounts[number]):
            amounts[parent] += share
    return amounts


def _shares(number: int, amount: int) -> list[tuple[int, int]]:
    """Most are made of one other; every fourth of two, where there is enough for both."""
    if not number:
        return []
    first = (number - 1) // BRANCHES
    second = number // (BRANCHES + 2)
    half = amount // PACK // 2 * PACK
    if number % 4 or second == first or not half:
        return [(first, amount)]
    return [(first, amount - half), (second, half)]
