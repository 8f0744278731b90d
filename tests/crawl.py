"""Walking every address of the service, and sending every form that its pages show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.client import Client
from tests.world import World, address
from trace.storage.models import Base

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


def written(session: Session) -> list[tuple[str, int, int]]:
    """How many rows each table has, and the sum of their versions."""
    rows = session.execute(text(COUNTS)).all()
    session.rollback()
    return [(name, int(count), int(versions)) for name, count, versions in rows]


COUNTS = " UNION ALL ".join(
    f"SELECT '{name}', count(*), {'coalesce(sum(version), 0)' if 'version' in one.c else 0} FROM {name}"  # noqa: S608 - our own names
    for name, one in sorted(Base.metadata.tables.items())
)
