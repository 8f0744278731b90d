"""The daily job on a phone: repeat, one number, save."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessStatus
from trace.storage.batches import Batch
from trace.storage.chain import Event


@pytest.fixture(autouse=True)
def _second_of_march(clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def business(session: Session, client: Client) -> Any:
    owner = factories.make_user(session)
    client.sign_in(owner)
    return factories.make_business(session, owner=owner)


@pytest.fixture
def home(business: Any) -> str:
    return f"/workspace/{business.id}/batches"


@pytest.fixture
def yesterdays(session: Session, business: Any) -> Batch:
    site = factories.make_site(session, business, code="VD")
    product = factories.make_product(session, business)
    return factories.make_batch(session, business, site_id=site.id, product_id=product.id, lot="VD-260301-1")


def chosen(page: str) -> dict[str, str]:
    """What a browser would send if nothing but the amount were typed."""
    fields = dict(re.findall(r'<input[^>]*name="(form_key|production_date|lot|best_before)"[^>]*value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*name="(product_id|site_id)"[^>]*>(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'<option[^>]*selected[^>]*value="(\d+)"', options) or re.search(r'value="(\d+)"', options)
        assert selected
        fields[name] = selected[1]
    return fields


def repeat(client: Client, home: str, model: Batch, amount: str, **more: str) -> Any:
    path = f"{home}/new?repeat={model.id}"
    return client.submit(path, {**chosen(client.get(path).text), "amount": amount, **more})


def made_today(session: Session) -> Batch:
    return session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()


def test_without_products_the_form_says_what_comes_first(client: Client, home: str) -> None:
    assert f"{home.removesuffix('/batches')}/products/new" in client.get(f"{home}/new").text


def test_yesterdays_batch_is_repeated_with_one_number(
    client: Client, home: str, session: Session, yesterdays: Batch
) -> None:
    assert f"{home}/new?repeat={yesterdays.id}" in client.get(home).text
    answer = repeat(client, home, yesterdays, "85,5")
    assert answer.status_code == 303
    batch = made_today(session)
    assert answer.location == f"{home}/{batch.id}"
    assert (batch.amount, batch.lot, str(batch.production_date)) == (85_500, "VD-260302-1", "2026-03-02")
    assert (batch.product_id, batch.site_id) == (yesterdays.product_id, yesterdays.site_id)
    assert batch.status is BatchStatus.DRAFT


@pytest.mark.parametrize("field", ["product_id", "site_id"])
@pytest.mark.parametrize("value", ["", "9" * 20, "-1", "-9223372036854775809", "٣", "x"])
def test_what_the_form_did_not_offer_cannot_be_chosen(
    client: Client, home: str, yesterdays: Batch, field: str, value: str
) -> None:
    answer = repeat(client, home, yesterdays, "85,5", **{field: value})
    assert answer.status_code == 422
    assert "trong danh sách." in answer.text


def test_the_amount_is_empty_focused_and_asks_for_a_numeric_keyboard(
    client: Client, home: str, yesterdays: Batch
) -> None:
    page = client.get(f"{home}/new?repeat={yesterdays.id}").text
    field = re.search(r'<input[^>]*name="amount"[^>]*>', page)
    assert field
    assert 'inputmode="decimal"' in field[0]
    assert "autofocus" in field[0]
    assert 'value=""' in field[0]


def test_save_and_publish_is_one_button(client: Client, home: str, session: Session, yesterdays: Batch) -> None:
    answer = repeat(client, home, yesterdays, "85", publish="yes")
    page = client.get(answer.location).text
    batch = made_today(session)
    assert batch.status is BatchStatus.PUBLISHED
    assert f"/q/{batch.public_code}" in page
    assert f"{home}/{batch.id}/labels" in page


def test_the_same_form_sent_twice_makes_one_batch_and_answers_alike(
    client: Client, home: str, session: Session, yesterdays: Batch
) -> None:
    path = f"{home}/new?repeat={yesterdays.id}"
    data = {**chosen(client.get(path).text), "amount": "85", "publish": "yes"}
    first, second = client.submit(path, data), client.submit(path, data)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert session.scalar(select(func.count()).select_from(Batch)) == 2
    assert "alert" not in client.get(second.location).text


def test_a_wrong_form_keeps_what_was_typed_and_says_why_at_the_field(
    client: Client, home: str, yesterdays: Batch
) -> None:
    answer = repeat(client, home, yesterdays, "nhiều", lot="vd-9")
    assert answer.status_code == 422
    assert 'value="nhiều"' in answer.text
    assert 'value="vd-9"' in answer.text
    assert 'id="amount-error"' in answer.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", ""),
        ("amount", "-5"),
        ("amount", "0"),
        ("amount", "99999999"),
        ("amount", "1e400"),
        ("production_date", "2026-03-03"),
        ("production_date", "31/02/2026"),
        ("production_date", ""),
        ("best_before", "2026-03-01"),
        ("lot", "VD-260301-1"),
        ("lot", "lô mới"),
        ("lot", "A" * 21),
        ("product_id", "999999"),
        ("site_id", "x"),
    ],
)
def test_bad_input_is_answered_at_its_field(
    client: Client, home: str, yesterdays: Batch, field: str, typed: str
) -> None:
    answer = repeat(client, home, yesterdays, **{"amount": "85", field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_taken_lot_is_answered_with_the_next_free_one(client: Client, home: str, yesterdays: Batch) -> None:
    repeat(client, home, yesterdays, "85")
    answer = repeat(client, home, yesterdays, "85", lot="vd-260302-1")
    assert "VD-260302-2" in answer.text


def test_what_is_missing_is_named_with_the_way_to_complete_it(
    client: Client, home: str, session: Session, business: Any
) -> None:
    product = factories.make_product(session, business, photo_id=None, standards=[])
    batch = factories.make_batch(session, business, product_id=product.id)
    page = client.get(f"{home}/{batch.id}").text
    assert f"/products/{product.id}#photo" in page
    assert f"/products/{product.id}#standards" in page


def test_packing_makes_the_record_whole(client: Client, home: str, session: Session, yesterdays: Batch) -> None:
    path = f"{home}/{yesterdays.id}"
    client.submit(f"{path}/publish", form=path)
    assert 'id="packing"' in client.get(path).text
    data = {"at": "2026-03-02T09:30", "site_id": yesterdays.site_id, "packs": "240"}
    assert client.submit(f"{path}/packing", data).status_code == 303
    session.refresh(yesterdays)
    assert yesterdays.complete
    event = session.scalars(select(Event).where(Event.business_step == "packing")).one()
    assert event.event_time == datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
    page = client.get(path).text
    assert 'id="packing"' not in page
    assert "09:30 02/03/2026" in page
    wrong = f"{path}/events/{event.id}/wrong"
    assert client.submit(wrong, {"reason": "Nhầm lô"}).status_code == 303
    assert 'id="packing"' in client.get(path).text


@pytest.mark.parametrize("at", ["", "mai", "2026-03-03T09:00", "2026-02-01T09:00"])
def test_an_impossible_time_of_packing_is_refused(client: Client, home: str, yesterdays: Batch, at: str) -> None:
    path = f"{home}/{yesterdays.id}"
    client.submit(f"{path}/publish", form=path)
    answer = client.submit(f"{path}/packing", {"at": at, "site_id": yesterdays.site_id})
    assert answer.status_code == 422
    assert 'id="at-error"' in answer.text


def test_a_business_that_is_not_approved_is_told_why_it_cannot_publish(
    client: Client, home: str, session: Session, business: Any, yesterdays: Batch
) -> None:
    business.status = BusinessStatus.APPLIED
    path = f"{home}/{yesterdays.id}"
    assert f"{path}/publish" not in client.get(path).text
    client.submit(f"{path}/publish", form=f"{home}/{yesterdays.id}")
    session.refresh(yesterdays)
    assert yesterdays.status is BatchStatus.DRAFT
    assert 'class="notice bad"' in client.get(path).text


def test_a_correction_shows_what_changed_and_why(
    client: Client, home: str, session: Session, yesterdays: Batch
) -> None:
    path = f"{home}/{yesterdays.id}"
    client.submit(f"{path}/publish", form=path)
    session.refresh(yesterdays)
    data = {
        "product_id": yesterdays.product_id,
        "site_id": yesterdays.site_id,
        "production_date": "01/03/2026",
        "lot": yesterdays.lot,
        "amount": "118",
        "version": yesterdays.version,
    }
    assert client.submit(f"{path}/edit", data).status_code == 422, "a reason is missing"
    assert client.submit(f"{path}/edit", {**data, "reason": "Cân lại"}).status_code == 303
    page = client.get(path).text
    assert "<del>120 kg</del>" in page
    assert "<ins>118 kg</ins>" in page
    assert "Cân lại" in page
    stale = client.submit(f"{path}/edit", {**data, "amount": "117", "reason": "Lần nữa"})
    assert stale.status_code == 422, "somebody else saw an older version"


def test_a_draft_is_edited_and_deleted(client: Client, home: str, session: Session, yesterdays: Batch) -> None:
    path = f"{home}/{yesterdays.id}"
    page = client.get(f"{path}/edit").text
    assert 'value="120"' in page
    assert client.submit(f"{path}/edit", {**chosen(page), "amount": "1.250"}).status_code == 303
    session.refresh(yesterdays)
    assert (yesterdays.amount, yesterdays.lot) == (1_250_000, "VD-260301-1")
    assert client.submit(f"{path}/delete", form=path).location == home
    assert client.get(path).status_code == 404


def test_a_batch_is_withdrawn_with_a_reason(client: Client, home: str, session: Session, yesterdays: Batch) -> None:
    path = f"{home}/{yesterdays.id}"
    client.submit(f"{path}/publish", form=path)
    assert client.submit(f"{path}/withdraw", {"reason": " "}).status_code == 422
    assert client.submit(f"{path}/withdraw", {"reason": "Tồn dư vượt mức"}).status_code == 303
    page = client.get(path).text
    assert "Tồn dư vượt mức" in page
    assert f"{path}/withdraw" not in page


def test_the_list_is_searched_and_filtered(client: Client, home: str, session: Session, business: Any) -> None:
    melon = factories.make_product(session, business, name="Dưa lưới")
    factories.make_batch(session, business, product_id=melon.id, lot="DL-1")
    published = factories.make_batch(
        session, business, lot="CN-1", status=BatchStatus.PUBLISHED, public_code="7K3M9XW2QT"
    )
    for search, found, other in (
        ("dua", "DL-1", "CN-1"),
        ("cn-", "CN-1", "DL-1"),
        ("7k3-m9xw", "CN-1", "DL-1"),
        ("%", None, "DL-1"),
    ):
        page = client.get(home, query_string={"search": search}).text
        assert other not in page
        assert found is None or found in page
    page = client.get(home, query_string={"status": "published"}).text
    assert published.lot in page
    assert "DL-1" not in page


def test_the_list_goes_on_page_by_page(client: Client, home: str, session: Session, business: Any) -> None:
    product, site = factories.make_product(session, business), factories.make_site(session, business)
    for number in range(51):
        factories.make_batch(session, business, lot=f"L{number:03}", product_id=product.id, site_id=site.id)
    following = re.search(r'rel="next" href="([^"]+)"', client.get(home).text)
    assert following
    page = client.get(following[1].replace("&amp;", "&")).text
    assert "L000" in page
    assert "L001" not in page


def test_somebody_elses_batch_is_not_there(client: Client, home: str, session: Session) -> None:
    foreign = factories.make_batch(session, factories.make_business(session))
    assert client.get(f"{home}/{foreign.id}").status_code == 404
    assert client.get(f"{home}/new?repeat={foreign.id}").status_code == 404
