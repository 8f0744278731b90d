"""Give officers an office: all there are serve the city."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"
branch_labels = None
depends_on = None

ROLES = ("city", "commune", "auditor", "data")
KEYS = sa.table("api_keys", sa.column("id"), sa.column("business_id"), sa.column("scopes", sa.JSON()))
READING = {
    "authority:complaints:handle": "authority:complaints:read",
    "authority:recalls:order": "authority:recalls:oversee",
    "authority:handovers:oversee": "authority:terms:manage",
    "authority:certificates:verify": "authority:register:read",
    "authority:diary:clear": "business:diary:read",
    "authority:laboratory:decide": "business:batches:read",
    "authority:excesses:review": "business:batches:read",
    "business:batches:read": "authority:batches:oversee",
}
"""What officers' keys could read with a scope that now only changes."""
NEW = {f"authority:{each}" for each in ("complaints:read", "recalls:oversee", "terms:manage", "batches:oversee")}
OF_OFFICERS = "SELECT user_id FROM roles_of_users JOIN roles ON roles.id = role_id WHERE name = 'officer'"


def upgrade() -> None:
    kind = sa.Enum(*ROLES, name="officerole", native_enum=False, length=32)
    op.add_column("users", sa.Column("office", kind, nullable=True))
    op.add_column("users", sa.Column("office_commune_code", sa.Text(), nullable=True))
    op.execute(f"UPDATE users SET office = 'city' WHERE id IN ({OF_OFFICERS})")  # noqa: S608
    op.execute("DELETE FROM roles_of_users WHERE role_id IN (SELECT id FROM roles WHERE name = 'officer')")
    op.execute("DELETE FROM roles WHERE name = 'officer'")
    _rescope(lambda scopes: scopes | {new for old, new in READING.items() if old in scopes})


def downgrade() -> None:
    op.execute("INSERT INTO roles (name) VALUES ('officer')")
    op.execute(
        "INSERT INTO roles_of_users (user_id, role_id)"
        " SELECT users.id, roles.id FROM users, roles WHERE office = 'city' AND roles.name = 'officer'"
    )
    _rescope(lambda scopes: scopes - NEW)
    op.drop_column("users", "office_commune_code")
    op.drop_column("users", "office")


def _rescope(change: Callable[[set[str]], set[str]]) -> None:
    connection = op.get_bind()
    of_officers = sa.select(KEYS.c.id, KEYS.c.scopes).where(KEYS.c.business_id.is_(None))
    for key_id, scopes in connection.execute(of_officers).all():
        connection.execute(KEYS.update().where(KEYS.c.id == key_id).values(scopes=sorted(change(set(scopes)))))
