"""Closed sets whose members have a Vietnamese name for screens."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """Each member is written ``NAME = "stored-value", N_("Tên hiển thị")``.

    The value is what databases and the API keep and never changes; ``label`` is a gettext message id.
    """

    label: str
    _value_: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
