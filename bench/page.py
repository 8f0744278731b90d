"""What one look at the page costs besides time: bytes on the wire and questions to the database."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from trace import create_app
from trace.request.database import db
from trace.settings import Settings
from trace.storage.questions import Question

from .client import BROWSER
from .databases import Filled
from .servers import environment_of_service


@dataclass(frozen=True)
class Page:
    """``body`` as a phone gets it, compressed; ``queries`` the most that one of some pages needed."""

    body: bytes
    size: int
    """Bytes before compression."""
    queries: int


def look(database: Filled, instance: Path) -> Page:
    """Open some pages of ``database`` in this process. The longest is the one whose bytes the peers will send."""
    app = create_app(Settings.load(environment_of_service(database.url, instance)))
    queries: list[int] = []
    pages: list[tuple[int, bytes]] = []
    headers = {"User-Agent": BROWSER.format(120), "Accept-Encoding": "gzip, br", "Accept-Language": "vi"}
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def count(*_: object) -> None:
        asked.append(1)

    ask = Question.ask

    def ask_and_count(question: Question, *args: Any, **values: Any) -> list[Any]:
        asked.append(1)
        return ask(question, *args, **values)

    Question.ask = ask_and_count  # type: ignore[method-assign]

    for code in database.codes[:20]:
        asked: list[int] = []
        response = app.test_client().get(f"/q/{code}", headers=headers)
        queries.append(len(asked))
        assert response.status_code == 200, response.status
        assert response.headers["Content-Encoding"] == "gzip"
        plain = app.test_client().get(f"/q/{code}", headers={**headers, "Accept-Encoding": "identity"})
        pages.append((len(plain.data), response.data))
    app.extensions["trace.scans"].flush()
    engine.dispose()
    size, body = max(pages, key=lambda page: len(page[1]))
    return Page(body, size, max(queries))
