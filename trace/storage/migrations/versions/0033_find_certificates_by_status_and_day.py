"""Count the certificates that lapse in a month without reading them."""

from alembic import op

revision = "0033"
down_revision: str | None = "0032"
branch_labels = None
depends_on = None

NAME = "ix_certificates_valid_until"


def upgrade() -> None:
    op.drop_index(NAME, "certificates")
    op.create_index(NAME, "certificates", ["status", "valid_until", "id"])


def downgrade() -> None:
    op.drop_index(NAME, "certificates")
    op.create_index(NAME, "certificates", ["valid_until", "id"])
