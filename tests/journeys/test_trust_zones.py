"""Every address, opened by everybody: nothing typed by people runs anywhere, and nobody reads what is not theirs."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from tests.client import Client
from tests.crawl import addresses
from tests.world import World, make_world
from trace.domain.permissions import OF_BUSINESS
from trace.services import keys, mail, notices
from trace.storage.accounts import User
from trace.storage.businesses import Business
from trace.storage.complaints import Complaint
from trace.storage.sites import Site

HOSTILE = "=1+1'\"><xss onx=1>{{7*7}}"
TYPED = re.compile(
    r"name|name_en|legal_name|street|former_address|address|brand|issuer|number|plot|material|active_ingredient|dose|"
    r"operator|note|text|answer|reason|source|file_name|vehicle|actor|\w+_reason|\w+_by_name|actor_name|buyer_name"
)
"""Columns that keep what a person typed."""
EMAIL = re.compile(r"[\w.+-]+@example\.com")
FILES = ("application/pdf", "application/octet-stream", "image/", "application/zip", "text/css")


@pytest.fixture
def world(session: Session) -> Iterator[World]:
    """In which everything that anybody typed is an attack."""

    def type_it(writing: Session, *_: Any) -> None:
        for made in writing.new:
            for name in made.__mapper__.columns.keys() if type(made).__name__ != "Role" else ():
                if TYPED.fullmatch(name) and type(getattr(made, name)) is str:
                    setattr(made, name, HOSTILE)

    event.listen(session, "before_flush", type_it)
    yield make_world(session)
    event.remove(session, "before_flush", type_it)


@pytest.mark.parametrize("role", ["shopper", "owner", "officer"])
def test_nothing_that_was_typed_runs_anywhere(
    app: Flask, client: Client, session: Session, world: World, role: str
) -> None:
    person = {"shopper": None, "owner": world.owner, "officer": factories.make_officer(session)}[role]
    _, key = keys.issue_key(
        session, factories.actor(world.owner), name="x", scopes=OF_BUSINESS, business_id=world.business_id
    )
    seen = 0
    for path, answer in _everything(app, client, world, person, key if role == "owner" else ""):
        assert answer.status_code < 500, path
        kind = answer.mimetype
        if kind == "text/csv":
            rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";")
            assert not [cell for row in rows for cell in row if cell.startswith("=")], path
        elif kind.endswith("spreadsheetml.sheet"):
            book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
            assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"], path
        elif kind.endswith("wordprocessingml.document"):
            with zipfile.ZipFile(io.BytesIO(answer.get_data())) as parts:
                assert not [name for name in parts.namelist() if b"<xss" in parts.read(name)], path
        elif kind == "application/pdf":
            assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction)\b", answer.get_data()), path
        elif kind.endswith("json"):
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        elif not kind.startswith(FILES):
            assert "<xss" not in answer.text, path
            seen += "&lt;xss" in answer.text
    assert seen, "the attack was not even shown"
    mails: list[mail.Mail] = []
    notices.deliver(session, mails.append, "http://trace.test")
    assert not [one for one in mails if "<xss" in mail.as_html(one.text, "http://trace.test")]


@pytest.mark.parametrize("role", ["shopper", "other business", "nobody's"])
def test_nobody_reads_what_is_private_to_others(
    app: Flask, client: Client, session: Session, world: World, role: str
) -> None:
    business = session.get_one(Business, world.business_id)
    business.phone, business.tax_code, business.household_number = "+84987606808", "031095006808", "HKD-7606808"
    for site in session.query(Site):
        site.latitude, site.longitude = 20.918273, 105.837261
    session.query(Complaint).update({"phone": "+84911606707"})
    other = factories.make_user(session, email="other@elsewhere.test")
    own = factories.make_business(session, owner=other)
    _, key = keys.issue_key(session, factories.actor(other), name="x", scopes=OF_BUSINESS, business_id=own.id)
    stranger = factories.make_user(session, email="stranger@elsewhere.test")
    person = {"shopper": None, "other business": other, "nobody's": stranger}[role]
    secret = re.compile("987606808|031095006808|7606808|918273|837261|911606707")
    betrayed = []
    for path, answer in _everything(app, client, world, person, key if role == "other business" else ""):
        if answer.mimetype.startswith(FILES):
            continue
        text = re.sub(r"(?<=\d)[ .\u00a0\u202f](?=\d)", "", answer.text)
        if found := secret.findall(text.replace(",", "")) + EMAIL.findall(text):
            betrayed.append((path, found))
    assert betrayed == []


def _everything(
    app: Flask, client: Client, world: World, person: User | None, key: str
) -> Iterator[tuple[str, TestResponse]]:
    """Each page and answer, as this person; the API with the key."""
    for _, path in addresses(app, world, "GET"):
        api = path.startswith("/api/")
        if person and not api:
            client.sign_in(person)
        else:
            client.delete_cookie("session")
        with client.get(path, headers={"Authorization": f"Bearer {key}"} if api and key else {}) as answer:
            yield path, answer
