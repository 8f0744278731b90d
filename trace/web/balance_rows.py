"""A balance as rows that a page draws as a table with bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from ..domain.balance import Making, MovementKind
from ..domain.quantities import Unit
from ..services.balance import Balance
from ..services.whole_balance import WholeBalance


@dataclass(frozen=True)
class Row:
    """``total``: what the other rows are parts of."""

    label: str
    amount: int
    total: bool = False


@dataclass(frozen=True)
class Rows:
    rows: Sequence[Row]
    unit: Unit

    @property
    def whole(self) -> int:
        return max(row.amount for row in self.rows)


def of_holder(balance: Balance, unit: Unit) -> Rows:
    gone = [Row(_(kind.label), getattr(balance, kind.value)) for kind in MovementKind]
    of_shipped = [
        Row(_("– trong đó đang chờ bên nhận"), balance.in_transit),
        Row(_("– trong đó thiếu khi nhận"), balance.lost_in_transit),
    ]
    had = Row(_("Đã có"), balance.had, total=True)
    left = [Row(_("Còn trong kho"), balance.left), Row(_("– trong đó ở trong thùng"), balance.in_cases)]
    return Rows([had, *left, *gone, *of_shipped], unit)


def of_all_holders(balance: WholeBalance, unit: Unit) -> Rows:
    gone = [Row(_(kind.label), amount) for kind, amount in balance.gone.items()]
    between = (
        [Row(_("Đang chờ nhận, thiếu khi nhận, hoặc ở bên chưa có trên hệ thống"), balance.between)]
        if balance.between
        else []
    )
    made = Row(_("Đã làm ra"), balance.made, total=True)
    return Rows([made, Row(_("Còn ở các cơ sở"), balance.left), *gone, *between], unit)


def of_making(making: Making) -> Rows:
    added = [Row(_("Thêm vào theo công thức"), making.added)] if making.added else []
    return Rows(
        [
            Row(_("Nguyên liệu đã dùng"), making.used, total=True),
            *added,
            Row(_("Làm ra"), making.made),
            Row(_("Hao hụt khi làm"), making.loss),
            Row(_("Chưa rõ"), making.unexplained),
        ],
        making.unit,
    )
