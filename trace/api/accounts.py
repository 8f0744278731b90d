"""Whose key this is."""

from typing import Any

from ..domain.permissions import OfficeRole, Permission, Role
from ..request.access import current_actor, public
from .fields import Boolean, Integer, Member, Part, Several, Text
from .schemas import Schema
from .topics import Topic

topic = Topic("Accounts", "Whose key this is, and what it may do.")


class MembershipSchema(Schema):
    business_id = Integer()
    role = Member(Role)


class MeSchema(Schema):
    name = Text()
    officer = Boolean()
    office = Member(OfficeRole, allow_none=True, metadata={"description": "Of an officer of the department"})
    commune_code = Text(allow_none=True, metadata={"description": "The area of an officer of a commune"})
    businesses = Several(Part(MembershipSchema))
    scopes = Several(Member(Permission))


@topic.get("/me")
@public
@topic.response(200, MeSchema)
def me() -> dict[str, Any]:
    """Show the caller: the businesses it acts for, and its scopes"""
    actor = current_actor()
    return {
        "name": actor.name,
        "officer": actor.officer,
        "office": actor.office and actor.office.role,
        "commune_code": actor.office and actor.office.commune_code,
        "businesses": [{"business_id": key, "role": role} for key, role in actor.memberships.items()],
        "scopes": sorted(actor.scopes or ()),
    }
