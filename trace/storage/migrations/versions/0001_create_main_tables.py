"""Create main tables."""

import sqlalchemy as sa
from alembic import op

from trace.storage.migrations.append_only import drop_function, forbid_changes

revision = "0001"
down_revision: str | None = None
branch_labels = None
depends_on = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("events", "audit_entries", "batch_versions", "business_decisions")
TABLES = (
    "complaint_updates",
    "scans",
    "scan_counts",
    "label_issues",
    "events",
    "complaints",
    "batch_versions",
    "sites_of_certificates",
    "products_of_certificates",
    "batches",
    "register_entries",
    "products",
    "certificates",
    "business_documents",
    "stored_files",
    "sites",
    "roles_of_users",
    "register_lists",
    "passkeys",
    "notices",
    "memberships",
    "invitations",
    "business_decisions",
    "audit_entries",
    "api_keys",
    "users",
    "roles",
    "idempotent_requests",
    "businesses",
)


def upgrade() -> None:
    op.create_table(
        "businesses",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("household_number", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("former_address", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("visibility", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.Column("complete_batches", INTEGER, nullable=False),
        sa.Column("last_complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_businesses_tax_code")),
    )
    op.create_index("ix_businesses_commune", "businesses", ["commune_code", "id"], unique=False)
    op.create_index("ix_businesses_folded", "businesses", ["folded_name", "id"], unique=False)
    op.create_index("ix_businesses_kind", "businesses", ["kind", "id"], unique=False)
    op.create_index("ix_businesses_status", "businesses", ["status", "id"], unique=False)
    op.create_table(
        "idempotent_requests",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", INTEGER, nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_requests")),
        sa.UniqueConstraint("caller", "key", name=op.f("uq_idempotent_requests_caller_key")),
    )
    op.create_index(op.f("ix_idempotent_requests_created_at"), "idempotent_requests", ["created_at"], unique=False)
    op.create_table(
        "roles",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "users",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tf_primary_method", sa.Text(), nullable=True),
        sa.Column("tf_totp_secret", sa.Text(), nullable=True),
        sa.Column("tf_phone_number", sa.Text(), nullable=True),
        sa.Column("fs_webauthn_user_handle", sa.Text(), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
        sa.UniqueConstraint("fs_webauthn_user_handle", name=op.f("uq_users_fs_webauthn_user_handle")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("user_id", INTEGER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_api_keys_business_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_keys_token_hash")),
    )
    op.create_index(op.f("ix_api_keys_business_id"), "api_keys", ["business_id"], unique=False)
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", INTEGER, nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", INTEGER, nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_audit_entries_business_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_entries_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_business", "audit_entries", ["business_id", "id"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_type", "subject_id", "id"], unique=False)
    op.create_index(op.f("ix_audit_entries_user_id"), "audit_entries", ["user_id"], unique=False)
    op.create_table(
        "business_decisions",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("before", sa.String(32), nullable=False),
        sa.Column("after", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", INTEGER, nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_business_decisions_business_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_business_decisions_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_decisions")),
    )
    op.create_index(op.f("ix_business_decisions_business_id"), "business_decisions", ["business_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("invited_by", INTEGER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", INTEGER, nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["users.id"], name=op.f("fk_invitations_accepted_by")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_invitations_business_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(op.f("ix_invitations_business_id"), "invitations", ["business_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("user_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_memberships_business_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("user_id", "business_id", name=op.f("uq_memberships_user_id_business_id")),
    )
    op.create_index(op.f("ix_memberships_business_id"), "memberships", ["business_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("user_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_attempts", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_notices_business_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_unmailed", "notices", ["mailed_at", "id"], unique=False)
    op.create_index("ix_notices_user", "notices", ["user_id", "id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("user_id", INTEGER, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", INTEGER, nullable=True),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Text(), nullable=True),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("usage", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)
    op.create_table(
        "register_lists",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("entry_count", INTEGER, nullable=False),
        sa.Column("imported_by", INTEGER, nullable=True),
        sa.Column("imported_by_name", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["imported_by"], ["users.id"], name=op.f("fk_register_lists_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_lists")),
    )
    op.create_index(op.f("ix_register_lists_as_of"), "register_lists", ["as_of"], unique=False)
    op.create_table(
        "roles_of_users",
        sa.Column("user_id", INTEGER, nullable=False),
        sa.Column("role_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_roles_of_users_role_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_roles_of_users_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_roles_of_users")),
    )
    op.create_table(
        "sites",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("province_code", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=False),
        sa.Column("growing_area_code", sa.Text(), nullable=False),
        sa.Column("area_m2", INTEGER, nullable=True),
        sa.Column("gln", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_sites_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("business_id", "code", name=op.f("uq_sites_business_id_code")),
    )
    op.create_index(op.f("ix_sites_business_id"), "sites", ["business_id"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("audience", sa.String(32), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("byte_size", INTEGER, nullable=False),
        sa.Column("width", INTEGER, nullable=True),
        sa.Column("height", INTEGER, nullable=True),
        sa.Column("perceptual_hash", INTEGER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_stored_files_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
        sa.UniqueConstraint("sha256", "business_id", name=op.f("uq_stored_files_sha256_business_id")),
    )
    op.create_index(op.f("ix_stored_files_business_id"), "stored_files", ["business_id"], unique=False)
    op.create_index(
        "uq_stored_files_no_business",
        "stored_files",
        ["sha256"],
        unique=True,
        sqlite_where=sa.text("business_id IS NULL"),
        postgresql_where=sa.text("business_id IS NULL"),
    )
    op.create_table(
        "business_documents",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_id", INTEGER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_business_documents_business_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_business_documents_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_documents")),
    )
    op.create_index(op.f("ix_business_documents_business_id"), "business_documents", ["business_id"], unique=False)
    op.create_table(
        "certificates",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("scheme", sa.String(32), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("file_id", INTEGER, nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("checked_by", INTEGER, nullable=True),
        sa.Column("checked_by_name", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapse_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_certificates_business_id")),
        sa.ForeignKeyConstraint(["checked_by"], ["users.id"], name=op.f("fk_certificates_checked_by")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_certificates_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_index("ix_certificates_business", "certificates", ["business_id", "id"], unique=False)
    op.create_index("ix_certificates_status", "certificates", ["status", "id"], unique=False)
    op.create_index("ix_certificates_valid_until", "certificates", ["valid_until", "id"], unique=False)
    op.create_table(
        "products",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("commodity", sa.String(32), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("gtin", sa.Text(), nullable=True),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("pack_sizes", sa.JSON(), nullable=False),
        sa.Column("shelf_life_days", INTEGER, nullable=True),
        sa.Column("photo_id", INTEGER, nullable=True),
        sa.Column("standards", sa.JSON(), nullable=False),
        sa.Column("packaging_material", sa.String(32), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_products_business_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["stored_files.id"], name=op.f("fk_products_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
    )
    op.create_index("ix_products_business", "products", ["business_id", "id"], unique=False)
    op.create_index("ix_products_gtin", "products", ["gtin"], unique=False)
    op.create_table(
        "register_entries",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("list_id", INTEGER, nullable=False),
        sa.Column("row", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("business_id", INTEGER, nullable=True),
        sa.Column("match", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_register_entries_business_id")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["register_lists.id"], name=op.f("fk_register_entries_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entries")),
        sa.UniqueConstraint("list_id", "row", name=op.f("uq_register_entries_list_id_row")),
    )
    op.create_index("ix_register_entries_business", "register_entries", ["business_id"], unique=False)
    op.create_index("ix_register_entries_commune", "register_entries", ["list_id", "commune_code"], unique=False)
    op.create_index("ix_register_entries_match", "register_entries", ["list_id", "match", "id"], unique=False)
    op.create_index("ix_register_entries_tax_code", "register_entries", ["list_id", "tax_code"], unique=False)
    op.create_index(
        "uq_register_entries_linked",
        "register_entries",
        ["list_id", "business_id"],
        unique=True,
        sqlite_where=sa.text("\"match\" IN ('tax_code', 'confirmed')"),
        postgresql_where=sa.text("\"match\" IN ('tax_code', 'confirmed')"),
    )
    op.create_table(
        "batches",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("product_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("amount", INTEGER, nullable=False),
        sa.Column("production_date", sa.Date(), nullable=False),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("public_code", sa.Text(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", INTEGER, nullable=True),
        sa.Column("client_key", sa.Text(), nullable=True),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_batches_business_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_batches_created_by")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_batches_product_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_batches_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("business_id", "client_key", name=op.f("uq_batches_business_id_client_key")),
        sa.UniqueConstraint("business_id", "lot", name=op.f("uq_batches_business_id_lot")),
        sa.UniqueConstraint("public_code", name=op.f("uq_batches_public_code")),
    )
    op.create_index("ix_batches_business", "batches", ["business_id", "id"], unique=False)
    op.create_index(
        "ix_batches_complete", "batches", ["business_id", "complete", "status", "published_at"], unique=False
    )
    op.create_index("ix_batches_product", "batches", ["product_id", "id"], unique=False)
    op.create_index(op.f("ix_batches_site_id"), "batches", ["site_id"], unique=False)
    op.create_table(
        "products_of_certificates",
        sa.Column("certificate_id", INTEGER, nullable=False),
        sa.Column("product_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_products_of_certificates_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_products_of_certificates_product_id")),
        sa.PrimaryKeyConstraint("certificate_id", "product_id", name=op.f("pk_products_of_certificates")),
    )
    op.create_table(
        "sites_of_certificates",
        sa.Column("certificate_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_sites_of_certificates_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_sites_of_certificates_site_id")),
        sa.PrimaryKeyConstraint("certificate_id", "site_id", name=op.f("pk_sites_of_certificates")),
    )
    op.create_table(
        "batch_versions",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("number", INTEGER, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", INTEGER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_versions_batch_id")),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_batch_versions_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_versions")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_batch_versions_batch_id_number")),
    )
    op.create_table(
        "complaints",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("photo_id", INTEGER, nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_complaints_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_complaints_business_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["stored_files.id"], name=op.f("fk_complaints_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("tracking_number", name=op.f("uq_complaints_tracking_number")),
    )
    op.create_index(op.f("ix_complaints_batch_id"), "complaints", ["batch_id"], unique=False)
    op.create_index("ix_complaints_business", "complaints", ["business_id", "id"], unique=False)
    op.create_index("ix_complaints_status", "complaints", ["status", "id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("site_id", INTEGER, nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("business_step", sa.Text(), nullable=False),
        sa.Column("event_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offset", sa.Text(), nullable=False),
        sa.Column("record_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.String(32), nullable=False),
        sa.Column("document_id", INTEGER, nullable=True),
        sa.Column("actor_id", INTEGER, nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("declares_error", sa.Boolean(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_events_actor_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_events_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_events_business_id")),
        sa.ForeignKeyConstraint(["document_id"], ["stored_files.id"], name=op.f("fk_events_document_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_events_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("hash", "declares_error", name=op.f("uq_events_hash_declares_error")),
    )
    op.create_index("ix_events_batch", "events", ["batch_id", "event_time", "id"], unique=False)
    op.create_index("ix_events_business", "events", ["business_id", "id"], unique=False)
    op.create_table(
        "label_issues",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("business_id", INTEGER, nullable=False),
        sa.Column("count", INTEGER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("made_by", INTEGER, nullable=True),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_label_issues_batch_id")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_label_issues_business_id")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_label_issues_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_issues")),
    )
    op.create_index("ix_label_issues_batch", "label_issues", ["batch_id", "id"], unique=False)
    op.create_index("ix_label_issues_business", "label_issues", ["business_id", "id"], unique=False)
    op.create_table(
        "scan_counts",
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("people", INTEGER, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_scan_counts_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_scan_counts")),
    )
    op.create_table(
        "scans",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("batch_id", INTEGER, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("visitor", sa.String(32), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_scans_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scans")),
    )
    op.create_index("ix_scans_batch", "scans", ["batch_id", "at"], unique=False)
    op.create_index("ix_scans_device", "scans", ["device", "at"], unique=False)
    op.create_table(
        "complaint_updates",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("complaint_id", INTEGER, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("by_officer", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_updates_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_updates")),
    )
    op.create_index(op.f("ix_complaint_updates_complaint_id"), "complaint_updates", ["complaint_id"], unique=False)
    for table in APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    drop_function()
