"""The reference data that a new database begins with: ``data/*.csv`` as it was when its revision was written.

A row of a file is never changed once it was shipped; a later revision adds the version that replaces it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

_DATA = Path(__file__).parents[2] / "data"


def rows(file: str, *numbers: str) -> Iterator[dict[str, str]]:
    """Of ``data/<file>``, first versions only, or those with these numbers."""
    with (_DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from (row for row in csv.DictReader(lines) if row["number"] in (numbers or ("1",)))
