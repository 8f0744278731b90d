"""A machine that lost its line repeats itself, and the thing is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.api.conftest import Machine
from tests.client import Client, Clock
from trace.services import idempotency
from trace.storage.accounts import ApiKey, IdempotentRequest
from trace.storage.businesses import Business
from trace.storage.sites import Site

SITE = {"kind": "growing_area", "name": "Ruộng Văn Đức", "commune_code": "00070"}


def count(session: Session, model: type[object]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_same_request_twice_is_done_once_and_answered_alike(
    machine: Machine, business: Business, session: Session
) -> None:
    path = f"/businesses/{business.id}/sites"
    first = machine("POST", path, SITE, idempotency_key="a")
    again = machine("POST", path, SITE, idempotency_key="a")
    assert (first.status_code, first.headers["Idempotency-Replayed"]) == (201, "false")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.data == first.data
    assert again.headers["ETag"] == first.headers["ETag"]
    assert count(session, Site) == 1


def test_a_key_belongs_to_one_request(machine: Machine, business: Business) -> None:
    path = f"/businesses/{business.id}/sites"
    machine("POST", path, SITE, idempotency_key="a")
    other = machine("POST", path, {**SITE, "name": "Ruộng khác"}, idempotency_key="a")
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


def test_a_request_that_failed_may_be_tried_again_with_its_key(
    machine: Machine, business: Business, session: Session
) -> None:
    path = f"/businesses/{business.id}/sites"
    wrong = {**SITE, "commune_code": "99999"}
    assert machine("POST", path, wrong, idempotency_key="a").status_code == 422
    assert machine("POST", path, wrong, idempotency_key="a").status_code == 422
    assert machine("POST", path, SITE, idempotency_key="a").status_code == 201
    assert count(session, Site) == 1


def test_a_crash_after_the_work_and_before_the_answer_leaves_neither(
    machine: Machine, business: Business, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/businesses/{business.id}/sites"
    with monkeypatch.context() as broken:
        broken.setattr("trace.api.topics.Answer", None)  # fails when the answer is about to be kept
        assert machine("POST", path, SITE, idempotency_key="a").status_code == 500
    assert count(session, Site) == 0
    assert count(session, IdempotentRequest) == 0
    assert machine("POST", path, SITE, idempotency_key="a").status_code == 201


def test_what_is_sent_many_times_at_once_is_done_once(
    app: Flask, machine: Machine, business: Business, session: Session
) -> None:
    path = f"/businesses/{business.id}/sites"
    session.commit()

    def post(_: int) -> tuple[int, bytes]:
        answer = Machine(Client(app), machine.key)("POST", path, SITE, idempotency_key="a")
        return answer.status_code, answer.data

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(post, range(8)))
    assert {status for status, _ in answers} == {201}
    assert len(answers) == 1
    assert count(session, Site) == 1


def test_a_kept_answer_cannot_be_read_without_the_callers_key(
    machine: Machine, business: Business, session: Session
) -> None:
    facts = {"name": "cân", "scopes": ["business:batches:read"]}
    path = f"/businesses/{business.id}/keys"
    made = machine("POST", path, facts, idempotency_key="a").json["key"]
    assert machine("POST", path, facts, idempotency_key="a").json["key"] == made
    session.rollback()
    kept = session.scalars(select(IdempotentRequest)).one()
    assert made.encode() not in (kept.body or b"")
    assert count(session, ApiKey) == 2


def test_answers_are_forgotten_after_two_days(
    machine: Machine, business: Business, session: Session, clock: Clock
) -> None:
    path = f"/businesses/{business.id}/sites"
    machine("POST", path, SITE, idempotency_key="a")
    clock.advance(hours=47)
    assert idempotency.purge(session) == 0
    clock.advance(hours=1, seconds=1)
    assert idempotency.purge(session) == 1
    assert timedelta(hours=48) == idempotency.KEPT_FOR


@pytest.mark.parametrize("key", ["", "x" * 101, "khóa"])
def test_an_unusable_key_is_refused(machine: Machine, business: Business, key: str) -> None:
    answer = machine("POST", f"/businesses/{business.id}/sites", SITE, idempotency_key=key)
    assert answer.status_code == 400
