"""More than was thought possible, and why: kept with the reason, for the department to look at."""

from .errors import N_, Conflict
from .labelled import Labelled


class ExcessKind(Labelled):
    HARVEST = "harvest", N_("Thu hoạch nhiều hơn một vụ thường cho")
    LABELS = "labels", N_("In tem nhiều hơn số gói")


class AlreadySeen(Conflict):
    code = "already-seen"
    message = N_("Một cán bộ khác đã xem mục này. Hãy tải lại trang để xem kết luận.")
