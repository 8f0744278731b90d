"""Add laboratories' reports."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEYS = {
    "batch_id": "batches",
    "business_id": "businesses",
    "document_id": "stored_files",
    "event_id": "events",
    "recorded_by": "users",
    "site_id": "sites",
}


def upgrade() -> None:
    op.create_table(
        "laboratory_tests",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("event_id", INTEGER, nullable=True),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("laboratory", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("document_id", INTEGER, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", INTEGER, nullable=True),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_laboratory_tests_{column}"))
            for column, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laboratory_tests")),
        sa.UniqueConstraint("event_id", name=op.f("uq_laboratory_tests_event_id")),
    )
    op.create_index("ix_laboratory_tests_batch", "laboratory_tests", ["batch_id", "id"])
    op.create_index("ix_laboratory_tests_business", "laboratory_tests", ["business_id", "id"])
    op.create_index("ix_laboratory_tests_status", "laboratory_tests", ["status", "id"])


def downgrade() -> None:
    op.drop_table("laboratory_tests")
