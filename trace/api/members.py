"""Who belongs to a business, and its keys."""

from typing import Any

from ..domain.permissions import Permission, Role
from ..request.access import current_actor, requires
from ..request.database import db
from ..request.invitations import send_invitation
from ..services import accounts, keys
from ..storage.accounts import keys_of, members_of
from .fields import Integer, Member, Moment, Part, Several, Text
from .schemas import Schema, with_more
from .topics import Topic, once

topic = Topic("Members", "The people of a business, and the keys of its machines.")


class MemberSchema(Schema):
    user_id = Integer()
    name = Text(attribute="user.name")
    email = Text(attribute="user.email")
    role = Member(Role)
    created_at = Moment()


class MembersSchema(Schema):
    items = Several(Part(MemberSchema))


class InvitationFactsSchema(Schema):
    role = Member(Role, load_default=Role.STAFF)
    email = Text(load_default="", metadata={"description": "Whom the link is meant for; it is mailed there"})


class InvitationSchema(Schema):
    id = Integer()
    role = Member(Role)
    email = Text()
    link = Text(metadata={"description": "Shown only now: whoever holds it may use it, once"})
    expires_at = Moment()


class KeyFactsSchema(Schema):
    name = Text(required=True)
    scopes = Several(Member(Permission), required=True)


class KeySchema(Schema):
    id = Integer()
    name = Text()
    hint = Text(metadata={"description": "The first characters of the key"})
    scopes = Several(Text())
    created_at = Moment()
    last_used_at = Moment(allow_none=True)
    revoked_at = Moment(allow_none=True)


class NewKeySchema(KeySchema):
    key = Text(metadata={"description": "Shown only now"})


class KeysSchema(Schema):
    items = Several(Part(KeySchema))


@topic.get("/businesses/<int:business_id>/members")
@requires(Permission.MEMBERS_MANAGE)
@topic.response(200, MembersSchema)
def list_members(business_id: int) -> Any:
    """List who belongs to a business"""
    return {"items": db.session.scalars(members_of(business_id)).all()}


@topic.delete("/businesses/<int:business_id>/members/<int:user_id>")
@requires(Permission.MEMBERS_MANAGE)
@topic.response(204)
def remove_member(business_id: int, user_id: int) -> None:
    """Take somebody out of a business"""
    accounts.revoke_member(db.session, current_actor(), business_id, user_id)


@topic.post("/businesses/<int:business_id>/invitations")
@requires(Permission.MEMBERS_MANAGE)
@once
@topic.arguments(InvitationFactsSchema)
@topic.response(201, InvitationSchema)
def invite(data: dict[str, Any], business_id: int) -> Any:
    """Make a link that lets one person in"""
    invitation, link = send_invitation(business_id, **data)
    return with_more(invitation, InvitationSchema, link=link)


@topic.delete("/businesses/<int:business_id>/invitations/<int:invitation_id>")
@requires(Permission.MEMBERS_MANAGE)
@topic.response(204)
def revoke_invitation(business_id: int, invitation_id: int) -> None:
    """Make an invitation useless"""
    accounts.revoke_invitation(db.session, current_actor(), business_id, invitation_id)


@topic.get("/businesses/<int:business_id>/keys")
@requires(Permission.API_KEYS_MANAGE)
@topic.response(200, KeysSchema)
def list_keys(business_id: int) -> Any:
    """List the keys of a business, revoked ones last"""
    return {"items": db.session.scalars(keys_of(business_id)).all()}


@topic.post("/businesses/<int:business_id>/keys")
@requires(Permission.API_KEYS_MANAGE)
@once
@topic.arguments(KeyFactsSchema)
@topic.response(201, NewKeySchema)
def issue_key(data: dict[str, Any], business_id: int) -> Any:
    """Issue a key, which cannot do more than the one that asks for it"""
    key, token = keys.issue_key(db.session, current_actor(), business_id=business_id, **data)
    return with_more(key, NewKeySchema, key=token)


@topic.delete("/businesses/<int:business_id>/keys/<int:key_id>")
@requires(Permission.API_KEYS_MANAGE)
@topic.response(204)
def revoke_key(business_id: int, key_id: int) -> None:
    """Revoke a key at once"""
    keys.revoke_key(db.session, current_actor(), key_id, business_id=business_id)
