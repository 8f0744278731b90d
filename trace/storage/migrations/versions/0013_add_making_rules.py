"""Add what products declare of their making."""

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import forbid_changes

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "making_rules",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("product_id", INTEGER, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("grams_per_piece", INTEGER, nullable=True),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_making_rules_by")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_making_rules_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_making_rules")),
    )
    op.create_index("ix_making_rules_product", "making_rules", ["product_id", "valid_from", "id"])
    forbid_changes("making_rules")


def downgrade() -> None:
    op.drop_table("making_rules")
