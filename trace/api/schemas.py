"""What every request and answer has in common."""

from functools import cache
from typing import Any, ClassVar

import marshmallow
from flask_babel import lazy_gettext as _l
from marshmallow import fields, post_load
from marshmallow.validate import Regexp

from ..domain.errors import N_, InvalidInput
from ..domain.quantities import Unit, parse_amount
from .fields import SENTENCES, Integer, Member, Part, Several, amount

_NUMBER = r"\d{1,10}(\.\d{1,3})?"


class Schema(marshmallow.Schema):
    """Unknown fields are refused: a misspelt one must not be taken for one that was left out."""

    error_messages = {
        "unknown": _l("Không có trường nào tên như vậy."),
        "type": SENTENCES["type"],
    }

    class Meta:
        unknown = marshmallow.RAISE


class FactsSchema(Schema):
    """Loads into the dataclass that a service takes; null and absent both mean its default."""

    makes: ClassVar[type]

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return self.makes(**{name: value for name, value in data.items() if value is not None})


class AmountSchema(Schema):
    """An amount in a UN/CEFACT unit. The value is text with a decimal point, so that no digit is lost on the way."""

    value = fields.String(
        required=True,
        error_messages=SENTENCES,
        validate=Regexp(
            rf"\A{_NUMBER}\Z",
            error=_l("Hãy gửi số dương với dấu chấm thập phân, tối đa 3 chữ số lẻ, ví dụ “12.5”."),
        ),
        metadata={"pattern": f"^{_NUMBER}$", "example": "12.5"},
    )
    unit = Member(Unit, required=True)


class Amount(Part):
    """Given as ``AmountSchema``; answered from base units and the unit of the product at hand, or as null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(AmountSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        return None if nested_obj is None else amount(nested_obj, obj.product.unit)


class PageQuery(Schema):
    """Where a list goes on (``next`` of the page before), and how many to give at once."""

    after = Integer(load_default=None)
    limit = Integer(low=1, high=200, load_default=50)


@cache
def page_of(item: type[Schema]) -> type[Schema]:
    """``{"items": […], "next": …}``; ``next`` is null at the end."""
    members = {"items": Several(Part(item)), "next": Integer(allow_none=True)}
    name = item.__name__.removesuffix("Schema")
    return Schema.from_dict(members, name=f"{name}PageSchema")  # type: ignore[return-value,arg-type]


def with_more(subject: object, schema: type[Schema], **more: Any) -> dict[str, Any]:
    """``subject`` as its schema sees it, and what it does not know of itself."""
    return {name: getattr(subject, name) for name in schema().fields if name not in more} | more


def amount_part(base_units: int, unit: Unit) -> dict[str, Any]:
    """An amount for ``Part(AmountSchema)``, where no product is at hand."""
    return {**amount(base_units, unit), "unit": unit}


def base_units(given: dict[str, Any], unit: Unit) -> int:
    """An amount as the services take it. Raises InvalidAmount, or InvalidInput where it is in another unit."""
    if given["unit"] is not unit:
        message = N_("Đơn vị phải là đơn vị của sản phẩm: %(unit)s.")
        raise InvalidInput(message, field="amount.unit", unit=unit.value)
    return parse_amount(given["value"].replace(".", ","), unit, field="amount.value")
