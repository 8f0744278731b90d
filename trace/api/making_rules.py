"""What may be added when a product is made, and what one piece of it weighs."""

from typing import Any

from ..domain.making_rules import LARGEST_SHARE, MOST_INGREDIENTS, MakingRule
from ..domain.permissions import Permission
from ..request.access import current_actor, owned, requires
from ..request.database import db
from ..services import making_rules
from ..storage.making_rules import DeclaredRule, rules_of
from ..storage.products import Product
from .fields import Day, Integer, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, once, page

topic = Topic(
    "Making rules",
    "More than went in cannot come out, but for what a product declares to be added; units are not mixed, but for the "
    "weight that it declares of a piece. The rule in force on the day of making counts.",
)


class IngredientSchema(Schema):
    name = Text(required=True)
    share = Integer(
        low=1, high=LARGEST_SHARE, required=True, metadata={"description": "At most, in percent of all that goes in"}
    )


class MakingRuleFactsSchema(Schema):
    valid_from = Day(required=True)
    added = Several(Part(IngredientSchema), attribute="ingredients", most=MOST_INGREDIENTS, load_default=list)
    grams_per_piece = Integer(
        low=1, load_default=None, allow_none=True, metadata={"description": "Only of products counted in pieces"}
    )


class MakingRuleSchema(MakingRuleFactsSchema):
    id = Integer()
    by_name = Text()
    at = Moment()


@topic.get("/businesses/<int:business_id>/products/<int:product_id>/making-rules")
@requires(Permission.BUSINESS_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, page_of(MakingRuleSchema))
def list_making_rules(query: dict[str, Any], business_id: int, product_id: int) -> Any:
    """List what a product declared of its making, from which day on, and who declared it"""
    return page(rules_of(owned(Product, product_id, business_id).id), DeclaredRule.id, query)


@topic.post("/businesses/<int:business_id>/products/<int:product_id>/making-rules")
@requires(Permission.PRODUCTS_WRITE)
@once
@topic.arguments(MakingRuleFactsSchema)
@topic.response(201, MakingRuleSchema)
def declare_making_rule(data: dict[str, Any], business_id: int, product_id: int) -> Any:
    """Declare what may be added to a product, and what a piece of it weighs, from a day on"""
    owned(Product, product_id, business_id)
    rule = MakingRule({each["name"]: each["share"] for each in data["ingredients"]}, data["grams_per_piece"])
    return making_rules.declare(db.session, current_actor(), product_id, rule, valid_from=data["valid_from"])
