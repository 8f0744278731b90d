"""Whatever a machine sends as JSON gets an answer that names its error, and what is refused leaves nothing behind."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.crawl import written
from tests.world import World, make_world
from trace.domain.permissions import OF_BUSINESS, OF_OFFICER
from trace.services import keys

VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63,
    10**400,
    1e308,
    "",
    "a\x00b٣",
    "\ud800",
    "'\"><script>alert(1)</script>",
    "x" * 100_000,
    "9999-12-31T23:59:59+23:59",
    [],
    [[[None]]],
    {"value": "9" * 400, "unit": "KGM"},
)
RAW = (
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe{}",
    b'{"a": 1e999, "b": NaN, "a": Infinity}',
    b"[" * 100_000,
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
)
TYPES = (
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/json; charset=utf-7",
)
SAMPLES = {"string": "Rau", "integer": 1, "number": 1.5, "boolean": True, "null": None}
FORMATS = {"date": "2026-03-01", "date-time": "2026-03-01T08:00:00+07:00", "byte": "AAAA"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["business", "officer"])
def test_no_body_breaks_the_api(app: Flask, client: Client, session: Session, role: str) -> None:
    world = make_world(session)
    key = _key(session, world, role)
    described = client.get("/api/openapi.json").json or {}
    known = {**world.values, "codes": [world.values["code"]], "value": "1", "unit": "KGM"}
    wrong = []
    with written(app) as changes:
        for path, methods in described["paths"].items():
            if ("{business_id}" in path) is not (role == "business"):
                continue
            chosen = {one["name"]: one["schema"].get("enum", [None])[0] for one in methods.get("parameters", ())}
            target = path.format(**{**chosen, **world.values})
            for method in {"post", "put", "patch"} & methods.keys():
                content = methods[method].get("requestBody", {}).get("content", {})
                sample = _sample(described, content.get("application/json", {}).get("schema", {}), known)
                for content_type, body in _bodies(sample):
                    changes.clear()
                    headers = {"Authorization": f"Bearer {key}", "If-Match": "*"}
                    answer = client.open(target, method=method, data=body, content_type=content_type, headers=headers)
                    refused = answer.status_code >= 400
                    if answer.status_code >= 500 or (refused and "code" not in (answer.get_json(silent=True) or {})):
                        wrong.append(f"{answer.status_code} for {method} {target} with {body[:120]!r}")
                    elif refused and changes:
                        wrong.append(f"{answer.status_code}, but {changes} for {target} with {body[:120]!r}")
    assert not wrong, "\n" + "\n".join(wrong)


def _key(session: Session, world: World, role: str) -> str:
    if role == "business":
        acting = factories.actor(world.owner)
        return keys.issue_key(session, acting, name="x", scopes=OF_BUSINESS, business_id=world.business_id)[1]
    officer = factories.make_officer(session)
    return keys.issue_key(session, factories.actor(officer), name="x", scopes=OF_OFFICER, officer_id=officer.id)[1]


def _sample(described: dict[str, Any], schema: dict[str, Any], known: dict[str, Any], name: str = "") -> Any:
    """Something that the schema allows; of what the world has, that."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for inner in schema.get("allOf", schema.get("anyOf", ()))[:1]:
        return _sample(described, inner, known, name)
    if "properties" in schema:
        return {each: _sample(described, one, known, each) for each, one in schema["properties"].items()}
    if name in known:
        return known[name]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"][0] if isinstance(schema.get("type"), list) else schema.get("type", "object")
    if kind == "array":
        return [_sample(described, schema["items"], known)]
    return FORMATS.get(schema.get("format", ""), SAMPLES.get(kind, {}))


def _bodies(sample: Any) -> Iterator[tuple[str, bytes]]:
    """Content type and body: each value in all members, then in one while the others are right, then what is no object."""
    names = list(sample)
    for turn in range(len(VALUES) if names else 0):
        yield (
            "application/json",
            _encoded({name: VALUES[(turn + place) % len(VALUES)] for place, name in enumerate(names)}),
        )
    for name in names:
        for value in VALUES[::4]:
            yield "application/json", _encoded({**sample, name: value})
        if isinstance(sample[name], list | dict):
            for value in VALUES[::3]:
                yield "application/json", _encoded({**sample, name: _inside(sample[name], value)})
    for body in RAW:
        yield "application/json", body
    for content_type in TYPES:
        yield content_type, _encoded(sample)


def _inside(whole: Any, value: Any) -> Any:
    return [value] if isinstance(whole, list) else dict.fromkeys(whole, value)


def _encoded(facts: Any) -> bytes:
    return json.dumps(facts).encode()
