"""Add holdings: the maker of every batch that was published before holds all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "holdings",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_holdings_not_negative")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_holdings_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_holdings_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
        sa.UniqueConstraint("batch_id", "business_id", name=op.f("uq_holdings_batch_id_business_id")),
    )
    op.create_index("ix_holdings_business", "holdings", ["business_id", "id"])

    op.create_table(
        "links",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("parent_id", INTEGER, nullable=False),
        sa.Column("child_id", INTEGER, nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.Column("event_id", INTEGER, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_links_positive")),
        sa.CheckConstraint("parent_id < child_id", name=op.f("ck_links_child_is_newer")),
        sa.ForeignKeyConstraint(["child_id"], ["batches.id"], name=op.f("fk_links_child_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_links_event_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["batches.id"], name=op.f("fk_links_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("child_id", "parent_id", name=op.f("uq_links_child_id_parent_id")),
    )
    op.create_index("ix_links_parent", "links", ["parent_id", "child_id"])

    op.create_table(
        "movements",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.Column("event_id", INTEGER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_movements_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_movements_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_movements_business_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_movements_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
    )
    op.create_index("ix_movements_batch", "movements", ["batch_id", "business_id"])
    op.execute(
        "INSERT INTO holdings (batch_id, business_id, amount) "
        "SELECT id, business_id, amount FROM batches WHERE status IN ('published', 'withdrawn')"
    )


def downgrade() -> None:
    for table in ("movements", "links", "holdings"):
        op.drop_table(table)
