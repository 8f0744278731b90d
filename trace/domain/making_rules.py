"""What a product declares of its making: what is added on the way, and how much one piece weighs.

Without a rule nothing comes from nothing and units are not mixed. Amounts count base units (g, ml, piece).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .errors import N_, InvalidFields, InvalidInput, TraceError
from .quantities import Unit

LARGEST_SHARE = 1000  # percent: ten times what goes in, as of water in a drink; beyond it is a slip
HEAVIEST_PIECE = 1_000_000  # grams
MOST_INGREDIENTS = 10
LONGEST_NAME = 60


@dataclass(frozen=True)
class MakingRule:
    """``added`` names each ingredient and how much of it may be added at most, in percent of all that goes in."""

    added: Mapping[str, int] = field(default_factory=dict)
    grams_per_piece: int | None = None

    @property
    def share(self) -> int:
        return sum(self.added.values())

    def grams(self, amount: int, unit: Unit) -> int | None:
        """What ``amount`` weighs; None where nothing says so."""
        if unit is Unit.KGM:
            return amount
        return amount * self.grams_per_piece if unit is Unit.EA and self.grams_per_piece else None


NO_RULE = MakingRule()


def check_rule(rule: MakingRule, unit: Unit) -> None:
    """Whether a product counted in ``unit`` may declare this. Raises InvalidFields (``added``, ``grams_per_piece``)."""
    errors: list[TraceError] = []
    if len(rule.added) > MOST_INGREDIENTS:
        errors.append(
            InvalidInput(N_("Chỉ khai tối đa %(most)s nguyên liệu thêm."), field="added", most=MOST_INGREDIENTS)
        )
    if any(not name or len(name) > LONGEST_NAME for name in rule.added):
        errors.append(InvalidInput(N_("Mỗi nguyên liệu cần một tên, tối đa 60 ký tự."), field="added"))
    if any(share <= 0 for share in rule.added.values()) or rule.share > LARGEST_SHARE:
        sentence = N_("Tỷ lệ thêm là số nguyên lớn hơn 0; cộng lại không quá %(largest)s%%.")
        errors.append(InvalidInput(sentence, field="added", largest=LARGEST_SHARE))
    if rule.grams_per_piece is not None:
        if unit is not Unit.EA:
            sentence = N_("Chỉ sản phẩm tính bằng đơn vị (quả, gói, con…) mới cần số gam mỗi đơn vị.")
            errors.append(InvalidInput(sentence, field="grams_per_piece"))
        elif not 1 <= rule.grams_per_piece <= HEAVIEST_PIECE:
            sentence = N_("Số gam mỗi đơn vị từ 1 đến 1.000.000.")
            errors.append(InvalidInput(sentence, field="grams_per_piece"))
    if errors:
        raise InvalidFields(errors)


def in_one_unit(amounts: Sequence[tuple[int, Unit, MakingRule]]) -> tuple[Unit, list[int]] | int:
    """The amounts as they are, where all have one unit; else in grams. An int is the place of one that has no weight."""
    units = {unit for _, unit, _ in amounts}
    if len(units) == 1:
        return units.pop(), [amount for amount, _, _ in amounts]
    weights = [rule.grams(amount, unit) for amount, unit, rule in amounts]
    if None in weights:
        return weights.index(None)
    return Unit.KGM, [weight for weight in weights if weight is not None]
