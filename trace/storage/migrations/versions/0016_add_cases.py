"""Add cases: what is packed together, how much of a holding is packed, and which case a delivery was sent in."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("packed_by_id", INTEGER, nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_cases_business_id")),
        sa.ForeignKeyConstraint(["packed_by_id"], ["businesses.id"], name=op.f("fk_cases_packed_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cases_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
        sa.UniqueConstraint("packed_by_id", "client_key", name=op.f("uq_cases_packed_by_id_client_key")),
    )
    op.create_index("ix_cases_business", "cases", ["business_id", "id"])
    op.create_table(
        "case_contents",
        sa.Column("case_id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_case_contents_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_case_contents_batch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_contents_case_id")),
        sa.PrimaryKeyConstraint("case_id", "batch_id", name=op.f("pk_case_contents")),
    )
    op.create_index(op.f("ix_case_contents_batch_id"), "case_contents", ["batch_id"])
    # each one statement that both databases know: SQLite cannot add a constraint to a table afterwards
    integer = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE holdings ADD COLUMN packed {integer} DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_holdings_packed_within_amount CHECK (packed >= 0 AND packed <= amount)"
    )
    op.execute(
        f"ALTER TABLE handovers ADD COLUMN case_id {integer} CONSTRAINT fk_handovers_case_id REFERENCES cases (id)"
    )
    op.create_index("ix_handovers_case", "handovers", ["case_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_handovers_case", "handovers")
    op.execute("ALTER TABLE handovers DROP COLUMN case_id")
    op.execute("ALTER TABLE holdings DROP COLUMN packed")
    op.drop_table("case_contents")
    op.drop_table("cases")
