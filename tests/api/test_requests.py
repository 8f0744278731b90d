"""Whatever is sent gets an answer that says what to do."""

import pytest
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.factories import add_member, make_user
from trace.domain.permissions import Permission
from trace.storage.businesses import Business


def test_a_key_says_what_it_may_do(machine: Machine, business: Business) -> None:
    me = machine("GET", "/me").json
    assert me["businesses"] == [{"business_id": business.id, "role": "owner"}]
    assert Permission.BATCHES_WRITE in me["scopes"]


@pytest.mark.parametrize("key", ["", "rn_wrong", "nonsense"])
def test_without_a_good_key_there_is_nothing(anyone: Machine, business: Business, key: str) -> None:
    anyone.key = key
    answer = anyone("GET", f"/businesses/{business.id}")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_cookie_opens_nothing(anyone: Machine, session: Session, business: Business) -> None:

    person = make_user(session)
    add_member(session, business, person)
    anyone.client.sign_in(person)
    assert anyone.client.get(f"/workspace/{business.id}/products").status_code == 200
    assert anyone("GET", f"/businesses/{business.id}").status_code == 401


def test_a_key_does_only_what_its_scopes_name(machine: Machine, business: Business) -> None:
    facts = {"name": "cân", "scopes": ["business:profile:read"]}
    reader = Machine(machine.client, machine("POST", f"/businesses/{business.id}/keys", facts).json["key"])
    assert reader("GET", f"/businesses/{business.id}").status_code == 200
    refused = reader("POST", f"/businesses/{business.id}/sites", {})
    assert (refused.status_code, refused.json["code"]) == (403, "not-allowed")
    assert reader("GET", "/coverage").status_code == 403


def test_a_revoked_key_is_no_key(machine: Machine, business: Business) -> None:
    keys = machine("GET", f"/businesses/{business.id}/keys").json["items"]
    assert machine("DELETE", f"/businesses/{business.id}/keys/{keys[0]['id']}").status_code == 204
    assert machine("GET", "/me").status_code == 401


def test_sentences_are_in_the_readers_language_and_codes_are_not(machine: Machine, business: Business) -> None:
    path = f"/businesses/{business.id}/sites"
    vietnamese = machine("POST", path, {}, accept_language="vi").json
    english = machine("POST", path, {}, accept_language="en").json
    assert vietnamese["errors"][0]["detail"] == "Thiếu trường này."
    assert english["code"] == vietnamese["code"] == "invalid-input"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"9" * 10_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b'{"name": "\\u0000", "kind": [], "commune_code": {}}', "application/json", 422),
        (b'{"name": "\\ud800", "kind": "store", "commune_code": "00070"}', "application/json", 422),
        (b'{"name": "K", "kind": "store", "commune_code": "00070", "latitude": NaN}', "application/json", 422),
        (b'{"name": "K", "kind": "store", "commune_code": "00070", "area_m2": 1e400}', "application/json", 422),
        (b'{"name": "K", "kind": "store", "commune_code": "00070", "area_m2": true}', "application/json", 422),
    ],
)
def test_no_body_is_too_odd(machine: Machine, business: Business, body: bytes, content_type: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {machine.key}", "Content-Type": content_type}
    answer = machine.client.post(f"/api/v1/businesses/{business.id}/sites", data=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"


def test_a_body_that_is_too_large_is_refused(machine: Machine, business: Business) -> None:
    headers = {"Authorization": f"Bearer {machine.key}", "Content-Type": "application/json"}
    body = b'"' + b"a" * 24 * 1024 * 1024 + b'"'
    answer = machine.client.post(f"/api/v1/businesses/{business.id}/sites", data=body, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (413, "request-entity-too-large")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", f"/businesses/{10**30}", 404),
        ("DELETE", "/me", 405),
        ("GET", "/businesses?limt=3", 403),
    ],
)
def test_what_is_not_there_is_said_as_a_problem(machine: Machine, method: str, path: str, status: int) -> None:
    answer = machine(method, path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_misspelt_filter_is_refused(officer: Machine) -> None:
    answer = officer("GET", "/businesses?limt=3")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "limt")


def test_a_key_of_an_officer_who_is_one_no_more_opens_nothing(officer: Machine, session: Session) -> None:
    from trace.storage.accounts import User

    person = next(user for user in session.query(User) if user.office)
    person.office = None
    assert officer("GET", "/coverage").status_code == 401
