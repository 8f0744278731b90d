"""Finding a business, asking it and answering, on the pages."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.trading_partners import make_listing
from trace.domain.businesses import BusinessStatus
from trace.storage.accounts import Membership
from trace.storage.businesses import Business
from trace.storage.connections import Connection

pytestmark = pytest.mark.usefixtures("in_march")
SECRETS = ("Cô Ba", "ba@vidu.example")


@pytest.fixture
def farm(session: Session) -> Business:
    business = factories.make_business(session, owner=factories.make_user(session), legal_name="Trại Bãi Xanh")
    make_listing(session, business, offers="Rau ăn lá")
    return business


@pytest.fixture
def shop(session: Session, client: Client) -> Business:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner, legal_name="Cửa hàng Cầu")
    client.sign_in(owner)
    return business


def test_from_the_directory_to_each_others_contact(
    client: Client, session: Session, shop: Business, farm: Business
) -> None:
    home = f"/workspace/{shop.id}"
    assert "Trại Bãi Xanh" in client.get(f"{home}/directory?q=bai+xanh").text
    entry = client.get(f"{home}/directory/{farm.id}").text
    assert "Rau ăn lá" in entry
    assert not [each for each in SECRETS if each in entry]
    chosen = {"listed": "y", "shares_phone": "y"}
    assert client.submit(f"{home}/directory/own", chosen).status_code == 303
    assert client.submit(f"{home}/directory/{farm.id}", {"wanted": ""}).status_code == 422
    sent = client.submit(f"{home}/directory/{farm.id}", {"wanted": "50 kg cải", "message": "Giao sớm"})
    assert sent.status_code == 303
    assert not [each for each in SECRETS if each in client.get(sent.location).text]

    asked = session.scalars(select(Connection)).one()
    client.sign_in(owner_of(session, farm))
    page = f"/workspace/{farm.id}/connections/{asked.id}"
    assert "Giao sớm" in client.get(page).text
    assert client.submit(f"{page}/accept", form=page).status_code == 303
    client.sign_in(owner_of(session, shop))
    assert all(each in client.get(sent.location).text for each in SECRETS)


def test_officers_see_how_many_and_not_what(client: Client, session: Session, officer: Any, farm: Business) -> None:
    page = client.get("/authority/directory").text
    assert "Trại Bãi Xanh" in page
    assert not [each for each in SECRETS if each in page]
    assert client.get(f"/workspace/{farm.id}/connections").status_code == 403


def test_a_business_that_waits_for_approval_is_told_why_it_sees_nothing(
    client: Client, shop: Business, farm: Business
) -> None:
    shop.status = BusinessStatus.APPLIED
    answer = client.get(f"/workspace/{shop.id}/directory")
    assert answer.status_code == 409
    assert "Trại Bãi Xanh" not in answer.text


def owner_of(session: Session, business: Business) -> Any:
    return session.scalars(select(Membership).where(Membership.business_id == business.id)).one().user
