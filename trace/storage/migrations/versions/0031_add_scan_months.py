"""Count looks by month when they are written, and find complaints and signals by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision: str | None = "0030"
branch_labels = None
depends_on = None

COUNT = "INSERT INTO scan_months (month, people, resolved) SELECT {}, count(*), count(batch_id) FROM scans WHERE {} GROUP BY 1"
MONTH = {
    "sqlite": "date(at, '+7 hours', 'start of month')",
    "postgresql": "date_trunc('month', at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date",
}


def upgrade() -> None:
    op.create_table(
        "scan_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("people", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("resolved", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_scan_months")),
    )
    op.execute(COUNT.format(MONTH[op.get_bind().dialect.name], "visitor = 'person'"))
    op.create_index("ix_complaints_at", "complaints", ["at"])
    op.create_index("ix_stamp_signals_day", "stamp_signals", ["day"])


def downgrade() -> None:
    op.drop_index("ix_stamp_signals_day", "stamp_signals")
    op.drop_index("ix_complaints_at", "complaints")
    op.drop_table("scan_months")
