"""The words of GS1's Core Business Vocabulary 2.0 (§7), with Vietnamese names for screens, and two steps of our own."""

from enum import StrEnum

from .errors import N_
from .labelled import Labelled


class EventType(StrEnum):
    """EPCIS 2.0 §7.4."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    TRANSACTION = "TransactionEvent"
    TRANSFORMATION = "TransformationEvent"
    ASSOCIATION = "AssociationEvent"


class Action(StrEnum):
    """How an event relates to the life of its subject: it begins, is seen, or ends."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


class BusinessStep(Labelled):
    """CBV 2.0 §7.1: what was being done. A lot without serial numbers begins with ``CREATING_CLASS_INSTANCE``."""

    ACCEPTING = "accepting", N_("Nhận và chấp nhận hàng")
    ARRIVING = "arriving", N_("Đến nơi")
    ASSEMBLING = "assembling", N_("Ghép bộ")
    COLLECTING = "collecting", N_("Thu gom")
    COMMISSIONING = "commissioning", N_("Đăng ký, gán mã")
    CONSIGNING = "consigning", N_("Ký gửi")
    CREATING_CLASS_INSTANCE = "creating_class_instance", N_("Thu hoạch, sản xuất")
    CYCLE_COUNTING = "cycle_counting", N_("Kiểm đếm định kỳ")
    DECOMMISSIONING = "decommissioning", N_("Ngừng dùng mã")
    DEPARTING = "departing", N_("Rời kho")
    DESTROYING = "destroying", N_("Tiêu hủy")
    DISASSEMBLING = "disassembling", N_("Tách bộ")
    DISPENSING = "dispensing", N_("Cấp phát")
    ENCODING = "encoding", N_("Ghi mã lên tem")
    ENTERING_EXITING = "entering_exiting", N_("Ra vào cửa hàng")
    HOLDING = "holding", N_("Giữ lại chờ xử lý")
    INSPECTING = "inspecting", N_("Kiểm tra")
    INSTALLING = "installing", N_("Lắp đặt")
    KILLING = "killing", N_("Vô hiệu hóa tem")
    LOADING = "loading", N_("Xếp hàng lên xe")
    OTHER = "other", N_("Công đoạn khác")
    PACKING = "packing", N_("Đóng gói")
    PICKING = "picking", N_("Soạn hàng")
    RECEIVING = "receiving", N_("Nhận hàng")
    REMOVING = "removing", N_("Lấy ra")
    REPACKAGING = "repackaging", N_("Đóng gói lại")
    REPAIRING = "repairing", N_("Sửa chữa")
    REPLACING = "replacing", N_("Thay thế")
    RESERVING = "reserving", N_("Giữ mã")
    RETAIL_SELLING = "retail_selling", N_("Bán lẻ")
    SAMPLING = "sampling", N_("Lấy mẫu")
    SENSOR_REPORTING = "sensor_reporting", N_("Ghi số đo cảm biến")
    SHIPPING = "shipping", N_("Giao hàng")
    STAGING_OUTBOUND = "staging_outbound", N_("Tập kết chờ giao")
    STOCK_TAKING = "stock_taking", N_("Kiểm kê")
    STOCKING = "stocking", N_("Bày hàng lên kệ")
    STORING = "storing", N_("Bảo quản trong kho")
    TRANSPORTING = "transporting", N_("Vận chuyển")
    UNLOADING = "unloading", N_("Dỡ hàng")
    UNPACKING = "unpacking", N_("Mở gói")
    VOID_SHIPPING = "void_shipping", N_("Hủy chuyến giao")

    PRELIMINARY_PROCESSING = "preliminary_processing", N_("Sơ chế")
    LABORATORY_TESTING = "laboratory_testing", N_("Kiểm nghiệm")

    @property
    def is_own(self) -> bool:
        """CBV has no word for it; ours is published under ``/voc/`` (``domain.terms``)."""
        return self in (BusinessStep.PRELIMINARY_PROCESSING, BusinessStep.LABORATORY_TESTING)


STOCK_STEPS = frozenset(
    (
        BusinessStep.OTHER,
        BusinessStep.DISPENSING,
        BusinessStep.DESTROYING,
        BusinessStep.RETAIL_SELLING,
    )
)
"""What a holder lost, used, destroyed or sold: its own affair, and no step of what the shopper holds."""


class Disposition(Labelled):
    """CBV 2.0 §7.2: the state of the goods after the step."""

    ACTIVE = "active", N_("Đang dùng")
    AVAILABLE = "available", N_("Sẵn có")
    COMPLETENESS_INFERRED = "completeness_inferred", N_("Suy ra là đủ")
    COMPLETENESS_VERIFIED = "completeness_verified", N_("Đã kiểm là đủ")
    CONFORMANT = "conformant", N_("Đạt yêu cầu")
    CONTAINER_CLOSED = "container_closed", N_("Đã đóng thùng")
    CONTAINER_OPEN = "container_open", N_("Thùng đang mở")
    DAMAGED = "damaged", N_("Hư hỏng")
    DESTROYED = "destroyed", N_("Đã tiêu hủy")
    DISPENSED = "dispensed", N_("Đã cấp phát")
    DISPOSED = "disposed", N_("Đã thải bỏ")
    ENCODED = "encoded", N_("Đã ghi mã")
    EXPIRED = "expired", N_("Quá hạn")
    IN_PROGRESS = "in_progress", N_("Đang xử lý")
    IN_TRANSIT = "in_transit", N_("Đang vận chuyển")
    INACTIVE = "inactive", N_("Không còn dùng")
    MISMATCH_CLASS = "mismatch_class", N_("Sai mặt hàng")
    MISMATCH_INSTANCE = "mismatch_instance", N_("Sai đơn vị hàng")
    MISMATCH_QUANTITY = "mismatch_quantity", N_("Sai số lượng")
    NEEDS_REPLACEMENT = "needs_replacement", N_("Cần thay thế")
    NO_PEDIGREE_MATCH = "no_pedigree_match", N_("Không khớp nguồn gốc")
    NON_CONFORMANT = "non_conformant", N_("Không đạt yêu cầu")
    NON_SELLABLE_OTHER = "non_sellable_other", N_("Không được bán")
    PARTIALLY_DISPENSED = "partially_dispensed", N_("Đã cấp phát một phần")
    RECALLED = "recalled", N_("Bị thu hồi")
    RESERVED = "reserved", N_("Đã giữ chỗ")
    RETAIL_SOLD = "retail_sold", N_("Đã bán lẻ")
    RETURNED = "returned", N_("Bị trả lại")
    SELLABLE_ACCESSIBLE = "sellable_accessible", N_("Đang bày bán")
    SELLABLE_NOT_ACCESSIBLE = "sellable_not_accessible", N_("Được bán, còn trong kho")
    STOLEN = "stolen", N_("Bị mất cắp")
    UNAVAILABLE = "unavailable", N_("Chưa sẵn có")
    UNKNOWN = "unknown", N_("Chưa rõ")


class BusinessTransactionType(Labelled):
    """CBV 2.0 §7.3: the paper behind a step."""

    BILL_OF_LADING = "bol", N_("Vận đơn")
    CERTIFICATE = "cert", N_("Chứng chỉ")
    DESPATCH_ADVICE = "desadv", N_("Phiếu giao hàng")
    INVOICE = "inv", N_("Hóa đơn")
    PEDIGREE = "pedigree", N_("Hồ sơ nguồn gốc")
    PURCHASE_ORDER = "po", N_("Đơn đặt hàng")
    PURCHASE_ORDER_CONFIRMATION = "poc", N_("Xác nhận đơn hàng")
    PRODUCTION_ORDER = "prodorder", N_("Lệnh sản xuất")
    RECEIVING_ADVICE = "recadv", N_("Phiếu nhận hàng")
    RETURN_AUTHORIZATION = "rma", N_("Phiếu trả hàng")
    TEST_PROCEDURE = "testprd", N_("Phương pháp kiểm nghiệm")
    TEST_RESULT = "testres", N_("Kết quả kiểm nghiệm")
    UPSTREAM_EVENT = "upevt", N_("Sự kiện trước đó")


class SourceDestinationType(Labelled):
    """CBV 2.0 §7.4: in which capacity a party or place gives or takes."""

    OWNING_PARTY = "owning_party", N_("Chủ sở hữu")
    POSSESSING_PARTY = "possessing_party", N_("Bên đang giữ hàng")
    LOCATION = "location", N_("Địa điểm")
