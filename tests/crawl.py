"""Walking every address of the service, and sending every form that its pages show."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from tests.client import Client
from tests.world import World, address
from trace.request.database import db

Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """``fields`` as a browser would send them untouched; ``files`` are left out."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """The forms of one page that are sent by POST."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self._open: Form | None = None
        self._filling = ""

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        said = dict(attributes)
        name = said.get("name") or ""
        if tag == "form":
            self._open = Form(said.get("action") or self.path) if (said.get("method") or "").lower() == "post" else None
            self.found += [self._open] if self._open else []
        elif self._open is None or (not name and tag != "option"):
            return
        elif tag == "input" and said.get("type") != "file":
            if said.get("type") not in ("radio", "checkbox") or "checked" in said or name not in self._open.fields:
                self._open.fields[name] = said.get("value") or ""
        elif tag in ("select", "textarea"):
            self._filling = name
            self._open.fields.setdefault(name, "")
        elif tag == "option" and self._filling and ("selected" in said or not self._open.fields[self._filling]):
            self._open.fields[self._filling] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag in ("select", "textarea"):
            self._filling = ""


def addresses(
    app: Flask, world: World, method: str, *, under: str = "/", beside: str = "\n"
) -> Iterator[tuple[Rule, str]]:
    """Each address of ``world`` that takes ``method``: below ``under``, and not below ``beside``."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        inside = rule.rule.startswith(under) and not rule.rule.startswith(beside)
        if inside and method in (rule.methods or ()) and rule.endpoint not in LEFT_OUT:
            about = f"?batch={world.values['batch_id']}" if rule.endpoint in ABOUT_A_BATCH else ""
            yield rule, address(rule, world) + about


LEFT_OUT = {"static", "security.logout", "fonts.font"}
ABOUT_A_BATCH = {"workspace.new_handover"}
"""Asks in its query which batch it is about."""


def forms(client: Client, paths: Iterator[str]) -> Mapping[str, Form]:
    """Every form shown on these pages, by its action."""
    found: dict[str, Form] = {}
    for path in paths:
        with client.get(path) as page:
            if page.mimetype != "text/html":
                continue
            reader = Forms(path)
            reader.feed(page.text)
        for form in reader.found:
            target = urlsplit(form.action).path
            if target not in found or len(form.fields) > len(found[target].fields):
                found[target] = form
    return found


@contextmanager
def written(app: Flask) -> Iterator[list[str]]:
    """The statements by which the application commits a row more, a row less or a new version; empty it at will."""
    kept: list[str] = []
    open_: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if re.match(r"INSERT|DELETE|UPDATE.* version=", statement, re.DOTALL):
            open_.append(statement)

    def keep(_connection: Any) -> None:
        kept.extend(open_)
        open_.clear()

    with app.app_context():
        engine = db.engine
    listeners = {"before_cursor_execute": note, "commit": keep, "rollback": lambda _connection: open_.clear()}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield kept
    for name, listener in listeners.items():
        event.remove(engine, name, listener)
