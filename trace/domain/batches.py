"""What a batch must satisfy before it is saved, and the life it leads afterwards."""

from datetime import date, datetime

from .dates import vietnam_date
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


class LotTaken(InvalidInput):
    code = "lot-taken"
    message = N_("Mã lô %(lot)s đã dùng cho một lô khác. Hãy dùng %(free)s hoặc một mã khác.")


class NothingChanged(InvalidInput):
    """A correction that corrects nothing would only hide the real ones."""

    code = "nothing-changed"
    message = N_("Chưa có thông tin nào khác trước. Hãy sửa ít nhất một ô rồi gửi lại.")


class PackedInFuture(InvalidInput):
    code = "packed-in-future"
    message = N_("Thời gian đóng gói này chưa tới. Hãy nhập lúc đã đóng gói xong.")


class PackedBeforeProduction(InvalidInput):
    code = "packed-before-production"
    message = N_("Lô này sản xuất ngày %(production_date)s, nên không thể đóng gói trước ngày đó.")


class BusinessNotApproved(Conflict):
    """A business that is not approved can prepare everything and publish nothing."""

    code = "business-not-approved"
    message = N_(
        "Cơ sở chưa được Sở duyệt nên chưa công bố được lô hàng. Lô vẫn được lưu; hãy công bố khi hồ sơ được duyệt."
    )


class BatchUnderReview(Conflict):
    """Of a published batch: a diary says that its harvest came too early, a laboratory's result is not good, or a
    recall was ordered."""

    code = "batch-under-review"
    message = N_("Lô %(lot)s đang được kiểm tra. Hãy giữ hàng lại và chờ cán bộ kết luận.")


class BatchStepNotPossible(Conflict):
    """A draft is published once, and only a published batch is withdrawn."""

    code = "batch-step-not-possible"
    message = N_("Lô hàng này không ở tình trạng cho phép việc đó. Hãy tải lại trang để xem tình trạng mới nhất.")


class BatchRecalled(Conflict):
    """Nothing is made of a recalled batch, offered, printed or changed; what is left of it is accounted for."""

    code = "batch-recalled"
    message = N_("Lô %(lot)s đang bị thu hồi nên không làm được việc này. Hãy xem trang Thu hồi để biết phải làm gì.")


def refuse_recalled(recall_id: int | None, lot: str, *, field: str | None = None) -> None:
    """Raises BatchRecalled. Ask it of a batch that was read under its lock."""
    if recall_id is not None:
        raise BatchRecalled(field=field, lot=lot)


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


def check_packing(at: datetime, *, production_date: date, now: datetime, field: str = "at") -> None:
    """Raises ``PackedInFuture`` or ``PackedBeforeProduction``."""
    if at > now:
        raise PackedInFuture(field=field)
    if vietnam_date(at) < production_date:
        raise PackedBeforeProduction(field=field, production_date=production_date.strftime("%d/%m/%Y"))


def publish(status: BatchStatus) -> BatchStatus:
    if status is not BatchStatus.DRAFT:
        raise BatchStepNotPossible
    return BatchStatus.PUBLISHED


def withdraw(status: BatchStatus) -> BatchStatus:
    if status is not BatchStatus.PUBLISHED:
        raise BatchStepNotPossible
    return BatchStatus.WITHDRAWN
