"""Add flagged batches: what an early harvest keeps back, and since when a published batch is under review."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("batches", sa.Column("under_review_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "flagged_batches",
        sa.Column("flag_id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_flagged_batches_batch_id")),
        sa.ForeignKeyConstraint(["flag_id"], ["diary_flags.id"], name=op.f("fk_flagged_batches_flag_id")),
        sa.PrimaryKeyConstraint("flag_id", "batch_id", name=op.f("pk_flagged_batches")),
    )
    op.create_index(op.f("ix_flagged_batches_batch_id"), "flagged_batches", ["batch_id"], unique=False)
    op.execute(
        "INSERT INTO flagged_batches (flag_id, batch_id) "
        "SELECT diary_flags.id, batches.id FROM diary_flags "
        "JOIN seasons ON seasons.id = diary_flags.season_id "
        "JOIN batches ON batches.business_id = diary_flags.business_id AND batches.product_id = seasons.product_id "
        "AND batches.production_date = diary_flags.harvested_on "
        "WHERE diary_flags.cleared_at IS NULL"
    )
    op.execute(
        "UPDATE batches SET under_review_since = "
        "(SELECT MIN(raised_at) FROM diary_flags JOIN flagged_batches ON flag_id = diary_flags.id WHERE batch_id = batches.id) "
        "WHERE public_code IS NOT NULL AND id IN (SELECT batch_id FROM flagged_batches)"
    )


def downgrade() -> None:
    op.drop_table("flagged_batches")
    op.drop_column("batches", "under_review_since")
