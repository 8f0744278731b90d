"""Add the directory of businesses, and the connections that they ask each other for."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision: str | None = "0019"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "directory_listings",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("listed", "shows_products", "shows_certificates", "shows_street", "shares_phone")
        ),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("offers", "seeks", "contact_name", "email")),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_directory_listings_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_listings")),
        sa.UniqueConstraint("business_id", name=op.f("uq_directory_listings_business_id")),
    )
    op.create_index("ix_directory_listings_listed", "directory_listings", ["listed", "id"])
    op.create_table(
        "connections",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("asker_id", INTEGER, nullable=False),
        sa.Column("asked_id", INTEGER, nullable=False),
        sa.Column("pair", sa.Text(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["businesses.id"], name=op.f("fk_connections_asker_id")),
        sa.ForeignKeyConstraint(["asked_id"], ["businesses.id"], name=op.f("fk_connections_asked_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connections")),
        sa.UniqueConstraint("pair", name=op.f("uq_connections_pair")),
    )
    op.create_index("ix_connections_asker", "connections", ["asker_id", "id"])
    op.create_index("ix_connections_asked", "connections", ["asked_id", "id"])
    op.create_index("ix_connections_status", "connections", ["status", "id"])
    op.create_table(
        "connection_blocks",
        sa.Column("business_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("blocked_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_connection_blocks_business_id")),
        sa.ForeignKeyConstraint(["blocked_id"], ["businesses.id"], name=op.f("fk_connection_blocks_blocked_id")),
        sa.PrimaryKeyConstraint("business_id", "blocked_id", name=op.f("pk_connection_blocks")),
    )
    op.create_index("ix_products_commodity", "products", ["commodity", "active", "business_id"])
    op.create_index("ix_products_packaging", "products", ["packaging_material", "active", "business_id"])
    op.create_index("ix_certificates_scheme", "certificates", ["scheme", "status", "business_id"])


def downgrade() -> None:
    op.drop_index("ix_certificates_scheme", "certificates")
    op.drop_index("ix_products_packaging", "products")
    op.drop_index("ix_products_commodity", "products")
    op.drop_table("connection_blocks")
    op.drop_table("connections")
    op.drop_table("directory_listings")
