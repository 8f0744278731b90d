"""Who did what."""

from typing import Any

import marshmallow

from ..domain.permissions import Permission
from ..request.access import requires, within_office
from ..storage.audit import AuditEntry, audit_entries, looks_at
from .fields import Integer, Moment, Text
from .schemas import PageQuery, Schema, page_of
from .topics import Topic, page

topic = Topic("Audit", "Who did what, in the order it was done. Nothing here can be changed.")


class AuditEntrySchema(Schema):
    id = Integer()
    at = Moment()
    actor = Text()
    business_id = Integer(allow_none=True)
    action = Text(metadata={"description": "topic:verb"})
    subject_type = Text()
    subject_id = Integer(allow_none=True)
    changes = marshmallow.fields.Dict(metadata={"description": "{field: [before, after]}, or the facts of the act"})


class AuditQuery(PageQuery):
    person = Text(load_default="")
    topic = Text(load_default="", metadata={"description": "The part of an action before its colon"})
    action = Text(load_default="", metadata={"description": "topic:verb"})
    subject_type = Text(load_default="")
    subject_id = Integer(load_default=None)
    since = Moment(load_default=None)
    before = Moment(load_default=None)


class OfficersAuditQuery(AuditQuery):
    business_id = Integer(load_default=None)


AuditPageSchema = page_of(AuditEntrySchema)


@topic.get("/audit")
@requires(Permission.AUDIT_READ)
@topic.arguments(OfficersAuditQuery, location="query")
@topic.response(200, AuditPageSchema)
def list_audit(query: dict[str, Any]) -> Any:
    """List who did what anywhere, as an officer"""
    asked = audit_entries(**_filters(query), business_id=query["business_id"])
    return page(within_office(asked, AuditEntry.business_id), AuditEntry.id, query)


@topic.get("/businesses/<int:business_id>/audit")
@requires(Permission.AUDIT_READ)
@topic.arguments(AuditQuery, location="query")
@topic.response(200, AuditPageSchema)
def list_business_audit(query: dict[str, Any], business_id: int) -> Any:
    """List who did what in a business"""
    return page(audit_entries(**_filters(query), business_id=business_id), AuditEntry.id, query)


@topic.get("/businesses/<int:business_id>/looks")
@requires(Permission.AUDIT_READ)
@topic.arguments(PageQuery, location="query")
@topic.response(200, AuditPageSchema)
def list_looks(query: dict[str, Any], business_id: int) -> Any:
    """List which officers looked at the private figures of a business, and when"""
    return page(looks_at(business_id), AuditEntry.id, query)


def _filters(query: dict[str, Any]) -> dict[str, Any]:
    return {name: query[name] for name in AuditQuery._declared_fields if name not in PageQuery._declared_fields}
