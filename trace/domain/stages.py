"""Which steps a batch's chain is expected to show: a template for each commodity, in versions with a date and a source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .errors import N_, InvalidInput
from .text import clean
from .vocabulary import BusinessStep

MOST_STAGES = 12
RECORDABLE = (
    BusinessStep.CREATING_CLASS_INSTANCE,
    BusinessStep.COLLECTING,
    BusinessStep.PRELIMINARY_PROCESSING,
    BusinessStep.INSPECTING,
    BusinessStep.SAMPLING,
    BusinessStep.LABORATORY_TESTING,
    BusinessStep.PACKING,
    BusinessStep.REPACKAGING,
    BusinessStep.STORING,
    BusinessStep.SHIPPING,
    BusinessStep.TRANSPORTING,
    BusinessStep.RECEIVING,
    BusinessStep.ACCEPTING,
    BusinessStep.STOCKING,
)
"""Steps that a chain may expect: those that say something about food, and are no holder's own affair (STOCK_STEPS)."""


class NoStageExpected(InvalidInput):
    """A chain that expects nothing would make every batch complete."""

    code = "no-stage-expected"
    message = N_("Cần ít nhất một công đoạn bắt buộc.")


class StageTwice(InvalidInput):
    code = "stage-twice"
    message = N_("Mỗi công đoạn chỉ chọn một lần.")


class BeforeFirstVersion(InvalidInput):
    """The first version also holds for what was made before it."""

    code = "before-first-version"
    message = N_("Phiên bản đầu tiên áp dụng từ %(first)s; hãy nhập ngày đó hoặc một ngày sau.")


class ReferenceUnchanged(InvalidInput):
    code = "reference-unchanged"
    message = N_("Nội dung giống hệt phiên bản đang áp dụng vào ngày đó. Hãy sửa ít nhất một chỗ.")


@dataclass(frozen=True)
class ExpectedStage:
    """``optional``: a batch may well do without it (goods sold at the farm are never shipped), so it is never a gap."""

    step: BusinessStep
    optional: bool = False


Chain = tuple[ExpectedStage, ...]


def chain_of(stages: Iterable[Mapping[str, Any]]) -> Chain:
    """From ``[{"step": "packing", "optional": false}, …]``, as templates are kept."""
    return tuple(ExpectedStage(BusinessStep(stage["step"]), stage["optional"]) for stage in stages)


def plain(chain: Chain) -> list[dict[str, Any]]:
    """The other way round."""
    return [{"step": stage.step.value, "optional": stage.optional} for stage in chain]


def check_chain(chain: Sequence[ExpectedStage]) -> None:
    """Raises NoStageExpected or StageTwice."""
    if all(stage.optional for stage in chain):
        raise NoStageExpected(field="stages")
    if len({stage.step for stage in chain}) < len(chain):
        raise StageTwice(field="stages")


def check_reference(*, source: str, reason: str, valid_from: date | None, first: date) -> None:
    """What every new version of the department's reference data says of itself; ``first`` is when the first version began.

    Raises InvalidInput or BeforeFirstVersion.
    """
    if not clean(source):
        raise InvalidInput(N_("Hãy ghi nguồn: số hiệu tiêu chuẩn, văn bản hoặc tài liệu."), field="source")
    if not clean(reason):
        raise InvalidInput(N_("Hãy ghi lý do thay đổi."), field="reason")
    if valid_from is None:
        raise InvalidInput(N_("Hãy nhập ngày bắt đầu áp dụng."), field="valid_from")
    if valid_from < first:
        raise BeforeFirstVersion(field="valid_from", first=first.strftime("%d/%m/%Y"))
