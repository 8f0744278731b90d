"""Add work: who has what waits for the department, what was said about it, and whether it was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision: str | None = "0027"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "work_items",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("assignee_id", INTEGER, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_work_items_assignee_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_work_items_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_items")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_work_items_kind_subject_id")),
    )
    op.create_index("ix_work_items_assignee", "work_items", ["assignee_id", "kind", "subject_id"])
    op.create_table(
        "work_notes",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_work_notes_by")),
        sa.ForeignKeyConstraint(["item_id"], ["work_items.id"], name=op.f("fk_work_notes_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_notes")),
    )
    op.create_index(op.f("ix_work_notes_item_id"), "work_notes", ["item_id"])


def downgrade() -> None:
    op.drop_table("work_notes")
    op.drop_table("work_items")
