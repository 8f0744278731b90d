"""Add printers saved by name."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision: str | None = "0023"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "printers",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("paper", sa.JSON(), nullable=False),
        sa.Column("saved_by", INTEGER, nullable=True),
        sa.Column("saved_by_name", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_printers_business_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["users.id"], name=op.f("fk_printers_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printers")),
        sa.UniqueConstraint("business_id", "name", name=op.f("uq_printers_business_id_name")),
    )


def downgrade() -> None:
    op.drop_table("printers")
