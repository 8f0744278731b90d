"""What stands in an address and means nothing is no filter, and never an error."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client

NONSENSE = [
    "after=99999999999999999999",
    "after=-1",
    "search=%00&q=%00",
    "status=no+such",
    "repeat=9999999999999999999",
]


@pytest.mark.parametrize("query", NONSENSE)
@pytest.mark.parametrize("page", ["batches", "complaints", "batches/new"])
def test_a_business_reads_its_lists(client: Client, session: Session, page: str, query: str) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    client.sign_in(owner)
    assert client.get(f"/workspace/{business.id}/{page}?{query}").status_code == 200


@pytest.mark.parametrize("query", NONSENSE)
@pytest.mark.parametrize("page", ["applications", "businesses", "certificates", "complaints", "audit"])
def test_an_officer_reads_the_lists(client: Client, officer: Any, page: str, query: str) -> None:
    assert client.get(f"/authority/{page}?{query}").status_code == 200


def test_a_person_reads_notices(client: Client, session: Session) -> None:
    client.sign_in(factories.make_user(session))
    assert client.get("/workspace/notices?after=99999999999999999999").status_code == 200
