"""Mark in the audit trail what officers only looked at, and find it fast."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision: str | None = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entries", sa.Column("is_look", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index(op.f("ix_audit_entries_user_id"), "audit_entries")
    op.create_index("ix_audit_entries_user", "audit_entries", ["user_id", "at"])
    op.create_index(
        "ix_audit_entries_looks",
        "audit_entries",
        ["business_id", "id"],
        sqlite_where=sa.text("is_look = 1"),
        postgresql_where=sa.text("is_look"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entries_looks", "audit_entries")
    op.drop_index("ix_audit_entries_user", "audit_entries")
    op.create_index(op.f("ix_audit_entries_user_id"), "audit_entries", ["user_id"])
    op.drop_column("audit_entries", "is_look")
