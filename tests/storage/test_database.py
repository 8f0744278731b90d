"""Transactions, as each database ends them."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from trace.storage.businesses import Business


def test_a_rollback_takes_back_what_was_written(engine: Engine) -> None:
    with Session(engine) as session:
        factories.make_business(session)
        session.flush()
        session.rollback()
        assert session.scalars(select(Business)).all() == []


def test_a_connection_is_good_again_after_a_statement_failed(engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(DBAPIError):
            connection.execute(text("SELECT nothing FROM nowhere"))
        connection.rollback()
        assert connection.scalar(select(1)) == 1


def test_a_statement_stays_planned_when_transactions_that_only_read_end(engine: Engine) -> None:
    question = select(Business.id).where(Business.id == 1)
    with engine.connect() as connection:
        for _ in range(10):
            assert connection.scalar(question) is None
            connection.rollback()
        if engine.dialect.name == "postgresql":  # SQLite's driver keeps its own
            assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 1
