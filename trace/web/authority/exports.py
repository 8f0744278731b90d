"""Any of the department's tables as a file, with the filters of the page that it was asked from."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy import Select

from ...domain.certificates import CertificateStatus
from ...domain.complaints import ComplaintStatus
from ...domain.errors import NotFound
from ...domain.permissions import Permission
from ...request.access import current_actor, existing, requires, within_commune, within_office
from ...request.database import db
from ...request.language import select_language
from ...services.clock import today
from ...services.export_tables import COLUMNS, Table, export
from ...services.exports import csv_parts, xlsx_parts
from ...services.figures import listed_on
from ...storage.activities import Activity
from ...storage.audit import AuditEntry
from ...storage.batches import Batch
from ...storage.businesses import Business
from ...storage.certificates import Certificate
from ...storage.complaints import Complaint, complaints_where
from ...storage.coverage import RegisterEntry, RegisterList, current_list, entries_of
from ...storage.products import products_of
from ...storage.register import batches_where, businesses_where, certificates_where
from ...storage.risks import BusinessRisk, highest_first, risks_where
from ...storage.sites import sites_of
from ...storage.standings import Standing, standings_of
from .. import filters
from .activities import activities_asked_for
from .audit import entries_asked_for
from .blueprint import bp

FORMATS = {
    "xlsx": (xlsx_parts, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (csv_parts, "text/csv; charset=utf-8"),
}
Question = Select[*tuple[Any, ...]]


@bp.get("/exports/<table>.<any(xlsx, csv):extension>")
@requires(Permission.REGISTER_READ)
def export_table(table: str, extension: str) -> Response:
    try:
        chosen = Table(table)
    except ValueError:
        raise NotFound from None
    asked = {name: value for name, value in request.args.items() if value and name != "after"}
    rows = export(db.session, current_actor(), chosen, QUESTIONS[chosen](), asked)
    parts, media_type = FORMATS[extension]
    name = f"{chosen.value}-{today():%Y%m%d}.{extension}"
    return Response(
        parts(COLUMNS[chosen], rows, select_language()),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _business_id() -> int:
    business_id = filters.identifier("business")
    if business_id is None:
        raise NotFound
    return existing(Business, business_id).id


def _certificates() -> Question:
    question = certificates_where(
        status=filters.choice(CertificateStatus, "status"), business_id=filters.identifier("business")
    )
    return within_office(question, Certificate.business_id).order_by(Certificate.id)


def _batches() -> Question:
    question = batches_where(business_id=filters.identifier("business"))
    return within_office(question, Batch.business_id).order_by(Batch.id)


def _complaints() -> Question:
    question = complaints_where(
        status=filters.choice(ComplaintStatus, "status"), business_id=filters.identifier("business")
    )
    return within_office(question, Complaint.business_id).order_by(Complaint.id)


def _register() -> Question:
    list_id = filters.identifier("list")
    listed = db.session.get(RegisterList, list_id) if list_id else db.session.scalars(current_list()).first()
    if listed is None:
        raise NotFound
    question = entries_of(listed.id, match=filters.match(), search=filters.text("q"))
    return within_commune(question, RegisterEntry.commune_code).order_by(RegisterEntry.id)


def _standings() -> Question:
    listed, at = listed_on(db.session, filters.kept_day())
    if listed is None:
        raise NotFound
    question = standings_of(listed.id, filters.of_standings(at))
    return within_commune(question, Standing.commune).order_by(Standing.entry_id)


QUESTIONS: dict[Table, Callable[[], Question]] = {
    Table.BUSINESSES: lambda: within_office(businesses_where(**filters.of_businesses()), Business.id).order_by(
        Business.id
    ),
    Table.SITES: lambda: sites_of(_business_id()),
    Table.PRODUCTS: lambda: products_of(_business_id()),
    Table.CERTIFICATES: _certificates,
    Table.BATCHES: _batches,
    Table.COMPLAINTS: _complaints,
    Table.REGISTER: _register,
    Table.RISKS: lambda: within_office(highest_first(risks_where(**filters.of_risks())), BusinessRisk.business_id),
    Table.STANDINGS: _standings,
    Table.ACTIVITIES: lambda: activities_asked_for().order_by(Activity.id),
    Table.AUDIT: lambda: entries_asked_for().order_by(AuditEntry.id),
}
