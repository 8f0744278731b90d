"""What a business does with goods besides making, packing and handing them over, and taking back what was said wrongly."""

from .errors import N_, Conflict, InvalidInput
from .vocabulary import BusinessStep, Disposition

RECORDABLE = (BusinessStep.PRELIMINARY_PROCESSING, BusinessStep.STORING, BusinessStep.INSPECTING)
"""By whoever makes or holds a batch, at a place of theirs."""
TAKEN_BACK = frozenset((*RECORDABLE, BusinessStep.PACKING))
"""Steps that whoever recorded them may declare wrong. What moved goods is undone where it was done."""
LONGEST_NOTE = 2000


class FindingMissing(InvalidInput):
    code = "finding-missing"
    message = N_("Hãy chọn đạt hoặc không đạt.")


class ErrorAlreadyDeclared(Conflict):
    """A correction of a correction: the step is said again instead."""

    code = "error-already-declared"
    message = N_("Bước này đã được đánh dấu là ghi sai. Nếu vẫn chưa đúng, hãy ghi lại bước đúng.")


def disposition_of(step: BusinessStep, *, passed: bool | None, field: str = "passed") -> Disposition | None:
    """What the step says of the state of the goods. Raises FindingMissing."""
    if step not in (BusinessStep.INSPECTING, BusinessStep.LABORATORY_TESTING):
        return None
    if passed is None:
        raise FindingMissing(field=field)
    return Disposition.CONFORMANT if passed else Disposition.NON_CONFORMANT
