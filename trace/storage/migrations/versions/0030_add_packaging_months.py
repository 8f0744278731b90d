"""Keep how many batches of each month are packed in what."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision: str | None = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "packaging_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("batches", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("month", "commune_code", "material", name=op.f("pk_packaging_months")),
    )


def downgrade() -> None:
    op.drop_table("packaging_months")
