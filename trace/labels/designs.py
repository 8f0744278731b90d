"""What kinds of label there are."""

from enum import StrEnum


class Design(StrEnum):
    RETAIL = "retail"
