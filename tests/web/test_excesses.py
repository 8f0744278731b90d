"""The quick batch form asks for a reason only where one is needed, and officers read it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.products import Commodity
from trace.storage.batches import Batch
from trace.storage.excesses import Excess
from trace.storage.yields import CropYield


def test_a_reason_is_asked_only_where_the_harvest_is_unusual(client: Client, session: Session) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    site = factories.make_site(session, business, name="Ruộng Đầm", area_m2=100)
    product = factories.make_product(session, business)
    path = f"/workspace/{business.id}/batches/new"
    client.sign_in(owner)
    assert 'name="excess_reason"' not in client.get(path).text
    typed = {"product_id": product.id, "site_id": site.id, "production_date": "2026-03-01", "form_key": "a"}

    asked = client.submit(path, {**typed, "amount": "401"})
    assert asked.status_code == 422
    assert 'name="excess_reason"' in asked.text
    assert "một vụ Rau, củ được nhiều nhất 400 kg" in asked.text
    assert client.submit(path, {**typed, "amount": "401", "excess_reason": "Hai lứa"}).status_code == 303
    refused = client.submit(path, {**typed, "form_key": "b", "amount": "4400", "excess_reason": "Nhiều lứa"})
    assert refused.status_code == 422
    assert "Năm 2026 đã ghi 401 kg, thêm 4.400 kg là 4.801 kg." in refused.text
    assert session.scalars(select(Batch.amount)).all() == [401_000]

    client.sign_in(factories.make_officer(session))
    queue = client.get("/authority/excesses?kind=harvest").text
    assert "Hai lứa" in queue
    assert "Hai lứa" not in client.get("/authority/excesses?kind=labels").text
    excess = session.scalars(select(Excess)).one()
    assert "(1)" in client.get(f"/authority/businesses/{business.id}").text
    page = f"/authority/excesses/{excess.id}"
    assert client.submit(page, {"conclusion": "Đã đến ruộng", "version": str(excess.version)}).status_code == 303
    assert "Đã đến ruộng" in client.get(page).text
    assert "Hai lứa" in client.get("/authority/excesses?seen=yes").text


def test_the_queue_says_how_much_is_not_checked(client: Client, session: Session) -> None:
    business = factories.make_business(session)
    factories.make_site(session, business)
    factories.make_product(session, business, commodity=Commodity.HONEY)
    client.sign_in(factories.make_officer(session))
    assert "1 vùng trồng chưa khai diện tích, 1 sản phẩm" in client.get("/authority/excesses").text


def test_an_officer_publishes_a_yield(client: Client, session: Session) -> None:
    client.sign_in(factories.make_officer(session))
    rice = session.scalars(select(CropYield).where(CropYield.commodity == Commodity.RICE)).one()
    path = f"/authority/yields/{rice.id}"
    assert 'value="0,53"' in client.get(path).text
    typed = {
        "low": "0,6",
        "high": "0,9",
        "cycles": "2",
        "valid_from": "2026-01-01",
        "source": "Chi cục Trồng trọt 2026",
        "reason": "Số đo mới",
        "version": "1",
    }
    wrong = client.submit(path, {**typed, "low": "1", "source": ""})
    assert wrong.status_code == 422
    assert "mức thấp không lớn hơn mức cao" in wrong.text
    assert client.submit(path, typed).status_code == 303
    assert client.submit("/authority/yields/new", {**typed, "commodity": "fruit", "crop": "Ổi"}).status_code == 303
    answer = client.get("/api/v1/yields?on=2026-02-01&commodity=rice").json
    assert [(row["number"], row["high"], row["cycles"]) for row in answer["items"]] == [(2, 900, 2)]
    crops = [row["crop"] for row in client.get("/api/v1/yields?commodity=fruit").json["items"]]
    assert "ổi" in crops
