"""Add diary photo keys, and the withdrawal time of milk, eggs and honey."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EDGES = (0, 11, 22, 33, 44, 54, 64)


def upgrade() -> None:
    op.add_column("diary_entries", sa.Column("produce_interval_days", INTEGER, nullable=True))
    keys = op.create_table(
        "diary_photo_keys",
        sa.Column("key", INTEGER, autoincrement=False, nullable=False),
        sa.Column("entry_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["diary_entries.id"], name=op.f("fk_diary_photo_keys_entry_id")),
        sa.PrimaryKeyConstraint("key", "entry_id", name=op.f("pk_diary_photo_keys")),
    )
    photos = op.get_bind().execute(
        sa.text(
            "SELECT diary_entries.id, perceptual_hash FROM diary_entries JOIN stored_files ON stored_files.id = photo_id "
            "WHERE corrects_id IS NULL AND perceptual_hash IS NOT NULL"
        )
    )
    rows = [
        {
            "key": place << 11 | (photo & 2**64 - 1) >> EDGES[place] & 2 ** (EDGES[place + 1] - EDGES[place]) - 1,
            "entry_id": entry_id,
        }
        for entry_id, photo in photos
        for place in range(6)
    ]
    if rows:
        op.bulk_insert(keys, rows)


def downgrade() -> None:
    op.drop_table("diary_photo_keys")
    op.drop_column("diary_entries", "produce_interval_days")
