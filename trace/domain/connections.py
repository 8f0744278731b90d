"""How two businesses come to know each other: one asks, the other answers, and only then are contacts shown."""

from dataclasses import dataclass

from .errors import N_, Conflict, InvalidInput
from .labelled import Labelled


class ConnectionStatus(Labelled):
    ASKED = "asked", N_("Chờ trả lời")
    ACCEPTED = "accepted", N_("Đã kết nối")
    DECLINED = "declined", N_("Đã từ chối")
    WITHDRAWN = "withdrawn", N_("Bên hỏi đã rút")
    ENDED = "ended", N_("Đã thôi kết nối")


class ConnectionStep(Labelled):
    ACCEPT = "accept", N_("Đồng ý kết nối")
    DECLINE = "decline", N_("Từ chối kết nối")
    WITHDRAW = "withdraw", N_("Rút lời kết nối")
    END = "end", N_("Thôi kết nối")


OPEN = (ConnectionStatus.ASKED, ConnectionStatus.ACCEPTED)
"""While one stands so, there is no other between the same two."""

_AFTER = {
    ConnectionStep.ACCEPT: ConnectionStatus.ACCEPTED,
    ConnectionStep.DECLINE: ConnectionStatus.DECLINED,
    ConnectionStep.WITHDRAW: ConnectionStatus.WITHDRAWN,
    ConnectionStep.END: ConnectionStatus.ENDED,
}


@dataclass(frozen=True, kw_only=True)
class Measures:
    """The thresholds in force on a day (trace/data/connection_measures.csv)."""

    requests_a_day: int
    """So many requests may a business send in 24 hours."""
    wait_days: int
    """After a refusal the same business may ask again so many days later."""


class ConnectionStepNotPossible(Conflict):
    code = "connection-step-not-possible"
    message = N_("Lời kết nối này không còn ở bước đó. Hãy tải lại trang để xem tình trạng mới nhất.")


class AlreadyConnected(Conflict):
    code = "already-connected"
    message = N_("Giữa hai cơ sở đã có một lời kết nối đang chờ hoặc đã được đồng ý. Hãy xem trong mục Kết nối.")


class ConnectionNotTaken(Conflict):
    """Says no more than that: whoever is blocked is not told so."""

    code = "connection-not-taken"
    message = N_("Cơ sở này hiện không nhận lời kết nối từ cơ sở của bạn.")


class TooManyRequests(Conflict):
    code = "too-many-connection-requests"
    message = N_("Mỗi cơ sở gửi tối đa %(limit)s lời kết nối trong 24 giờ. Hãy gửi tiếp vào ngày mai.")


class NoContactChosen(InvalidInput):
    code = "no-contact-chosen"
    message = N_("Hãy chọn cách liên hệ (điện thoại hoặc e-mail) ở phần Cơ sở trong danh bạ trước khi kết nối.")


def possible_steps(status: ConnectionStatus, *, is_asker: bool) -> tuple[ConnectionStep, ...]:
    """What one side may do now."""
    if status is ConnectionStatus.ASKED:
        return (ConnectionStep.WITHDRAW,) if is_asker else (ConnectionStep.ACCEPT, ConnectionStep.DECLINE)
    return (ConnectionStep.END,) if status is ConnectionStatus.ACCEPTED else ()


def after(status: ConnectionStatus, step: ConnectionStep, *, is_asker: bool) -> ConnectionStatus:
    """Raises ConnectionStepNotPossible."""
    if step not in possible_steps(status, is_asker=is_asker):
        raise ConnectionStepNotPossible
    return _AFTER[step]
