"""Changing what somebody else may be changing at the same moment, and telling the audit trail what changed."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..domain.errors import Conflict, InvalidFields, InvalidInput, NotFound, TraceError
from ..storage.businesses import Business


class Versioned(Protocol):
    id: Any
    version: Any


Model = TypeVar("Model", bound=Versioned)
Value = TypeVar("Value")
P = ParamSpec("P")


def load_for_change(session: Session, model: type[Model], object_id: int, version: int | None = None) -> Model:
    """Load an object as it stands now and lock it until the commit, its business first: two verbs wait, neither for ever.

    ``version`` is the one that the person had before their eyes; None skips the comparison.
    Raises NotFound, or Conflict when somebody was faster.
    """
    if business_id := getattr(session.get(model, object_id), "business_id", None):
        session.execute(select(Business.id).where(Business.id == business_id).with_for_update())
    # not session.get(…): it refuses, instead of renewing, an object whose version moved on while it waited
    standing = select(model).where(model.id == object_id).with_for_update(of=model)
    found = session.scalars(standing.execution_options(populate_existing=True)).unique().one_or_none()
    if found is None:
        raise NotFound
    unchanged(found, version)
    return found


def unchanged(found: Any, version: int | None) -> None:
    """Raise Conflict when an object is no longer at the version that a person saw."""
    if version is not None and found.version != version:
        raise Conflict


def assign(subject: object, **values: Any) -> dict[str, list[Any]]:
    """Set what differs and return it as the audit trail keeps it: ``{field: [before, after]}``."""
    changes = {
        name: [getattr(subject, name), value] for name, value in values.items() if getattr(subject, name) != value
    }
    for name, (_, value) in changes.items():
        setattr(subject, name, value)
    return {name: [_plain(before), _plain(after)] for name, (before, after) in changes.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


class Faults:
    """Collects what is wrong with several inputs, so that a person reads everything at once."""

    def __init__(self) -> None:
        self.errors: list[TraceError] = []

    def add(self, message: str, *, field: str, **values: object) -> None:
        self.errors.append(InvalidInput(message, field=field, **values))

    def note(self, error: TraceError) -> None:
        self.errors += error.errors if isinstance(error, InvalidFields) else [error]

    def attempt(self, rule: Callable[P, Value], *args: P.args, **kwargs: P.kwargs) -> Value | None:
        """The rule's answer, or None with its error kept."""
        try:
            return rule(*args, **kwargs)
        except TraceError as error:
            self.note(error)
            return None

    def raise_any(self) -> None:
        """Raise InvalidFields if anything was kept."""
        if self.errors:
            raise InvalidFields(self.errors)
