"""What shoppers see of green business points, and the way there."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.trading_partners import make_green_point
from trace.domain.businesses import BusinessKind
from trace.domain.sites import SiteKind
from trace.storage.green_points import GreenPoint

pytestmark = pytest.mark.usefixtures("in_march")


@pytest.fixture
def point(session: Session) -> GreenPoint:
    """A shop in Hoàn Kiếm that shows no more than its commune."""
    owner = factories.make_user(session)
    shop = factories.make_business(
        session, owner=owner, kind=BusinessKind.SHOP, legal_name="Cửa hàng Lá", street="Số 9 ngõ Hẹp"
    )
    site = factories.make_site(
        session, shop, kind=SiteKind.SHOP, name="Quầy Lá", latitude=21.02871, longitude=105.85231
    )
    return make_green_point(session, shop, site)


def test_shoppers_find_a_point_by_commune_and_commodity(client: Client, point: GreenPoint) -> None:
    page = client.get("/green-points").text
    assert "Quầy Lá" in page
    assert "Phường Hoàn Kiếm" in page
    assert "<svg" in page
    for asked, found in (
        ("commune=Hoàn+Kiếm&commodity=vegetables", True),
        ("commodity=fish", False),
        ("q=khác", False),
    ):
        assert ("Quầy Lá" in client.get(f"/green-points?{asked}").text) is found
    assert "Không tìm thấy xã, phường" in client.get("/green-points?commune=Nơi+không+có").text
    assert 'href="/green-points"' in client.get("/").text


def test_nothing_is_shown_that_was_not_chosen(client: Client, session: Session, point: GreenPoint) -> None:
    for path in ("/green-points", "/api/v1/green-points"):
        text = client.get(path).text
        assert not [each for each in ("21.02871", "21,02871", "105.85231", "ngõ Hẹp", "0912") if each in text]
    point.shown_address = "Số 9 ngõ Hẹp"
    assert "Số 9 ngõ Hẹp" in client.get("/green-points").text


def test_a_lapsed_point_is_gone(client: Client, point: GreenPoint) -> None:
    point.valid_until = date(2026, 3, 1)
    assert "Quầy Lá" not in client.get("/green-points").text


def test_an_officer_takes_it_back_with_a_reason(client: Client, officer: Any, point: GreenPoint) -> None:
    page = f"/authority/green-points/{point.id}"
    assert client.submit(f"{page}/revoke", {"reason": ""}, form=page).status_code == 422
    assert client.submit(f"{page}/revoke", {"reason": "Đóng cửa"}, form=page).status_code == 303
    assert "Quầy Lá" not in client.get("/green-points").text
