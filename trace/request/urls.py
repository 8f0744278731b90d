"""Numbers in addresses."""

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1


class Identifier(IntegerConverter):
    """An integer that a database column can hold: a longer one is no address of ours, and not an error of the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **kwargs})
