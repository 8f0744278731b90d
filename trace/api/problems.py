"""How an error looks in the OpenAPI document (RFC 9457)."""

from marshmallow import fields

from .schemas import Schema


class FaultSchema(Schema):
    field = fields.String(metadata={"description": "Where it is, for example documents.0.name; empty for the whole"})
    code = fields.String()
    detail = fields.String(metadata={"description": "What to do, in the reader's language (Accept-Language)"})


class ProblemSchema(Schema):
    type = fields.String(metadata={"description": "Where the code is explained"})
    title = fields.String()
    status = fields.Integer()
    code = fields.String(metadata={"description": "Never changes; build on this and not on the sentences"})
    detail = fields.String(metadata={"description": "What to do, in the reader's language (Accept-Language)"})
    nearest = fields.List(fields.String(), metadata={"description": "Of a wrong code: codes one slip away"})
    errors = fields.List(fields.Nested(FaultSchema), metadata={"description": "What is wrong with which field"})
