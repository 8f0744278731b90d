"""Declaring what is added when a product is made, and how much one piece of it weighs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from ..domain.making_rules import NO_RULE, MakingRule, check_rule
from ..domain.permissions import Actor, Permission, require
from ..domain.text import clean
from ..storage.making_rules import DeclaredRule, rules_until
from ..storage.products import Product
from . import audit
from .changes import load_for_change
from .clock import now


def declare(session: Session, actor: Actor, product_id: int, rule: MakingRule, *, valid_from: date) -> DeclaredRule:
    """From that day on; what was declared before stays for what was made before. The same again changes nothing.

    Raises InvalidFields.
    """
    product = load_for_change(session, Product, product_id)
    require(actor, Permission.PRODUCTS_WRITE, product.business_id)
    rule = MakingRule({clean(name): share for name, share in rule.added.items()}, rule.grams_per_piece)
    check_rule(rule, product.unit)
    before = session.scalars(rules_until([product_id], valid_from)).all()
    if before and before[-1].rule == rule:
        session.rollback()
        return before[-1]
    declared = DeclaredRule(
        product_id=product_id,
        valid_from=valid_from,
        added=dict(rule.added),
        grams_per_piece=rule.grams_per_piece,
        by=actor.user_id,
        by_name=actor.name,
        at=now(),
    )
    session.add(declared)
    changes = {"valid_from": valid_from.isoformat(), "added": declared.added, "grams_per_piece": rule.grams_per_piece}
    audit.record(session, actor, "products:declare_rule", product, changes=changes)
    session.commit()
    return declared


def rules_on(session: Session, product_ids: Iterable[int], day: date) -> Mapping[int, MakingRule]:
    """The rule in force of each product; one that says nothing where none was declared."""
    found: defaultdict[int, MakingRule] = defaultdict(lambda: NO_RULE)
    for declared in session.scalars(rules_until(product_ids, day)):
        found[declared.product_id] = declared.rule
    return found
