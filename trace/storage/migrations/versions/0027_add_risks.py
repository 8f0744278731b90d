"""Add risk scores: what each business's facts come to, how that went, and what facts weigh."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations import reference

revision = "0027"
down_revision: str | None = "0026"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    weights = op.create_table(
        "risk_weights",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_by", INTEGER, nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.Column("approved_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_risk_weights_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_weights")),
        sa.UniqueConstraint("number", name=op.f("uq_risk_weights_number")),
    )
    op.create_table(
        "business_risks",
        sa.Column("business_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("score", INTEGER, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("weights_number", INTEGER, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_business_risks_business_id")),
        sa.ForeignKeyConstraint(
            ["weights_number"], ["risk_weights.number"], name=op.f("fk_business_risks_weights_number")
        ),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_business_risks")),
    )
    op.create_index("ix_business_risks_score", "business_risks", ["score", "business_id"])
    op.create_table(
        "risk_scores",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("score", INTEGER, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("weights_number", INTEGER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_risk_scores_business_id")),
        sa.ForeignKeyConstraint(
            ["weights_number"], ["risk_weights.number"], name=op.f("fk_risk_scores_weights_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_scores")),
    )
    op.create_index("ix_risk_scores_business", "risk_scores", ["business_id", "id"])
    rows = list(reference.rows("risk_weights.csv"))
    op.bulk_insert(
        weights,
        [
            {
                "number": 1,
                "valid_from": date.fromisoformat(rows[0]["from"]),
                "weights": {
                    row["name"]: {
                        "per": int(row["per"]),
                        "points": int(row["points"]),
                        "most": int(row["most"]),
                        "source": row["source"],
                        "estimate": row["estimate"],
                    }
                    for row in rows
                },
                "source": "trace/data/risk_weights.csv",
                "reason": "",
                "published_by_name": "system",
                "approved_by_name": "",
                "published_at": datetime.now(UTC),
            }
        ],
    )


def downgrade() -> None:
    op.drop_table("risk_scores")
    op.drop_table("business_risks")
    op.drop_table("risk_weights")
