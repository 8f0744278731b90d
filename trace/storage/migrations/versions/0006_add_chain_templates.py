"""Add chain templates: which stages a batch of each commodity is expected to show, from when on and by which source."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations import reference

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    templates = op.create_table(
        "chain_templates",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("commodity", sa.String(32), nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_by", INTEGER, nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("businesses", INTEGER, nullable=False),
        sa.Column("recounted", INTEGER, nullable=False),
        sa.Column("recounted_to", INTEGER, nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_chain_templates_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_templates")),
        sa.UniqueConstraint("commodity", "number", name=op.f("uq_chain_templates_commodity_number")),
    )
    op.create_index("ix_chain_templates_in_force", "chain_templates", ["commodity", "valid_from", "number"])
    op.bulk_insert(
        templates,
        [
            {
                "commodity": row["commodity"],
                "number": int(row["number"]),
                "valid_from": date.fromisoformat(row["from"]),
                "stages": [
                    {"step": name.removesuffix("?"), "optional": name.endswith("?")} for name in row["stages"].split()
                ],
                "source": row["source"],
                "reason": "",
                "published_by_name": "system",
                "published_at": datetime.now(UTC),
                "businesses": 0,
                "recounted": 0,
            }
            for row in reference.rows("chain_templates.csv")
        ],
    )


def downgrade() -> None:
    op.drop_table("chain_templates")
