"""Add diary."""

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import forbid_changes

revision = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "seasons",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("product_id", INTEGER, nullable=False),
        sa.Column("plot", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_seasons_business_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_seasons_product_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_seasons_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seasons")),
    )
    op.create_index(op.f("ix_seasons_business_id"), "seasons", ["business_id"], unique=False)

    op.create_table(
        "batch_seasons",
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("season_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_seasons_batch_id")),
        sa.ForeignKeyConstraint(["season_id"], ["seasons.id"], name=op.f("fk_batch_seasons_season_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_batch_seasons")),
    )
    op.create_index(op.f("ix_batch_seasons_season_id"), "batch_seasons", ["season_id"], unique=False)

    op.create_table(
        "diary_entries",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("season_id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("material", sa.Text(), nullable=False),
        sa.Column("active_ingredient", sa.Text(), nullable=False),
        sa.Column("dose", sa.Text(), nullable=False),
        sa.Column("interval_days", INTEGER, nullable=True),
        sa.Column("area_m2", INTEGER, nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("amount", INTEGER, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("photo_id", INTEGER, nullable=True),
        sa.Column("corrects_id", INTEGER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=True),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", INTEGER, nullable=True),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_diary_entries_business_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["diary_entries.id"], name=op.f("fk_diary_entries_corrects_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["stored_files.id"], name=op.f("fk_diary_entries_photo_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_diary_entries_recorded_by")),
        sa.ForeignKeyConstraint(["season_id"], ["seasons.id"], name=op.f("fk_diary_entries_season_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_entries")),
        sa.UniqueConstraint("business_id", "client_key", name=op.f("uq_diary_entries_business_id_client_key")),
    )
    op.create_index(op.f("ix_diary_entries_corrects_id"), "diary_entries", ["corrects_id"], unique=False)
    op.create_index("ix_diary_entries_season", "diary_entries", ["season_id", "id"], unique=False)

    op.create_table(
        "diary_flags",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("season_id", INTEGER, nullable=False),
        sa.Column("entry_id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("harvested_on", sa.Date(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence_id", INTEGER, nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_diary_flags_business_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["diary_entries.id"], name=op.f("fk_diary_flags_entry_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["stored_files.id"], name=op.f("fk_diary_flags_evidence_id")),
        sa.ForeignKeyConstraint(["season_id"], ["seasons.id"], name=op.f("fk_diary_flags_season_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_flags")),
        sa.UniqueConstraint("season_id", "kind", "sign", name=op.f("uq_diary_flags_season_id_kind_sign")),
    )
    op.create_index(op.f("ix_diary_flags_business_id"), "diary_flags", ["business_id"], unique=False)
    op.create_index("ix_diary_flags_open", "diary_flags", ["cleared_at", "id"], unique=False)
    forbid_changes("diary_entries")


def downgrade() -> None:
    for table in ("diary_flags", "diary_entries", "batch_seasons", "seasons"):
        op.drop_table(table)
