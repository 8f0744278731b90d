"""A business and an officer, each with a key that may do everything they may."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.client import Client
from tests.factories import actor, make_business, make_officer, make_user
from trace.domain.permissions import OF_BUSINESS, OF_OFFICER
from trace.services.keys import issue_key
from trace.storage.businesses import Business


@dataclass
class Machine:
    """Calls the API with one key. Headers may be given as keyword arguments: ``if_match='"1"'``."""

    client: Client
    key: str

    def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if json is None else {"json": json}
        authorization = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return self.client.open(
            f"/api/v1{path}", method=method, headers={**authorization, **sent}, buffered=True, **body
        )


Keys = Callable[..., str]


@pytest.fixture
def business(session: Session) -> Business:
    return make_business(session, owner=make_user(session))


@pytest.fixture
def machine(session: Session, client: Client, business: Business) -> Machine:
    """Acts for ``business``."""
    from trace.storage.accounts import Membership, User

    owner = session.get_one(User, session.query(Membership.user_id).filter_by(business_id=business.id).scalar())
    _, token = issue_key(session, actor(owner), business_id=business.id, name="máy", scopes=OF_BUSINESS)
    return Machine(client, token)


@pytest.fixture
def officer(session: Session, client: Client) -> Machine:
    return _officer(session, client)


@pytest.fixture
def second_officer(session: Session, client: Client) -> Machine:
    return _officer(session, client)


def _officer(session: Session, client: Client) -> Machine:
    person = make_officer(session)
    session.flush()
    _, token = issue_key(session, actor(person), officer_id=person.id, name="máy của Sở", scopes=OF_OFFICER)
    return Machine(client, token)


@pytest.fixture
def anyone(client: Client) -> Machine:
    return Machine(client, "")
