"""The description is true: nothing that follows it breaks the service, and people find everything in it explained."""

import re
from collections.abc import Mapping
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.client import Client
from tests.factories import actor
from tests.world import make_world
from trace.api.docs import METHODS
from trace.domain.permissions import OF_BUSINESS
from trace.services.keys import issue_key

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
HEALTH = list(HealthCheck)
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def described(client: Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/openapi.json").json
    return document


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, methods[method])
        for path, methods in described["paths"].items()
        for method in METHODS
        if method in methods
    ]


def test_every_route_is_described(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (method, re.sub(r"<(?:[^:<>]*:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in rule.methods or ()
        if method.lower() in METHODS
    }
    assert routes == {(method, path) for method, path, _ in operations(described)}


def test_every_operation_says_what_it_does_and_which_scope_it_needs(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        assert operation.get("summary"), (method, path)
        assert ("x-scope" in operation) != ("security" in operation), (method, path)


def test_every_post_may_be_repeated(described: dict[str, Any]) -> None:
    for method, path, operation in operations(described):
        headers = {one.get("name") for one in operation.get("parameters", ())}
        assert ("Idempotency-Key" in headers) == (method == "POST"), (method, path)
        assert ("If-Match" in headers) >= (method == "PUT"), (method, path)


def test_the_guide_names_every_path(described: dict[str, Any]) -> None:
    guide = (ROOT / "docs/api.md").read_text()
    named = set(re.findall(r"^\| (GET|POST|PUT|DELETE) \| `([^`]+)`", guide, re.MULTILINE))
    assert named == {(method, path.removeprefix("/api/v1")) for method, path, _ in operations(described)}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_people_read_the_same_description_as_a_page(client: Client, described: dict[str, Any], language: str) -> None:
    page = unescape(client.get("/api/docs", headers={"Accept-Language": language}).text)
    for _, path, operation in operations(described):
        assert path in page
        assert operation["summary"] in page
    for name in described["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    assert 'id="lot-taken"' in page


def test_whatever_is_sent_by_the_description_is_answered(
    app: Flask, session: Session, client: Client, officer: Machine
) -> None:
    world = make_world(session)
    owner = actor(world.owner)
    _, key = issue_key(session, owner, business_id=world.business_id, name="máy", scopes=OF_BUSINESS)
    machine = Machine(client, key)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    for found in schema.get_all_operations():
        operation = found.ok()
        caller = machine if "business_id" in operation.path else officer
        for mode in GenerationMode:
            send(operation.as_strategy(generation_mode=mode), caller, world.values)


def send(cases: SearchStrategy[Any], caller: Machine, known: Mapping[str, Any]) -> None:
    """A few requests for one operation, half of them about what is there; the same ones in every run."""

    @seed(1)
    @settings(max_examples=2, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=HEALTH)
    @given(cases, st.booleans())
    def each(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = {
                name: known.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        caller.client.before_request()
        response = case.call(headers={"Authorization": f"Bearer {caller.key}", "Accept-Encoding": "identity"})
        case.validate_response(response, checks=CHECKS)

    with suppress(Unsatisfiable):  # some operations take nothing that could be wrong
        each()
