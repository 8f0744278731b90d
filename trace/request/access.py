"""Who is asking, and whether they may."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import g
from flask_login import current_user
from werkzeug.exceptions import Unauthorized

from ..domain.errors import NotFound
from ..domain.permissions import Actor, Permission, require
from ..storage.accounts import User
from .database import db

View = TypeVar("View", bound=Callable[..., Any])


class Owned(Protocol):
    """A model that belongs to one business."""

    id: Any
    business_id: Any


Model = TypeVar("Model")
OwnedModel = TypeVar("OwnedModel", bound=Owned)


def actor_of(user: User) -> Actor:
    """The actor that a signed-in person is."""
    roles = {role.name for role in user.roles}
    return Actor(
        user_id=user.id,
        name=user.name or user.email,
        memberships={m.business_id: m.role for m in user.memberships},
        officer="officer" in roles,
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


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view. The subject is the ``business_id`` of its URL, where it has one."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(current_actor(), permission, kwargs.get("business_id"))
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def public(view: View) -> View:
    """Mark a view that anyone may open; the structural test compares these with its short list."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def existing(model: type[Model], object_id: int) -> Model:
    """Load an object; raises NotFound when there is none."""
    found = db.session.get(model, object_id)
    if found is None:
        raise NotFound
    return found


def owned(model: type[OwnedModel], object_id: int, business_id: int) -> OwnedModel:
    """Load an object of a business; raises NotFound also when it is somebody else's."""
    found = existing(model, object_id)
    if found.business_id != business_id:
        raise NotFound
    return found
