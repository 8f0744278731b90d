"""Who is asking, and whether they may."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import g, request
from flask_login import current_user
from sqlalchemy import Select, or_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.interfaces import ORMOption
from werkzeug.exceptions import Unauthorized

from ..domain.errors import NotFound
from ..domain.permissions import Actor, OfficeRole, Permission, require
from ..services.audit import note_looks
from ..services.officers import office_of
from ..storage.accounts import User
from ..storage.businesses import Business, ids_in_commune
from ..storage.handovers import Handover
from .database import db

View = TypeVar("View", bound=Callable[..., Any])

LOOKS = {
    Permission.REGISTER_READ: "businesses",
    Permission.BUSINESS_READ: "businesses",
    Permission.BATCHES_READ: "batches",
    Permission.DIARY_READ: "diary",
    Permission.HANDOVERS_READ: "handovers",
    Permission.RECALLS_READ: "recalls",
    Permission.AUDIT_READ: "audit",
}
"""What an officer sees of one business with a permission, by the topic under which the look is written down."""


class Owned(Protocol):
    """A model that belongs to one business."""

    id: Any
    business_id: Any


Model = TypeVar("Model")
Row = TypeVar("Row")
OwnedModel = TypeVar("OwnedModel", bound=Owned)


def actor_of(user: User) -> Actor:
    """The actor that a signed-in person is."""
    roles = {role.name for role in user.roles}
    return Actor(
        user_id=user.id,
        name=user.name or user.email,
        memberships={m.business_id: m.role for m in user.memberships},
        office=office_of(user),
        administrator="administrator" in roles,
        locale=user.locale,
    )


def current_actor() -> Actor:
    """The person or machine behind this request; raises Unauthorized when nobody is signed in."""
    actor: Actor | None = getattr(g, "actor", None)
    if actor is None:
        if getattr(g, "keys_only", False) or not current_user.is_authenticated:
            raise Unauthorized  # a cookie opens nothing where no form token is asked for
        actor = g.actor = actor_of(current_user)
    return actor


def requires(permission: Permission, *, change: Permission | None = None) -> Callable[[View], View]:
    """Guard a view. The subject is the ``business_id`` of its URL, where it has one.

    ``change`` is asked for instead by a view that is both read and sent, when something is sent.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            needed = permission if request.method in ("GET", "HEAD") else change or permission
            subject = kwargs.get("business_id")
            require(current_actor(), needed, subject)
            answer = view(*args, **kwargs)
            if needed in LOOKS:  # afterwards, so that nobody waits for the pen with a transaction open
                note_looks(db.session, current_actor(), LOOKS[needed], [subject])
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.change = change or permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a view that anyone may open; the structural test compares these with its short list."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def within_office(statement: Select[Row], *owners: InstrumentedAttribute[Any]) -> Select[Row]:
    """Of what the department sees, the part in the area of the officer who asks.

    ``owners``: columns that name a business, one of which has to be in it. Every list of the department goes through here.
    """
    office = current_actor().office
    if office is None or office.role is not OfficeRole.COMMUNE:
        return statement
    return statement.where(or_(*(owner.in_(ids_in_commune(office.commune_code)) for owner in owners)))


def within_commune(statement: Select[Row], code: InstrumentedAttribute[Any]) -> Select[Row]:
    """As ``within_office``, of what has no business but a commune."""
    office = current_actor().office
    return (
        statement
        if office is None or office.role is not OfficeRole.COMMUNE
        else statement.where(code == office.commune_code)
    )


def existing(model: type[Model], object_id: int, *options: ORMOption) -> Model:
    """Load an object; raises NotFound when there is none, or it is of a business outside the officer's area.

    ``options`` say what to load with it.
    """
    found = db.session.get(model, object_id, options=options)
    if found is None:
        raise NotFound
    owners = [each for each in _owners(found) if each is not None]
    actor = current_actor()
    if owners and actor.office and not any(actor.knows(each) for each in owners):
        raise NotFound
    return found


def owned(model: type[OwnedModel], object_id: int, business_id: int) -> OwnedModel:
    """Load an object of a business; raises NotFound also when it is somebody else's."""
    found = existing(model, object_id)
    if found.business_id != business_id:
        raise NotFound
    return found


def _owners(found: object) -> tuple[int | None, ...]:
    """The businesses that an object is about."""
    if isinstance(found, Business):
        return (found.id,)
    if isinstance(found, Handover):
        return found.seller_id, found.buyer_id
    return (getattr(found, "business_id", None),)
