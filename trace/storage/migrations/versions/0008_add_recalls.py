"""Add recalls, and the addresses where the machines of businesses hear of them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "recalls",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("recall_class", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_name", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("batch_count", INTEGER, nullable=False),
        sa.Column("holder_count", INTEGER, nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_recalls_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
        sa.UniqueConstraint("number", name=op.f("uq_recalls_number")),
    )
    op.create_index("ix_recalls_business", "recalls", ["business_id", "id"], unique=False)
    op.create_index("ix_recalls_status", "recalls", ["status", "id"], unique=False)

    op.create_table(
        "webhooks",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_webhooks_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_business_id"), "webhooks", ["business_id"], unique=False)

    op.create_table(
        "recall_holders",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("recall_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("reminders", INTEGER, nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_id", INTEGER, nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_recall_holders_business_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["stored_files.id"], name=op.f("fk_recall_holders_evidence_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_holders_recall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_holders")),
        sa.UniqueConstraint("recall_id", "business_id", name=op.f("uq_recall_holders_recall_id_business_id")),
    )
    op.create_index("ix_recall_holders_business", "recall_holders", ["business_id", "id"], unique=False)

    op.create_table(
        "webhook_deliveries",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("webhook_id", INTEGER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", INTEGER, nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_due", "webhook_deliveries", ["delivered_at", "next_attempt_at"], unique=False
    )
    op.create_index("ix_webhook_deliveries_webhook", "webhook_deliveries", ["webhook_id", "id"], unique=False)

    op.create_table(
        "recall_batches",
        sa.Column("recall_id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_recall_batches_batch_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_batches_recall_id")),
        sa.PrimaryKeyConstraint("recall_id", "batch_id", name=op.f("pk_recall_batches")),
    )
    op.create_index(op.f("ix_recall_batches_batch_id"), "recall_batches", ["batch_id"], unique=False)

    op.create_table(
        "recall_drills",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_recall_drills_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_recall_drills_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_drills")),
    )
    op.create_index("ix_recall_drills_business", "recall_drills", ["business_id", "id"], unique=False)

    op.create_table(
        "recall_items",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("holder_id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.Column("on_the_way", sa.Boolean(), nullable=False),
        sa.Column("located", INTEGER, nullable=True),
        sa.Column("disposal", sa.String(32), nullable=True),
        sa.CheckConstraint("located >= 0 AND located <= amount", name=op.f("ck_recall_items_located_within_amount")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_recall_items_batch_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["recall_holders.id"], name=op.f("fk_recall_items_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_items")),
        sa.UniqueConstraint(
            "holder_id", "batch_id", "on_the_way", name=op.f("uq_recall_items_holder_id_batch_id_on_the_way")
        ),
    )
    op.create_index(op.f("ix_recall_items_batch_id"), "recall_items", ["batch_id"], unique=False)

    # in one word, as SQLite would copy the whole table to add the constraint by itself
    integer = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE batches ADD COLUMN recall_id {integer} CONSTRAINT fk_batches_recall_id REFERENCES recalls (id)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE batches DROP COLUMN recall_id")
    for table in (
        "webhook_deliveries",
        "webhooks",
        "recall_drills",
        "recall_items",
        "recall_holders",
        "recall_batches",
        "recalls",
    ):
        op.drop_table(table)
