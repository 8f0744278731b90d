"""Connections of a business with others of the directory."""

from typing import Any

from ..domain.connections import ConnectionStatus, ConnectionStep
from ..domain.permissions import Permission
from ..request.access import current_actor, requires
from ..request.database import db
from ..request.limits import CONNECT, limiter
from ..services import connections
from ..storage.connections import Connection, connections_of, counts_by_status
from .fields import Boolean, Integer, Lines, Member, Moment, Part, Several, Text
from .schemas import PageQuery, Schema, page_of, with_more
from .topics import Topic, named_version, once, page, with_version

topic = Topic(
    "Connections", "One business asks another of the directory; once it accepts, both see how to reach each other."
)
_ALL = "/businesses/<int:business_id>/connections"
_OF_ONE = f"{_ALL}/<int:connection_id>"


class RequestSchema(Schema):
    asked_id = Integer(required=True, metadata={"description": "A business of the directory"})
    wanted = Text(required=True)
    message = Lines(load_default="")


class ContactSchema(Schema):
    """Each empty where the other side did not choose to show it."""

    person = Text()
    phone = Text()
    email = Text()


class ConnectionSchema(Schema):
    id = Integer()
    asker_id = Integer()
    asked_id = Integer()
    status = Member(ConnectionStatus)
    wanted = Text()
    message = Lines()
    reason = Lines()
    asked_at = Moment()
    answered_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)


class ConnectionDetailsSchema(ConnectionSchema):
    contact = Part(ContactSchema, allow_none=True, metadata={"description": "Of the other side, while accepted"})


class ConnectionQuery(PageQuery):
    asked = Boolean(load_default=None, metadata={"description": "Only those it was asked (true) or asked for (false)"})
    status = Member(ConnectionStatus, load_default=None)


class ConnectionStepSchema(Schema):
    step = Member(ConnectionStep, required=True)
    reason = Lines(load_default="", metadata={"description": "Why it is declined, for the other side to read"})


class BlockSchema(Schema):
    business_id = Integer(required=True)
    blocked = Boolean(required=True)


class ConnectionCountSchema(Schema):
    status = Member(ConnectionStatus)
    count = Integer()


class ConnectionCountsSchema(Schema):
    counts = Several(Part(ConnectionCountSchema))


@topic.get(_ALL)
@requires(Permission.CONNECTIONS_WRITE)
@topic.arguments(ConnectionQuery, location="query")
@topic.response(200, page_of(ConnectionSchema))
def list_connections(query: dict[str, Any], business_id: int) -> Any:
    """List what a business asked for and was asked"""
    return page(connections_of(business_id, asked=query["asked"], status=query["status"]), Connection.id, query)


@topic.post(_ALL)
@limiter.limit(CONNECT)
@requires(Permission.CONNECTIONS_WRITE)
@once
@topic.arguments(RequestSchema)
@topic.response(201, ConnectionSchema)
def ask_connection(data: dict[str, Any], business_id: int) -> Connection:
    """Ask a business of the directory"""
    return connections.ask(db.session, current_actor(), business_id, data.pop("asked_id"), **data)


@topic.get(_OF_ONE)
@requires(Permission.CONNECTIONS_WRITE)
@topic.response(200, ConnectionDetailsSchema)
def show_connection(business_id: int, connection_id: int) -> Any:
    """Show a connection and, while it stands, how to reach the other side"""
    found = connections.connection_of(db.session, business_id, connection_id)
    contact = connections.contact_for(db.session, business_id, found)
    return with_more(found, ConnectionDetailsSchema, contact=contact), {"ETag": f'"{found.version}"'}


@topic.post(f"{_OF_ONE}/steps")
@requires(Permission.CONNECTIONS_WRITE)
@once
@topic.arguments(ConnectionStepSchema)
@topic.response(200, ConnectionSchema)
def move_connection(data: dict[str, Any], business_id: int, connection_id: int) -> Any:
    """Accept or decline what one was asked, withdraw what one asked, or end what stands"""
    found = connections.connection_of(db.session, business_id, connection_id)
    version = named_version(found, required=False)
    actor = current_actor()
    return with_version(
        connections.move(
            db.session, actor, business_id, connection_id, data["step"], reason=data["reason"], version=version
        )
    )


@topic.post(f"{_ALL}/blocks")
@requires(Permission.CONNECTIONS_WRITE)
@once
@topic.arguments(BlockSchema)
@topic.response(204)
def block_connections(data: dict[str, Any], business_id: int) -> None:
    """Take no more requests from a business, or take them again"""
    connections.set_blocked(db.session, current_actor(), business_id, data["business_id"], blocked=data["blocked"])


@topic.get("/connections")
@requires(Permission.REGISTER_READ)
@topic.response(200, ConnectionCountsSchema)
def count_connections() -> Any:
    """Count all connections by how they stand, as an officer"""
    rows = dict(db.session.execute(counts_by_status()).all())
    return {"counts": [{"status": each, "count": rows.get(each, 0)} for each in ConnectionStatus]}
