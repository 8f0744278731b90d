"""Six-month and annual reports of plans."""

import json
from typing import Any

from werkzeug.wrappers import Response

from ..domain.permissions import Permission
from ..domain.plans import parse_period
from ..domain.reports import LONGEST_TEXT, ReportTexts
from ..request.access import current_actor, existing, requires
from ..request.database import db
from ..request.settings import public_url
from ..services import reports as verbs
from ..services.report_files import FORMATS
from ..services.report_files import report_file as write_file
from ..services.report_snapshots import content_of
from ..storage.reports import Report, reports_where
from .fields import Boolean, Day, Integer, Lines, Moment, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, if_match, named_version, once, page, with_version

topic = Topic("Reports", "Six-month and annual reports: drafted, then frozen with their figures.")


class PlanReportTextsSchema(Schema):
    """The head and foot of an administrative document, and what an officer writes in between."""

    parent_agency = Text(required=True)
    agency = Text(required=True)
    symbol = Text(load_default="")
    place = Text(required=True)
    dated_on = Day(load_default=None, allow_none=True)
    addressee = Text(load_default="")
    basis = Lines(load_default="", longest=LONGEST_TEXT)
    inspections = Lines(load_default="", longest=LONGEST_TEXT)
    difficulties = Lines(load_default="", longest=LONGEST_TEXT)
    proposals = Lines(load_default="", longest=LONGEST_TEXT)
    recipients = Lines(load_default="", longest=LONGEST_TEXT)
    signer_title = Text(required=True)
    signer_name = Text(load_default="")


class NewPlanReportSchema(PlanReportTextsSchema):
    period = Text(required=True, metadata={"example": "2026-H1"})


class PlanReportSchema(NewPlanReportSchema):
    id = Integer()
    plan_id = Integer()
    created_at = Moment()
    frozen_at = Moment(allow_none=True)
    sha256 = Text(attribute="snapshot.sha256", metadata={"description": "Of the snapshot, as /content gives it"})


class ReportsQuery(PageQuery):
    plan_id = Integer(load_default=None)
    frozen = Boolean(load_default=None)


@topic.get("/reports")
@requires(Permission.PLANS_READ)
@topic.arguments(ReportsQuery, location="query")
@topic.response(200, page_of(PlanReportSchema))
def list_reports(query: dict[str, Any]) -> Any:
    """List reports and drafts"""
    return page(reports_where(plan_id=query.pop("plan_id"), frozen=query.pop("frozen")), Report.id, query)


@topic.post("/plans/<int:plan_id>/reports")
@requires(Permission.REPORTS_WRITE)
@once
@topic.arguments(NewPlanReportSchema)
@topic.response(201, PlanReportSchema)
def draft_report(data: dict[str, Any], plan_id: int) -> Any:
    """Draft the report of a period"""
    period = parse_period(data.pop("period"))
    return with_version(verbs.draft(db.session, current_actor(), plan_id, period, ReportTexts(**data)))


@topic.get("/reports/<int:report_id>")
@requires(Permission.PLANS_READ)
@topic.response(200, PlanReportSchema)
def show_report(report_id: int) -> Any:
    """Show a report's texts"""
    return with_version(existing(Report, report_id))


@topic.put("/reports/<int:report_id>")
@requires(Permission.REPORTS_WRITE)
@if_match
@topic.arguments(PlanReportTextsSchema)
@topic.response(200, PlanReportSchema)
def update_report(data: dict[str, Any], report_id: int) -> Any:
    """Save the texts of a draft"""
    version = named_version(existing(Report, report_id))
    return with_version(verbs.update(db.session, current_actor(), report_id, ReportTexts(**data), version=version))


@topic.delete("/reports/<int:report_id>")
@requires(Permission.REPORTS_WRITE)
@topic.response(204)
def delete_report(report_id: int) -> None:
    """Throw a draft away; a frozen report stays"""
    verbs.delete(db.session, current_actor(), report_id)


@topic.post("/reports/<int:report_id>/freezing")
@requires(Permission.REPORTS_WRITE)
@once
@topic.response(200, PlanReportSchema)
def freeze_report(report_id: int) -> Any:
    """Keep its figures and texts for good"""
    return with_version(verbs.freeze(db.session, current_actor(), report_id, public_url=public_url()))


@topic.get("/reports/<int:report_id>/content")
@requires(Permission.PLANS_READ)
@topic.response(200, {"type": "object"})
def show_report_content(report_id: int) -> Response:
    """Get everything it says, figures with their derivations; of a frozen one the very bytes that its hash is of"""
    report = existing(Report, report_id)
    if report.snapshot is not None:
        return Response(report.snapshot.content, content_type="application/json")
    content = content_of(db.session, current_actor(), report, public_url=public_url())
    return Response(json.dumps(content, ensure_ascii=False), content_type="application/json")


@topic.get("/reports/<int:report_id>/report.<any(docx, pdf, xlsx):extension>")
@requires(Permission.PLANS_READ)
@topic.response(200, {"format": "binary", "type": "string"}, content_type="application/octet-stream")
def show_report_file(report_id: int, extension: str) -> Response:
    """Get a report as DOCX, PDF or XLSX"""
    content = content_of(db.session, current_actor(), existing(Report, report_id), public_url=public_url())
    return Response(write_file(content, extension), content_type=FORMATS[extension])
