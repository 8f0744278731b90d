"""Keep the versions of what counts as traceable, and by which of them each official list was counted."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations import reference

revision = "0029"
down_revision: str | None = "0028"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    definitions = op.create_table(
        "coverage_definitions",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rule", INTEGER, nullable=False),
        sa.Column("period_months", INTEGER, nullable=False),
        sa.Column("active_days", INTEGER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_by", INTEGER, nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.Column("approved_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_coverage_definitions_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_definitions")),
        sa.UniqueConstraint("version", name=op.f("uq_coverage_definitions_version")),
    )
    op.bulk_insert(
        definitions,
        [
            {
                "version": int(row["number"]),
                "since": date.fromisoformat(row["from"]),
                "rule": int(row["rule"]),
                "period_months": int(row["period_months"]),
                "active_days": int(row["active_days"]),
                "source": row["source"],
                "reason": "",
                "published_by_name": "system",
                "approved_by_name": "",
                "published_at": datetime.now(UTC),
            }
            for row in reference.rows("coverage_definitions.csv", "1", "2")
        ],
    )
    op.add_column("register_lists", sa.Column("definition_version", INTEGER, nullable=True))


def downgrade() -> None:
    op.drop_column("register_lists", "definition_version")
    op.drop_table("coverage_definitions")
