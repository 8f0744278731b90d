"""Add handovers."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import forbid_changes

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("seller_id", INTEGER, nullable=False),
        sa.Column("buyer_id", INTEGER, nullable=True),
        sa.Column("buyer_name", sa.Text(), nullable=False),
        sa.Column("buyer_phone", sa.Text(), nullable=False),
        sa.Column("buyer_commune_code", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("seller_site_id", INTEGER, nullable=True),
        sa.Column("buyer_site_id", INTEGER, nullable=True),
        sa.Column("sent", INTEGER, nullable=False),
        sa.Column("received", INTEGER, nullable=True),
        sa.Column("vehicle", sa.Text(), nullable=False),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_key", sa.Text(), nullable=True),
        sa.CheckConstraint("sent > 0", name=op.f("ck_handovers_sent_positive")),
        sa.CheckConstraint("received > 0 AND received <= sent", name=op.f("ck_handovers_received_of_sent")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_handovers_batch_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["businesses.id"], name=op.f("fk_handovers_buyer_id")),
        sa.ForeignKeyConstraint(["buyer_site_id"], ["sites.id"], name=op.f("fk_handovers_buyer_site_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["businesses.id"], name=op.f("fk_handovers_seller_id")),
        sa.ForeignKeyConstraint(["seller_site_id"], ["sites.id"], name=op.f("fk_handovers_seller_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("seller_id", "client_key", name=op.f("uq_handovers_seller_id_client_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_handovers_token_hash")),
    )
    op.create_index("ix_handovers_batch", "handovers", ["batch_id", "id"])
    op.create_index("ix_handovers_buyer", "handovers", ["buyer_id", "id"])
    op.create_index("ix_handovers_seller", "handovers", ["seller_id", "id"])
    op.create_index("ix_handovers_status", "handovers", ["status", "id"])

    op.create_table(
        "handover_steps",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("handover_id", INTEGER, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_handover_steps_business_id")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_handover_steps_by")),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_steps_handover_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_steps")),
    )
    op.create_index(op.f("ix_handover_steps_handover_id"), "handover_steps", ["handover_id"])

    terms = op.create_table(
        "handover_terms",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("accept_within_days", INTEGER, nullable=False),
        sa.Column("overdue_after_days", INTEGER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", INTEGER, nullable=True),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["users.id"], name=op.f("fk_handover_terms_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_terms")),
    )
    op.execute(
        terms.insert().values(
            valid_from=date(2000, 1, 1),
            accept_within_days=3,
            overdue_after_days=1,
            reason="Giá trị ban đầu của hệ thống, chưa theo văn bản nào: thực phẩm tươi thường tới nơi trong ngày.",
            set_by_name="system",
            at=datetime(2000, 1, 1, tzinfo=UTC),
        )
    )
    # one statement that both databases know: SQLite cannot add a constraint to a table afterwards
    kind = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE events ADD COLUMN handover_id {kind} CONSTRAINT fk_events_handover_id REFERENCES handovers (id)"
    )
    forbid_changes("handover_steps")
    forbid_changes("handover_terms")


def downgrade() -> None:
    op.execute("ALTER TABLE events DROP COLUMN handover_id")
    for table in ("handover_terms", "handover_steps", "handovers"):
        op.drop_table(table)
