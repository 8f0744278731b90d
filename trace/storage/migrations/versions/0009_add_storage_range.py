"""Add the temperatures that a product is to be kept at."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("products") as products:
        products.add_column(sa.Column("storage_low", INTEGER, nullable=True))
        products.add_column(sa.Column("storage_high", INTEGER, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("products") as products:
        products.drop_column("storage_high")
        products.drop_column("storage_low")
