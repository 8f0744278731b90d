"""Add how far batches have come, where the official list stands, and its daily snapshots."""

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import forbid_changes

revision = "0019"
down_revision: str | None = "0018"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SNAPSHOTS = ("coverage_snapshots", "coverage_snapshot_cells", "coverage_snapshot_amounts")


def upgrade() -> None:
    op.create_table(
        "coverage_cells",
        sa.Column("list_id", INTEGER, nullable=False),
        sa.Column("dimension", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("progress", sa.String(32), nullable=False),
        sa.Column("entries", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["register_lists.id"], name=op.f("fk_coverage_cells_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "dimension", "value", "progress", name=op.f("pk_coverage_cells")),
    )
    op.create_table(
        "coverage_snapshots",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("list_id", INTEGER, nullable=False),
        sa.Column("definition_version", INTEGER, nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["register_lists.id"], name=op.f("fk_coverage_snapshots_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_snapshots")),
        sa.UniqueConstraint("day", name=op.f("uq_coverage_snapshots_day")),
    )
    op.create_table(
        "coverage_snapshot_amounts",
        sa.Column("snapshot_id", INTEGER, nullable=False),
        sa.Column("dimension", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reach", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("grams", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["coverage_snapshots.id"], name=op.f("fk_coverage_snapshot_amounts_snapshot_id")
        ),
        sa.PrimaryKeyConstraint(
            "snapshot_id", "dimension", "value", "reach", name=op.f("pk_coverage_snapshot_amounts")
        ),
    )
    op.create_table(
        "coverage_snapshot_cells",
        sa.Column("snapshot_id", INTEGER, nullable=False),
        sa.Column("dimension", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("progress", sa.String(32), nullable=False),
        sa.Column("entries", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["coverage_snapshots.id"], name=op.f("fk_coverage_snapshot_cells_snapshot_id")
        ),
        sa.PrimaryKeyConstraint(
            "snapshot_id", "dimension", "value", "progress", name=op.f("pk_coverage_snapshot_cells")
        ),
    )
    op.create_table(
        "coverage_standings",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("list_id", INTEGER, nullable=False),
        sa.Column("entry_id", INTEGER, nullable=False),
        sa.Column("commodity", sa.Text(), nullable=False),
        sa.Column("progress", sa.String(32), nullable=False),
        sa.Column("commune", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entries.id"], name=op.f("fk_coverage_standings_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["register_lists.id"], name=op.f("fk_coverage_standings_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_standings")),
    )
    op.create_index("ix_coverage_standings_entry", "coverage_standings", ["entry_id", "commodity", "id"], unique=False)
    op.create_index("ix_coverage_standings_lapses", "coverage_standings", ["lapses_on", "id"], unique=False)
    op.create_index(
        "ix_coverage_standings_progress",
        "coverage_standings",
        ["list_id", "commodity", "progress", "entry_id"],
        unique=False,
    )

    op.create_table(
        "awaited_reaches",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_awaited_reaches_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awaited_reaches")),
    )
    for column in (
        sa.Column("reach", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("unbroken", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("batches", column)
    op.create_index("ix_batches_reach", "batches", ["product_id", "reach", "published_at"])
    op.add_column("businesses", sa.Column("last_event_on", sa.Date(), nullable=True))
    _catch_up()
    for table in SNAPSHOTS:
        forbid_changes(table)


def _catch_up() -> None:
    """What was recorded before; ``services.settling`` does the rest, parents before what was made of them."""
    sqlite = op.get_context().dialect.name == "sqlite"
    latest = sa.text(
        "UPDATE businesses SET last_event_on = (SELECT date(max(record_time), '+7 hours') FROM events "
        "WHERE events.business_id = businesses.id AND NOT declares_error)"
        if sqlite
        else "UPDATE businesses SET last_event_on = (SELECT (max(record_time) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date "
        "FROM events WHERE events.business_id = businesses.id AND NOT declares_error)"
    )
    op.execute(latest)
    op.execute("INSERT INTO awaited_reaches (batch_id) SELECT id FROM batches WHERE status = 'published' ORDER BY id")


def downgrade() -> None:
    op.execute("ALTER TABLE businesses DROP COLUMN last_event_on")
    op.drop_index("ix_batches_reach", "batches")
    op.execute("ALTER TABLE batches DROP COLUMN unbroken")
    op.execute("ALTER TABLE batches DROP COLUMN reach")
    op.drop_table("awaited_reaches")
    op.drop_table("coverage_standings")
    for table in reversed(SNAPSHOTS):
        op.drop_table(table)
    op.drop_table("coverage_cells")
