"""Topic ``stamps``: making serials, knowing them again, and refusing those that were made up."""

import secrets
from collections.abc import Sequence
from time import perf_counter

from trace.domain import crockford
from trace.domain.stamps import LENGTH, StampKeys

from .databases import Databases
from .report import Bar, Section, table

CODE = "7K3M9XW2QT"
MILLION, FEWER = 1_000_000, 50_000
TEXT = """Serials of one issue, made and checked in one process on one core, with one master key and no database: the service asks nobody about a serial that was
made up. A guess passes the 40-bit MAC with a probability of 2⁻⁴⁰, and its place must have been issued besides: with a million stamps of a code, 2⁻⁶⁰ in all. Behind
the limit of 120 guesses a minute, one address would find one in about 19 thousand million years."""


def measure_stamps(databases: Databases, *, quick: bool) -> Section:  # noqa: ARG001 - all topics are asked alike
    count, keys = FEWER if quick else MILLION, StampKeys([secrets.token_urlsafe(48)])
    begun = perf_counter()
    issued = keys.serials(keys.newest, CODE, 0, 0, count)
    making = perf_counter() - begun
    known, knowing = _check(keys, issued)
    forged = [crockford.encode(secrets.token_bytes(10), LENGTH) for _ in range(count)]
    passed, refusing = _check(keys, forged)
    rows = [
        ["issued, made", f"{count:,}", f"{making / count * 1e6:.1f}", f"{count / making:,.0f}"],
        ["issued, known again", f"{known:,}", f"{knowing / count * 1e6:.1f}", f"{count / knowing:,.0f}"],
        ["made up, refused", f"{count - passed:,}", f"{refusing / count * 1e6:.1f}", f"{count / refusing:,.0f}"],
    ]
    bars = [
        Bar("serials made a second", count / making, 150_000, at_least=True),
        Bar("checking an issued serial, µs", knowing / count * 1e6, 20),
        Bar("checking a made-up serial, µs", refusing / count * 1e6, 20),
        Bar("issued serials refused", count - known, 0),
        Bar("made-up serials accepted", passed, 0),
    ]
    return Section("Stamps", TEXT, table(["serials", "count", "µs each", "a second"], rows), bars)


def _check(keys: StampKeys, serials: Sequence[str]) -> tuple[int, float]:
    """How many were known, and the seconds that it took."""
    begun = perf_counter()
    known = sum(keys.place(CODE, serial) is not None for serial in serials)
    return known, perf_counter() - begun
