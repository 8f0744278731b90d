"""Index lots: an officer looks for a batch by the lot that is printed on a box, whoever made it."""

from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_batches_lot", "batches", ["lot", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_batches_lot", table_name="batches")
