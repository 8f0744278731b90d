"""Add the files of issues of stamps."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("waiting", "working", "ready", "failed")


def upgrade() -> None:
    op.create_table(
        "label_files",
        sa.Column("issue_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="filestate", native_enum=False, length=32), nullable=False),
        sa.Column("done", INTEGER, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["label_issues.id"], name=op.f("fk_label_files_issue_id")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_label_files")),
    )


def downgrade() -> None:
    op.drop_table("label_files")
