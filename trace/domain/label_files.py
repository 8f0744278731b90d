"""How far the file of an issue of stamps has come."""

from .errors import N_, Conflict
from .labelled import Labelled

KEPT_DAYS = 7
"""After which a file goes; it can be made again at any time, as every serial follows from its issue."""


class FileState(Labelled):
    WAITING = "waiting", N_("Đang chờ")
    WORKING = "working", N_("Đang tạo tệp")
    READY = "ready", N_("Tệp đã sẵn sàng")
    FAILED = "failed", N_("Không tạo được tệp")


class FileNotReady(Conflict):
    code = "label-file-not-ready"
    message = N_("Tệp tem chưa sẵn sàng hoặc đã được dọn. Hãy tạo lại tệp rồi tải.")
