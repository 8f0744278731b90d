"""What a batch must satisfy before it is saved, and the life it leads afterwards."""

from datetime import date

from .errors import N_, Conflict, InvalidFields, InvalidInput, TraceError
from .labelled import Labelled


class BatchStatus(Labelled):
    DRAFT = "draft", N_("Bản nháp")
    PUBLISHED = "published", N_("Đã công bố")
    WITHDRAWN = "withdrawn", N_("Đã rút")

    @property
    def is_editable(self) -> bool:
        """A published batch's facts are never edited: a correction is a new version with a reason."""
        return self is BatchStatus.DRAFT


class ProductionInFuture(InvalidInput):
    code = "production-in-future"
    message = N_("Ngày sản xuất %(production_date)s chưa tới. Hãy nhập hôm nay hoặc một ngày trước đó.")


class BestBeforeTooEarly(InvalidInput):
    code = "best-before-too-early"
    message = N_("Hạn sử dụng không thể trước ngày sản xuất %(production_date)s. Hãy kiểm tra lại hai ngày này.")


class AmountNotPositive(InvalidInput):
    code = "amount-not-positive"
    message = N_("Khối lượng hoặc số lượng phải lớn hơn 0.")


class BatchStepNotPossible(Conflict):
    """A draft is published once, and only a published batch is withdrawn."""

    code = "batch-step-not-possible"
    message = N_("Lô hàng này không ở tình trạng cho phép việc đó. Hãy tải lại trang để xem tình trạng mới nhất.")


def check_batch(*, production_date: date, best_before: date | None, amount: int, today: date) -> None:
    """``amount`` in the product's base unit; ``today`` in Việt Nam. Raises ``InvalidFields`` naming every fault."""
    produced = production_date.strftime("%d/%m/%Y")
    errors: list[TraceError] = []
    if production_date > today:
        errors.append(ProductionInFuture(field="production_date", production_date=produced))
    if best_before is not None and best_before < production_date:
        errors.append(BestBeforeTooEarly(field="best_before", production_date=produced))
    if amount <= 0:
        errors.append(AmountNotPositive(field="amount"))
    if errors:
        raise InvalidFields(errors)


def publish(status: BatchStatus) -> BatchStatus:
    if status is not BatchStatus.DRAFT:
        raise BatchStepNotPossible
    return BatchStatus.PUBLISHED


def withdraw(status: BatchStatus) -> BatchStatus:
    if status is not BatchStatus.PUBLISHED:
        raise BatchStepNotPossible
    return BatchStatus.WITHDRAWN
