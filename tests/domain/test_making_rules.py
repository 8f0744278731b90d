"""More comes out than went in only as far as a product declares what is added, and units mix only by weight."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.domain.balance import MadeFromTooLittle, Making, Part, UnitsDiffer, check_genealogy
from trace.domain.errors import InvalidFields
from trace.domain.making_rules import NO_RULE, MakingRule, check_rule
from trace.domain.quantities import Unit

DAY, AT = date(2026, 3, 1), datetime(2026, 3, 2, tzinfo=UTC)
SHARES = st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 300), max_size=3)
RULES = st.builds(MakingRule, SHARES, st.none() | st.integers(1, 5_000))
PARTS = st.lists(
    st.builds(Part, st.just("L"), st.integers(1, 10**6), st.sampled_from(Unit), st.just(DAY), RULES),
    min_size=1,
    max_size=4,
)


def make(parts: list[Part], amount: int, *, loss: int = 0, unit: Unit = Unit.KGM, rule: MakingRule = NO_RULE) -> Making:
    return check_genealogy(parts, amount=amount, loss=loss, unit=unit, production_date=DAY, at=AT, now=AT, rule=rule)


def weight(amount: int, unit: Unit, rule: MakingRule) -> int | None:
    if unit is Unit.EA:
        return rule.grams_per_piece and amount * rule.grams_per_piece
    return amount if unit is Unit.KGM else None


@given(parts=PARTS, amount=st.integers(1, 10**6), loss=st.integers(0, 10**5), unit=st.sampled_from(Unit), rule=RULES)
def test_output_and_loss_exceed_the_inputs_by_no_more_than_what_is_added(
    parts: list[Part], amount: int, loss: int, unit: Unit, rule: MakingRule
) -> None:
    same = all(part.unit is unit for part in parts)
    used = [part.amount if same else weight(part.amount, part.unit, part.rule) for part in parts]
    made, lost = ((each, each) if same else (weight(each, unit, rule),) * 2 for each in (amount, loss))
    if None in (*used, made[0], lost[0]):
        with pytest.raises(UnitsDiffer):
            make(parts, amount, loss=loss, unit=unit, rule=rule)
        return
    total, out = sum(each or 0 for each in used), (made[0] or 0) + (lost[0] or 0)
    if out > total * (1 + Fraction(rule.share, 100)):
        with pytest.raises(MadeFromTooLittle):
            make(parts, amount, loss=loss, unit=unit, rule=rule)
        return
    found = make(parts, amount, loss=loss, unit=unit, rule=rule)
    assert found.used + found.added == found.made + found.loss + found.unexplained
    assert min(found.added, found.unexplained) == 0
    assert found.unit is (unit if same else Unit.KGM)


@pytest.mark.parametrize(("made", "fits"), [(120_000, True), (120_001, False)])
def test_twenty_percent_of_water_is_twenty_percent_of_what_goes_in(made: int, fits: bool) -> None:
    parts, rule = [Part("L", 100_000, Unit.KGM, DAY)], MakingRule({"Nước": 15, "Muối": 5})
    if fits:
        assert make(parts, made, rule=rule).added == 20_000
    else:
        with pytest.raises(MadeFromTooLittle, match="20%"):
            make(parts, made, rule=rule)


def test_eggs_are_weighed_by_their_own_rule_and_packs_by_theirs() -> None:
    eggs = Part("L", 100, Unit.EA, DAY, MakingRule(grams_per_piece=60))
    assert make([eggs], 5_500, loss=500) == Making(6_000, 5_500, 500, Unit.KGM)
    greens = Part("L", 50_000, Unit.KGM, DAY)
    assert make([greens], 96, loss=4, unit=Unit.EA, rule=MakingRule(grams_per_piece=500)).unexplained == 0
    with pytest.raises(UnitsDiffer):
        make([greens, Part("L", 1, Unit.LTR, DAY)], 1)


@pytest.mark.parametrize(
    ("rule", "unit", "field"),
    [
        (MakingRule({"": 5}), Unit.KGM, "added"),
        (MakingRule({"Nước": 0}), Unit.KGM, "added"),
        (MakingRule({"Nước": 600, "Đường": 401}), Unit.KGM, "added"),
        (MakingRule({f"Gia vị {number}": 1 for number in range(11)}), Unit.KGM, "added"),
        (MakingRule(grams_per_piece=60), Unit.KGM, "grams_per_piece"),
        (MakingRule(grams_per_piece=0), Unit.EA, "grams_per_piece"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(rule: MakingRule, unit: Unit, field: str) -> None:
    with pytest.raises(InvalidFields) as raised:
        check_rule(rule, unit)
    assert [error.field for error in raised.value.errors] == [field]
