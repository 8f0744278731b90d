"""A day's figures as they are kept for good: what exactly is hashed, so that anyone can do it again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class SnapshotContent:
    """``head``: what the figures rest on (day, list, definition, period). ``cells`` pair dimension, value and progress with
    entries, ``amounts`` dimension, value and reach with grams."""

    head: Mapping[str, str | int]
    cells: Iterable[tuple[str, str, str, int]]
    amounts: Iterable[tuple[str, str, int, int]]
    previous: str


def content_hash(content: SnapshotContent) -> str:
    """SHA-256, in hexadecimal, of the content as JSON in UTF-8: keys sorted, rows sorted, no spaces. It takes in the
    ``previous`` snapshot's hash, so none can be changed or left out without every later one telling."""
    document = {
        **content.head,
        "cells": sorted(list(row) for row in content.cells),
        "amounts": sorted(list(row) for row in content.amounts),
        "previous": content.previous,
    }
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()
