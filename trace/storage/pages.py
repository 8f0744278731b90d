"""Keyset pages: the next page starts after the last row's key, so page one thousand costs what page one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    items: Sequence[Row]
    next: int | None
    """The id to pass as ``after`` for the next page; None at the end."""


def newest_first(
    session: Session,
    statement: Select[Row],
    key: InstrumentedAttribute[Any],
    *,
    after: int | None = None,
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """One page of ``statement`` in descending order of ``key``, an integer primary key."""
    if after is not None:
        statement = statement.where(key < after)
    return _page(session, statement.order_by(key.desc()), key, size)


def oldest_first(
    session: Session,
    statement: Select[Row],
    key: InstrumentedAttribute[Any],
    *,
    after: int | None = None,
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """As ``newest_first``, for queues: who came first is served first."""
    if after is not None:
        statement = statement.where(key > after)
    return _page(session, statement.order_by(key), key, size)


def in_order(
    session: Session, statement: Select[Row], key: InstrumentedAttribute[Any], *, size: int = PAGE_SIZE
) -> Page[Row]:
    """One page of a statement that has its own order, and already starts after the row that was named."""
    return _page(session, statement, key, size)


def _page(session: Session, statement: Select[Row], key: InstrumentedAttribute[Any], size: int) -> Page[Row]:
    rows = session.scalars(statement.limit(size + 1)).unique().all()
    more = len(rows) > size
    items = rows[:size]
    return Page(items, getattr(items[-1], key.key) if more else None)
