"""Add green business points: what was applied for and shown, and the commodities that each sells."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision: str | None = "0020"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "green_points",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("shown_address", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("lapse_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_green_points_business_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_green_points_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_points")),
    )
    op.create_index("ix_green_points_business", "green_points", ["business_id", "id"])
    op.create_index("ix_green_points_site_id", "green_points", ["site_id"])
    op.create_index("ix_green_points_status", "green_points", ["status", "id"])
    op.create_index("ix_green_points_valid_until", "green_points", ["status", "valid_until", "id"])
    op.create_table(
        "green_point_goods",
        sa.Column("point_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("commodity", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["green_points.id"], name=op.f("fk_green_point_goods_point_id")),
        sa.PrimaryKeyConstraint("point_id", "commodity", name=op.f("pk_green_point_goods")),
    )
    op.create_index("ix_green_point_goods_commodity", "green_point_goods", ["commodity", "point_id"])
    op.create_table(
        "green_point_evidence",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("point_id", INTEGER, nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("file_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["green_points.id"], name=op.f("fk_green_point_evidence_point_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_green_point_evidence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_point_evidence")),
    )
    op.create_index("ix_green_point_evidence_point_id", "green_point_evidence", ["point_id"])


def downgrade() -> None:
    op.drop_table("green_point_evidence")
    op.drop_table("green_point_goods")
    op.drop_table("green_points")
