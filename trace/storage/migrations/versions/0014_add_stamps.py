"""Add stamps: issues with serials, what became of ranges of them, and their scans. One registry of public codes."""

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import forbid_changes

revision = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("activated", "voided", "bound")
VERDICTS = (
    "unscanned",
    "first_scan",
    "seen_before",
    "seen_too_often",
    "not_activated",
    "not_bound",
    "voided",
    "never_issued",
    "mistyped",
    "unchecked",
)
CODED = {
    "batches_code_made": ("INSERT", "batches", "NEW.public_code IS NOT NULL"),
    "batches_code_set": (
        "UPDATE OF public_code",
        "batches",
        "NEW.public_code IS NOT NULL AND OLD.public_code IS DISTINCT FROM NEW.public_code",
    ),
    "label_issues_code_made": ("INSERT", "label_issues", "NEW.batch_id IS NULL AND NEW.public_code IS NOT NULL"),
}
"""Trigger → when, on which table, under which condition the code is new."""


def upgrade() -> None:
    op.create_table(
        "public_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_public_codes")),
    )
    op.execute("INSERT INTO public_codes (code) SELECT public_code FROM batches WHERE public_code IS NOT NULL")
    op.create_table(
        "stamp_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_keys")),
    )
    with op.batch_alter_table("label_issues") as issues:
        issues.alter_column("batch_id", existing_type=INTEGER, nullable=True)
        issues.add_column(sa.Column("public_code", sa.Text(), nullable=True))
        issues.add_column(sa.Column("ordinal", INTEGER, nullable=True))
        issues.add_column(sa.Column("key_id", sa.Text(), nullable=True))
        issues.create_foreign_key(op.f("fk_label_issues_key_id"), "stamp_keys", ["key_id"], ["id"])
        issues.create_unique_constraint(op.f("uq_label_issues_public_code_ordinal"), ["public_code", "ordinal"])
    op.add_column("products", sa.Column("stamp_occasions", INTEGER, nullable=True))
    _register_codes()
    _create_stamps()


def _create_stamps() -> None:
    op.create_table(
        "stamp_ranges",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("issue_id", INTEGER, nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="rangekind", native_enum=False, length=32), nullable=False),
        sa.Column("first", INTEGER, nullable=False),
        sa.Column("last", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first >= 0 AND first <= last", name=op.f("ck_stamp_ranges_in_order")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_stamp_ranges_batch_id")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_stamp_ranges_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["label_issues.id"], name=op.f("fk_stamp_ranges_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_ranges")),
    )
    op.create_index("ix_stamp_ranges_issue", "stamp_ranges", ["issue_id", "kind", "first"])
    op.create_index(op.f("ix_stamp_ranges_batch_id"), "stamp_ranges", ["batch_id"])
    forbid_changes("stamp_ranges")
    op.create_table(
        "stamp_scans",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("issue_id", INTEGER, nullable=False),
        sa.Column("stamp", INTEGER, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["label_issues.id"], name=op.f("fk_stamp_scans_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_scans")),
        sa.UniqueConstraint("issue_id", "stamp", "device", name=op.f("uq_stamp_scans_issue_id_stamp_device")),
    )
    op.create_table(
        "stamp_signals",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=True),
        sa.Column("public_code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Enum(*VERDICTS, name="stampverdict", native_enum=False, length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", INTEGER, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_stamp_signals_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_stamp_signals_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_signals")),
        sa.UniqueConstraint("public_code", "day", "verdict", name=op.f("uq_stamp_signals_public_code_day_verdict")),
    )
    op.create_index("ix_stamp_signals_business", "stamp_signals", ["business_id", "id"])


def _register_codes() -> None:
    """Whoever writes a code, by whatever way, registers it: two tables, one set of codes."""
    sqlite = op.get_context().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION register_public_code() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO public_codes (code) VALUES (NEW.public_code); RETURN NULL; END $$"
        )
    for name, (when, table, condition) in CODED.items():
        head = f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW"
        if sqlite:
            told = condition.replace("IS DISTINCT FROM", "IS NOT")
            body = "BEGIN INSERT INTO public_codes (code) VALUES (NEW.public_code); END"
            op.execute(f"{head} WHEN {told} {body}")
        else:
            op.execute(f"{head} WHEN ({condition}) EXECUTE FUNCTION register_public_code()")


def downgrade() -> None:
    postgres = op.get_context().dialect.name == "postgresql"
    for table in ("stamp_signals", "stamp_scans", "stamp_ranges"):
        op.drop_table(table)
    for name, (_, table, _) in CODED.items():
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}")
    if postgres:
        op.execute("DROP FUNCTION register_public_code()")
    op.drop_column("products", "stamp_occasions")
    op.execute("DELETE FROM label_issues WHERE batch_id IS NULL")
    with op.batch_alter_table("label_issues") as issues:
        issues.drop_constraint(op.f("uq_label_issues_public_code_ordinal"), type_="unique")
        issues.drop_constraint(op.f("fk_label_issues_key_id"), type_="foreignkey")
        for column in ("key_id", "ordinal", "public_code"):
            issues.drop_column(column)
        issues.alter_column("batch_id", existing_type=INTEGER, nullable=False)
    op.drop_table("stamp_keys")
    op.drop_table("public_codes")
