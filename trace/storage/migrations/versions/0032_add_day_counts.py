"""Count batches by day, so that a plan's indicators cost the same however many they are."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision: str | None = "0031"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTED = "({row}.status = 'published' AND {row}.published_at IS NOT NULL)"
DAY = {
    "sqlite": "date({row}.published_at, '+7 hours')",
    "postgresql": "CAST({row}.published_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE)",
}
PACKAGING = "COALESCE((SELECT packaging_material FROM products WHERE id = {row}.product_id), '')"
CHANGED = " OR ".join(
    f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in ("status", "published_at", "complete", "product_id")
)
REPACKED = "OLD.packaging_material IS DISTINCT FROM NEW.packaging_material"
INTO = "INSERT INTO published_changes (day, packaging, complete, batches)"


def upgrade() -> None:
    for table in ("published_days", "published_changes"):
        is_log = table == "published_changes"
        op.create_table(
            table,
            *([sa.Column("id", INTEGER, nullable=False)] if is_log else []),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("packaging", sa.Text(), nullable=False),
            sa.Column("complete", sa.Boolean(), nullable=False),
            sa.Column("batches", INTEGER, nullable=False),
            sa.PrimaryKeyConstraint(
                *(["id"] if is_log else ["day", "packaging", "complete"]), name=op.f(f"pk_{table}")
            ),
        )
    dialect = op.get_context().dialect.name
    op.execute(
        "INSERT INTO published_days (day, packaging, complete, batches) "  # noqa: S608 - constants
        f"SELECT {DAY[dialect].format(row='batches')}, COALESCE(packaging_material, ''), complete, COUNT(*) FROM batches "
        f"JOIN products ON products.id = batches.product_id WHERE {COUNTED.format(row='batches')} GROUP BY 1, 2, 3"
    )
    for name, (when, table, condition, body) in _triggers(dialect).items():
        head = f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW"
        if dialect == "sqlite":
            told = condition.replace("IS DISTINCT FROM", "IS NOT")
            op.execute(f"{head} WHEN {told} BEGIN {body} END")
        else:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
            )
            op.execute(f"{head} WHEN ({condition}) EXECUTE FUNCTION {name}()")


def _triggers(dialect: str) -> dict[str, tuple[str, str, str, str]]:
    """Name → when, on which table, under which condition, and what is written."""

    def change(row: str, batches: int) -> str:
        where = COUNTED.format(row=row)
        values = f"{DAY[dialect].format(row=row)}, {PACKAGING.format(row=row)}, {row}.complete, {batches}"
        return f"{INTO} SELECT {values} WHERE {where};"

    def repack(row: str, sign: str) -> str:
        return (
            f"{INTO} SELECT {DAY[dialect].format(row='batches')}, COALESCE({row}.packaging_material, ''), complete, "  # noqa: S608
            f"{sign}COUNT(*) FROM batches WHERE product_id = NEW.id AND {COUNTED.format(row='batches')} GROUP BY 1, 3;"
        )

    return {
        "batches_counted": ("INSERT", "batches", COUNTED.format(row="NEW"), change("NEW", 1)),
        "batches_counted_again": (
            "UPDATE OF status, published_at, complete, product_id",
            "batches",
            CHANGED,
            change("OLD", -1) + change("NEW", 1),
        ),
        "batches_repacked": (
            "UPDATE OF packaging_material",
            "products",
            REPACKED,
            repack("OLD", "-") + repack("NEW", ""),
        ),
    }


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    for name, (_, table, _, _) in _triggers(dialect).items():
        op.execute(f"DROP TRIGGER {name}" if dialect == "sqlite" else f"DROP TRIGGER {name} ON {table}")
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("published_changes", "published_days"):
        op.drop_table(table)
