"""The words of the United States' traceability rule, for the sheet that a buyer there asks for (21 CFR 1, subpart S; FSMA 204)."""

from .errors import N_
from .labelled import Labelled
from .vocabulary import BusinessStep, EventType


class CriticalTrackingEvent(Labelled):
    """21 CFR 1.1310, and what is none of them."""

    HARVESTING = "harvesting", N_("Thu hoạch nông sản")
    COOLING = "cooling", N_("Làm mát trước khi đóng gói lần đầu")
    INITIAL_PACKING = "initial_packing", N_("Đóng gói lần đầu")
    SHIPPING = "shipping", N_("Giao hàng")
    RECEIVING = "receiving", N_("Nhận hàng")
    TRANSFORMATION = "transformation", N_("Chế biến, phối trộn, chia lô")
    OTHER = "other", N_("Việc khác")


_STEPS = {
    BusinessStep.CREATING_CLASS_INSTANCE.value: CriticalTrackingEvent.HARVESTING,
    BusinessStep.PACKING.value: CriticalTrackingEvent.INITIAL_PACKING,
    BusinessStep.SHIPPING.value: CriticalTrackingEvent.SHIPPING,
    BusinessStep.RECEIVING.value: CriticalTrackingEvent.RECEIVING,
    BusinessStep.REPACKAGING.value: CriticalTrackingEvent.TRANSFORMATION,
}


def critical_tracking_event(event_type: str, business_step: str) -> CriticalTrackingEvent:
    """By the names that the event carries."""
    if event_type == EventType.TRANSFORMATION.value:
        return CriticalTrackingEvent.TRANSFORMATION
    if event_type == EventType.AGGREGATION.value:
        return CriticalTrackingEvent.OTHER  # into cases: packed as food it was before
    return _STEPS.get(business_step, CriticalTrackingEvent.OTHER)
