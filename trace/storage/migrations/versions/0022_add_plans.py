"""Add plans with their indicators and figures, the register of activities, and reports; with the plans that are known."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations import reference
from trace.storage.migrations.append_only import forbid_changes

revision = "0022"
down_revision: str | None = "0021"
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WRITTEN_ONCE = ("activity_versions", "outside_figures", "plan_indicators", "report_snapshots")


def upgrade() -> None:
    plans = op.create_table(
        "plans",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("copied_from_id", INTEGER, nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["copied_from_id"], ["plans.id"], name=op.f("fk_plans_copied_from_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("number", name=op.f("uq_plans_number")),
    )
    op.create_table(
        "activities",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded_title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("count", INTEGER, nullable=False),
        sa.Column("audience", INTEGER, nullable=True),
        sa.Column("stands", INTEGER, nullable=True),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", INTEGER, nullable=True),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["users.id"], name=op.f("fk_activities_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    op.create_index("ix_activities_held_on", "activities", ["held_on"], unique=False)
    op.create_index("ix_activities_kind", "activities", ["kind", "held_on"], unique=False)
    indicators = op.create_table(
        "plan_indicators",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("plan_id", INTEGER, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("measured", sa.String(32), nullable=False),
        sa.Column("measure", sa.String(32), nullable=True),
        sa.Column("activity_kind", sa.String(32), nullable=True),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("frequency", sa.String(32), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published_by", INTEGER, nullable=True),
        sa.Column("published_by_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_indicators_plan_id")),
        sa.ForeignKeyConstraint(["published_by"], ["users.id"], name=op.f("fk_plan_indicators_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_indicators")),
        sa.UniqueConstraint("plan_id", "ref", "number", name=op.f("uq_plan_indicators_plan_id_ref_number")),
    )
    op.create_table(
        "reports",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("plan_id", INTEGER, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("parent_agency", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("inspections", sa.Text(), nullable=False),
        sa.Column("difficulties", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("signer_title", sa.Text(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", INTEGER, nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_reports_created_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_reports_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index("ix_reports_plan", "reports", ["plan_id", "period"], unique=False)
    op.create_table(
        "activity_files",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("activity_id", INTEGER, nullable=False),
        sa.Column("document_id", INTEGER, nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_files_activity_id")),
        sa.ForeignKeyConstraint(["document_id"], ["stored_files.id"], name=op.f("fk_activity_files_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_files")),
        sa.UniqueConstraint("activity_id", "document_id", name=op.f("uq_activity_files_activity_id_document_id")),
    )
    op.create_table(
        "activity_participants",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("activity_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_participants_activity_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_activity_participants_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_participants")),
        sa.UniqueConstraint(
            "activity_id", "business_id", name=op.f("uq_activity_participants_activity_id_business_id")
        ),
    )
    op.create_index("ix_activity_participants_business", "activity_participants", ["business_id"], unique=False)
    op.create_table(
        "activity_versions",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("activity_id", INTEGER, nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_versions_activity_id")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_activity_versions_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_versions")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_activity_versions_activity_id_number")),
    )
    op.create_table(
        "outside_figures",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("plan_id", INTEGER, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("document_id", INTEGER, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", INTEGER, nullable=True),
        sa.Column("entered_by_name", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["stored_files.id"], name=op.f("fk_outside_figures_document_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_outside_figures_entered_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_outside_figures_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_figures")),
        sa.UniqueConstraint(
            "plan_id", "ref", "period", "number", name=op.f("uq_outside_figures_plan_id_ref_period_number")
        ),
    )
    op.create_table(
        "report_snapshots",
        sa.Column("report_id", INTEGER, autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", INTEGER, nullable=True),
        sa.Column("frozen_by_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["frozen_by"], ["users.id"], name=op.f("fk_report_snapshots_frozen_by")),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_report_snapshots_report_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_snapshots")),
    )
    op.bulk_insert(
        plans,
        [
            {
                "number": row["plan"],
                "title": row["title"],
                "issuer": row["issuer"],
                "issued_on": date.fromisoformat(row["issued_on"]) if row["issued_on"] else None,
                "starts_on": date.fromisoformat(row["starts_on"]),
                "ends_on": date.fromisoformat(row["ends_on"]),
                "source": row["source"],
                "note": row["note"],
                "version": 1,
            }
            for row in reference.rows("plans.csv")
        ],
    )
    ids = {row.number: row.id for row in op.get_bind().execute(sa.select(plans.c.id, plans.c.number))}
    op.bulk_insert(
        indicators,
        [
            {
                "plan_id": ids[row["plan"]],
                "ref": row["ref"],
                "number": int(row["number"]),
                "position": int(row["position"]),
                "name": row["name"],
                "formula": row["formula"],
                "measured": row["measured"],
                "measure": row["measure"] or None,
                "activity_kind": row["activity_kind"] or None,
                "supports": row["supports"] == "yes",
                "unit": row["unit"],
                "target": row["target"] or None,
                "target_on": date.fromisoformat(row["target_on"]),
                "frequency": row["frequency"],
                "dropped": False,
                "valid_from": date.fromisoformat(row["from"]),
                "source": row["source"],
                "note": row["note"],
                "reason": "",
                "published_by_name": "system",
                "published_at": datetime.now(UTC),
            }
            for row in reference.rows("plan_indicators.csv")
        ],
    )
    for table in WRITTEN_ONCE:
        forbid_changes(table)


def downgrade() -> None:
    op.drop_table("report_snapshots")
    op.drop_table("outside_figures")
    op.drop_table("activity_versions")
    op.drop_table("activity_participants")
    op.drop_table("activity_files")
    op.drop_table("reports")
    op.drop_table("plan_indicators")
    op.drop_table("activities")
    op.drop_table("plans")
