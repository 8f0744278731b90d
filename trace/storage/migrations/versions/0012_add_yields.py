"""Add yields: what a crop gives of a square metre, by which source; and what was more than that, with the reason given."""

from datetime import UTC, date, datetime
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations import reference

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    yields = op.create_table(
        "crop_yields",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("commodity", sa.String(32), nullable=False),
        sa.Column("crop", sa.Text(), nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("low", INTEGER, nullable=False),
        sa.Column("high", INTEGER, nullable=False),
        sa.Column("cycles", INTEGER, nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_by", INTEGER, nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_crop_yields_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crop_yields")),
        sa.UniqueConstraint("commodity", "crop", "number", name=op.f("uq_crop_yields_commodity_crop_number")),
    )
    op.create_table(
        "excesses",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("batch_id", INTEGER, nullable=True),
        sa.Column("entry_id", INTEGER, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_name", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_excesses_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_excesses_business_id")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_excesses_by")),
        sa.ForeignKeyConstraint(["entry_id"], ["diary_entries.id"], name=op.f("fk_excesses_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excesses")),
    )
    op.create_index(op.f("ix_excesses_batch_id"), "excesses", ["batch_id"], unique=False)
    op.create_index("ix_excesses_business", "excesses", ["business_id", "id"], unique=False)
    op.create_index(op.f("ix_excesses_entry_id"), "excesses", ["entry_id"], unique=False)
    op.create_index("ix_excesses_seen", "excesses", ["seen_at", "id"], unique=False)
    op.bulk_insert(
        yields,
        [
            {
                "commodity": row["commodity"],
                "crop": row["crop"],
                "number": int(row["number"]),
                "valid_from": date.fromisoformat(row["from"]),
                "low": int(Decimal(row["low"]) * 1000),
                "high": int(Decimal(row["high"]) * 1000),
                "cycles": int(row["cycles"]),
                "region": row["region"],
                "source": row["source"],
                "estimate": row["estimate"],
                "reason": "",
                "published_by_name": "system",
                "published_at": datetime.now(UTC),
            }
            for row in reference.rows("crop_yields.csv")
        ],
    )


def downgrade() -> None:
    op.drop_table("excesses")
    op.drop_table("crop_yields")
