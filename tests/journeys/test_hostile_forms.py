"""Whatever is typed into whichever field gets an answer, and what is refused leaves nothing behind."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.crawl import addresses, forms, written
from tests.world import World, make_world

VALUES = (
    "",
    "-1",
    "9" * 40,
    "1e309",
    "a\x00b٣",
    "\ud800",
    "\u202egpj.exe",
    "'\"><script>alert(1)</script>",
    "31/02/0000",
    "9999-12-31T25:61",
)
TURNS = 3
"""How often every field is filled with some value; each field gets another one each time."""

RAW = (
    ("multipart/form-data; boundary=", b"----\r\n"),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'),
    ("application/x-www-form-urlencoded", b"%ff%fe=%00&name=\xff\xfe&version=1&version=2&=&&;%"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ("application/json", b"[" * 5000),
)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def world(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return make_world(session)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("role", "under", "beside"),
    [
        ("nobody", "/", "/workspace/"),
        ("owner", "/workspace/<int:business_id>/", "\n"),
        ("owner", "/workspace/", "/workspace/<int:business_id>/"),
        ("owner", "/account/", "\n"),
        ("officer", "/authority/", "\n"),
    ],
    ids=["shopper", "business", "newcomer", "account", "department"],
)
def test_no_form_breaks(
    app: Flask, client: Client, session: Session, world: World, role: str, under: str, beside: str
) -> None:
    people = {"nobody": None, "owner": world.owner, "officer": factories.make_officer(session)}
    person = people[role]

    def sign_in() -> None:
        if person:
            client.sign_in(person)

    sign_in()
    targets = {path for _, path in addresses(app, world, "POST", under=under, beside=beside)}
    targets = {path for path in targets if not path.startswith("/api/")}
    shown = forms(client, (path for _, path in addresses(app, world, "GET", under=under, beside=beside)))
    assert targets, under
    wrong = []
    with written(app) as changes:
        for path in sorted(targets):
            form = shown.get(path.partition("?")[0])
            fields = form.fields if form else {"version": "1", "name": "x"}
            sign_in()
            for content_type, body in _bodies(fields):
                changes.clear()
                with client.post(path, data=body, content_type=content_type) as answer:
                    status = answer.status_code
                if status >= 500:
                    wrong.append(f"{status} for {path} with {body[:80]!r}")
                elif status >= 400 and changes:
                    wrong.append(f"{status}, but {changes} for {path} with {body[:80]!r}")
                elif "/account/login" in (answer.location or ""):
                    sign_in()
    assert not wrong, "\n" + "\n".join(wrong)


def test_what_is_written_does_not_go_unseen(app: Flask, client: Client, world: World) -> None:
    client.sign_in(world.owner)
    with written(app) as changes:
        assert client.post("/workspace/account", data={"name": "An", "locale": "vi"}).status_code == 303
    assert [change for change in changes if "audit_entries" in change]


def test_no_number_in_an_address_breaks(app: Flask, client: Client, session: Session, world: World) -> None:
    officer = factories.make_officer(session)
    wrong = []
    for method in ("GET", "POST"):
        for rule, path in addresses(app, world, method):
            numbers = [name for name, kind in rule._converters.items() if type(kind).__name__ == "Identifier"]
            for name in numbers:
                for number in (0, 2**63 - 1, 2**63):
                    at = rule.build({**_arguments(app, path), name: number})
                    client.sign_in(officer if path.startswith("/authority/") else world.owner)
                    with client.open(at[1] if at else f"{path}/{number}", method=method) as answer:
                        if answer.status_code not in {302, 303, 401, 403, 404, 405, 422}:
                            wrong.append(f"{answer.status_code} for {method} {at and at[1]}")
    assert not wrong, "\n" + "\n".join(wrong)


def _arguments(app: Flask, path: str) -> dict[str, Any]:
    adapter = app.url_map.bind("trace.test")
    for method in ("GET", "POST"):
        if adapter.test(path, method):
            return dict(adapter.match(path, method)[1])
    return {}


def _bodies(fields: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Content type and body: values in all fields, then in one while the others are right, then what is no form at all."""
    names = [name for name in fields if name != "csrf_token"]
    for turn in range(TURNS if names else 0):
        yield FORM, _encoded({name: VALUES[(2 * turn + place) % len(VALUES)] for place, name in enumerate(names)})
    for place, name in enumerate(names):
        yield FORM, _encoded({**fields, name: VALUES[place % len(VALUES)]})
    yield FORM, _encoded(dict.fromkeys(names[-1:], "a" * 1_000_000))
    yield from RAW


def _encoded(fields: dict[str, str]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()
