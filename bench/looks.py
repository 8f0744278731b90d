"""What one look at the page costs besides time: bytes on the wire and questions to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from trace import create_app
from trace.request.database import db
from trace.settings import Settings
from trace.storage.questions import Question

from .client import BROWSER
from .databases import Filled
from .servers import environment_of_service

PAGES = 20


@dataclass(frozen=True)
class Page:
    """``body`` as a phone gets it, compressed; ``queries`` the most that one of some pages needed."""

    body: bytes
    queries: int


def look(database: Filled, instance: Path) -> Page:
    """Open some pages of ``database`` in this process. The longest is the one whose bytes the peers will send."""
    app = create_app(Settings.load(environment_of_service(database.url, instance)))
    with app.app_context():
        engine = db.engine
    headers = {"User-Agent": BROWSER.format(120), "Accept-Encoding": "gzip, br", "Accept-Language": "vi"}
    bodies, queries = [], []
    for code in database.codes[:PAGES]:
        with counted(engine) as asked:
            response = app.test_client().get(f"/q/{code}", headers=headers)
        assert response.status_code == 200, response.status
        assert response.headers["Content-Encoding"] == "gzip"
        bodies.append(response.data)
        queries.append(len(asked))
    app.extensions["trace.scans"].flush()
    engine.dispose()
    return Page(max(bodies, key=len), max(queries))


@contextmanager
def counted(engine: Engine) -> Iterator[list[int]]:
    """One entry for each question that this thread asks, through SQLAlchemy or past it; looks are written by another."""
    asked: list[int] = []
    thread = get_ident()

    def count(*_: object) -> None:
        if get_ident() == thread:
            asked.append(1)

    ask = Question.ask

    def ask_and_count(question: Question, *args: Any, **values: Any) -> list[Any]:
        count()
        return ask(question, *args, **values)

    event.listen(engine, "before_cursor_execute", count)
    try:
        with patch.object(Question, "ask", ask_and_count):
            yield asked
    finally:
        event.remove(engine, "before_cursor_execute", count)
