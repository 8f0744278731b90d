"""Add inspections: visits, their signed minutes, findings, samples, steps seen on site, and grades of businesses."""

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import forbid_changes

revision = "0023"
down_revision: str | None = "0022"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inspections",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("site_ids", sa.JSON(), nullable=False),
        sa.Column("lead_id", INTEGER, nullable=True),
        sa.Column("lead_name", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("follows_id", INTEGER, nullable=True),
        sa.Column("changed_because", sa.Text(), nullable=False),
        sa.Column("planned_by_name", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("grade", sa.String(32), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_inspections_business_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["inspections.id"], name=op.f("fk_inspections_follows_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["users.id"], name=op.f("fk_inspections_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
    )
    op.create_index("ix_inspections_business", "inspections", ["business_id", "id"])
    op.create_index("ix_inspections_held", "inspections", ["held_on", "id"])
    op.create_index("ix_inspections_lead", "inspections", ["lead_id", "planned_on", "id"])
    op.create_index("ix_inspections_planned", "inspections", ["planned_on", "id"])
    op.create_table(
        "business_grades",
        sa.Column("business_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("inspection_id", INTEGER, nullable=False),
        sa.Column("grade", sa.String(32), nullable=False),
        sa.Column("graded_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_business_grades_business_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_business_grades_inspection_id")),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_business_grades")),
    )
    op.create_index("ix_business_grades_due", "business_grades", ["due_on", "business_id"])
    op.create_table(
        "inspection_findings",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("inspection_id", INTEGER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("photo_id", INTEGER, nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("proof_id", INTEGER, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_name", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("concluded_by_name", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_inspection_findings_business_id")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_findings_inspection_id")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["stored_files.id"], name=op.f("fk_inspection_findings_photo_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["stored_files.id"], name=op.f("fk_inspection_findings_proof_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_findings")),
    )
    op.create_index("ix_inspection_findings_business", "inspection_findings", ["business_id", "id"])
    op.create_index("ix_inspection_findings_deadline", "inspection_findings", ["deadline", "id"])
    op.create_index("ix_inspection_findings_inspection", "inspection_findings", ["inspection_id", "code"], unique=True)
    op.create_index("ix_inspection_findings_status", "inspection_findings", ["status", "deadline", "id"])
    op.create_table(
        "inspection_minutes",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("inspection_id", INTEGER, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("corrects_id", INTEGER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("document_id", INTEGER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=True),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", INTEGER, nullable=True),
        sa.Column("signed_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_inspection_minutes_business_id")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["inspection_minutes.id"], name=op.f("fk_inspection_minutes_corrects_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["stored_files.id"], name=op.f("fk_inspection_minutes_document_id")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_minutes_inspection_id")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["users.id"], name=op.f("fk_inspection_minutes_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_minutes")),
        sa.UniqueConstraint("client_key", name=op.f("uq_inspection_minutes_client_key")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_inspection_minutes_corrects_id")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_minutes_number")),
    )
    op.create_index("ix_inspection_minutes_inspection", "inspection_minutes", ["inspection_id", "id"])
    op.create_table(
        "inspected_events",
        sa.Column("event_id", INTEGER, nullable=False),
        sa.Column("minutes_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_inspected_events_event_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["inspection_minutes.id"], name=op.f("fk_inspected_events_minutes_id")),
        sa.PrimaryKeyConstraint("event_id", "minutes_id", name=op.f("pk_inspected_events")),
    )
    op.create_index(op.f("ix_inspected_events_minutes_id"), "inspected_events", ["minutes_id"])
    op.create_table(
        "inspection_samples",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("inspection_id", INTEGER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("batch_id", INTEGER, nullable=True),
        sa.Column("test_id", INTEGER, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_inspection_samples_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_inspection_samples_business_id")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_inspection_samples_inspection_id")
        ),
        sa.ForeignKeyConstraint(["test_id"], ["laboratory_tests.id"], name=op.f("fk_inspection_samples_test_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_samples")),
    )
    op.create_index("ix_inspection_samples_inspection", "inspection_samples", ["inspection_id", "code"], unique=True)
    for table in ("inspection_minutes", "inspected_events"):
        forbid_changes(table)


def downgrade() -> None:
    op.drop_table("inspection_samples")
    op.drop_table("inspected_events")
    op.drop_table("inspection_minutes")
    op.drop_table("inspection_findings")
    op.drop_table("business_grades")
    op.drop_table("inspections")
