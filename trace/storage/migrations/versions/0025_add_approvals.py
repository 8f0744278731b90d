"""Add what waits for a second person's approval, and the hold of what a recall was ordered of."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision: str | None = "0024"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("suspension", "recall")
STATUSES = ("open", "approved", "refused", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="approvalkind", native_enum=False, length=32), nullable=False),
        sa.Column("subject_id", INTEGER, nullable=True),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.Enum(*STATUSES, name="approvalstatus", native_enum=False, length=32), nullable=False),
        sa.Column("proposed_by", INTEGER, nullable=True),
        sa.Column("proposed_by_name", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", INTEGER, nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_approvals_business_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_approvals_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_approvals_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index("ix_approvals_status", "approvals", ["status", "id"])
    op.create_index("ix_approvals_subject", "approvals", ["kind", "subject_id"])
    op.create_index("ix_approvals_business", "approvals", ["business_id", "id"])
    integer = "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"
    # by hand: Alembic would add the key by itself, which SQLite cannot
    op.execute(
        f"ALTER TABLE batches ADD COLUMN hold_id {integer} CONSTRAINT fk_batches_hold_id REFERENCES recalls (id)"
    )
    op.create_index(op.f("ix_batches_hold_id"), "batches", ["hold_id"])


def downgrade() -> None:
    op.execute("UPDATE recalls SET status = 'proposed' WHERE status = 'ordered'")
    op.drop_index(op.f("ix_batches_hold_id"), "batches")
    op.execute("ALTER TABLE batches DROP COLUMN hold_id")
    op.drop_table("approvals")
