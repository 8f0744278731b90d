"""Stock on the pages of a business: what is left, and what is made of it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.quantities import Unit
from trace.services import batches
from trace.storage.balance import Holding
from trace.storage.batches import Batch

AT = "2026-03-02T09:30"


@pytest.fixture(autouse=True)
def _second_of_march(clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))


@pytest.fixture
def owner(session: Session, client: Client) -> Any:
    owner = factories.make_user(session)
    client.sign_in(owner)
    return owner


@pytest.fixture
def business(session: Session, owner: Any) -> Any:
    return factories.make_business(session, owner=owner)


@pytest.fixture
def home(business: Any) -> str:
    return f"/workspace/{business.id}/stock"


def held_batch(session: Session, business: Any, owner: Any, **facts: Any) -> Batch:
    """Published, so that its maker holds its 120 kg."""
    batch = factories.make_batch(session, business, **facts)
    session.commit()
    return batches.publish(session, factories.actor(owner), batch.id, public_url="http://trace.test")


@pytest.fixture
def stock(session: Session, business: Any, owner: Any) -> list[Batch]:
    first = held_batch(session, business, owner)
    return [first, held_batch(session, business, owner, product_id=first.product_id, site_id=first.site_id)]


def making(stock: list[Batch], **facts: Any) -> dict[str, Any]:
    return {
        "batch": [str(batch.id) for batch in stock],
        "product_id": stock[0].product_id,
        "site_id": stock[0].site_id,
        "amount": "200",
        "loss": "30",
        "at": AT,
        **facts,
    }


def left(session: Session, batch: Batch) -> int:
    return session.scalars(select(Holding.amount).where(Holding.batch_id == batch.id)).one()


def newest(session: Session) -> Batch:
    return session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()


def test_an_empty_stock_says_what_comes_first(client: Client, home: str) -> None:
    assert "Kho đang trống" in client.get(home).text
    assert "Kho đang trống" in client.get(f"{home}/make").text


def test_stock_is_found_by_lot_and_by_product(client: Client, home: str, stock: list[Batch]) -> None:
    page = client.get(home).text
    assert all(batch.lot in page for batch in stock)
    assert "120 kg" in page
    found = client.get(f"{home}?search={stock[0].lot.lower()}").text
    assert stock[0].lot in found
    assert stock[1].lot not in found
    assert stock[0].lot in client.get(f"{home}?search=cai+ngot").text
    assert "không có lô nào như vậy" in client.get(f"{home}?search=khoai").text


def test_what_is_used_up_is_not_in_stock(client: Client, home: str, session: Session, stock: list[Batch]) -> None:
    data = {"kind": "own_use", "amount": "120", "at": AT}
    assert client.submit(f"{home}/{stock[0].id}/remove", data).status_code == 303
    balance = client.get(f"{home}/{stock[0].id}").text
    assert "Tự dùng" in balance
    assert stock[0].lot not in client.get(home).text
    assert left(session, stock[0]) == 0


def test_all_that_is_left_is_proposed_and_checked_before_it_is_written(
    client: Client, home: str, session: Session, stock: list[Batch]
) -> None:
    path = f"{home}/make?batch={stock[0].id}&batch={stock[1].id}"
    page = client.get(path).text
    assert page.count('checked data-input="amount-') == 2
    assert len(re.findall(r'name="amount-\d+" value="120"', page)) == 2
    checked = client.submit(f"{home}/make", {**making(stock), "step": "check"})
    assert checked.status_code == 200
    assert re.search(r"Chưa rõ.*?10 kg", checked.text, re.DOTALL)
    assert 'value="save"' in checked.text
    assert [left(session, batch) for batch in stock] == [120_000, 120_000]


def test_the_form_makes_one_batch_however_often_it_is_sent(
    client: Client, home: str, session: Session, stock: list[Batch]
) -> None:
    used = {f"amount-{stock[0].id}": "120", f"amount-{stock[1].id}": "112,5"}
    data = {**making(stock, form_key="k"), **used, "step": "save"}
    first, second = client.submit(f"{home}/make", data), client.submit(f"{home}/make", data)
    made = newest(session)
    assert (first.status_code, first.location) == (303, f"/workspace/{made.business_id}/batches/{made.id}")
    assert second.location == first.location
    assert session.scalar(select(func.count()).select_from(Batch)) == 3
    assert [left(session, batch) for batch in (*stock, made)] == [0, 7_500, 200_000]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("batch", []),
        ("batch", ["999999"]),
        ("amount", ""),
        ("amount", "240,001"),
        ("loss", "-1"),
        ("loss", "nhiều"),
        ("at", "2026-03-03T09:00"),
        ("at", "2026-02-01T09:00"),
        ("at", ""),
        ("lot", "lô mới"),
        ("production_date", "2026-02-01"),
        ("best_before", "2026-02-01"),
        ("product_id", "999999"),
        ("site_id", "x"),
    ],
)
@pytest.mark.parametrize("step", ["check", "save"])
def test_what_is_refused_is_said_at_its_field(
    client: Client, home: str, session: Session, stock: list[Batch], field: str, typed: Any, step: str
) -> None:
    answer = client.submit(f"{home}/make", {**making(stock), field: typed, "step": step})
    assert answer.status_code == 422
    shown = "inputs" if field == "batch" else field
    assert f'id="{shown}-error"' in answer.text
    assert session.scalar(select(func.count()).select_from(Batch)) == 2


@pytest.mark.parametrize("typed", ["120,001", "", "x", "-5"])
def test_a_wrong_amount_of_an_input_is_named_with_its_lot(
    client: Client, home: str, stock: list[Batch], typed: str
) -> None:
    answer = client.submit(f"{home}/make", {**making(stock), f"amount-{stock[0].id}": typed, "step": "save"})
    assert answer.status_code == 422
    assert f"Lô {stock[0].lot}" in answer.text
    assert f'name="amount-{stock[0].id}" value="{typed}"' in answer.text


def test_a_batch_is_added_by_the_code_on_its_label(client: Client, home: str, stock: list[Batch]) -> None:
    code = (stock[1].public_code or "").lower()
    data = {**making(stock[:1]), "code": f"{code[:3]}-{code[3:]}", "step": "add"}
    assert client.submit(f"{home}/make", data).text.count('checked data-input="amount-') == 2
    for wrong in ("KHONG-CO", "A\0B"):
        assert 'id="code-error"' in client.submit(f"{home}/make", {**data, "code": wrong}).text


def test_a_batch_is_split_and_the_rest_is_shown_first(
    client: Client, home: str, session: Session, stock: list[Batch]
) -> None:
    path = f"{home}/{stock[0].id}/split"
    data = {"amounts-0": "30", "amounts-1": "20,5", "amounts-2": "", "at": AT, "form_key": "k"}
    checked = client.submit(path, {**data, "step": "check"})
    assert (checked.status_code, left(session, stock[0])) == (200, 120_000)
    assert "69,5 kg" in checked.text
    for _ in range(2):
        assert client.submit(path, {**data, "step": "save"}).status_code == 303
    assert left(session, stock[0]) == 69_500
    assert session.scalar(select(func.count()).select_from(Batch)) == 4


@pytest.mark.parametrize("parts", [["", ""], ["100", "21"], ["-1"], ["x"]])
def test_a_split_that_cannot_be_is_refused_at_its_parts(
    client: Client, home: str, session: Session, stock: list[Batch], parts: list[str]
) -> None:
    data = {f"amounts-{number}": part for number, part in enumerate(parts)}
    answer = client.submit(f"{home}/{stock[0].id}/split", {**data, "at": AT, "step": "save"})
    assert answer.status_code == 422
    assert 'id="amounts-error"' in answer.text
    assert left(session, stock[0]) == 120_000


@pytest.mark.parametrize(
    ("field", "typed"),
    [("kind", "used"), ("kind", ""), ("amount", "120,5"), ("amount", ""), ("at", "2026-03-03T09:00"), ("reason", "")],
)
def test_a_removal_that_cannot_be_is_refused_at_its_field(
    client: Client, home: str, session: Session, stock: list[Batch], field: str, typed: str
) -> None:
    data = {"kind": "destroyed", "amount": "5", "at": AT, "reason": "Ngập nước", field: typed}
    answer = client.submit(f"{home}/{stock[0].id}/remove", data)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"|id="{field}">(?s:.)*?class="error"', answer.text)
    assert left(session, stock[0]) == 120_000


def test_a_removal_sent_twice_takes_once(client: Client, home: str, session: Session, stock: list[Batch]) -> None:
    path = f"{home}/{stock[0].id}/remove"
    data = {"kind": "lost", "amount": "5", "at": AT, "seen": "120000"}
    assert [client.submit(path, data).status_code for _ in range(2)] == [303, 422]
    assert left(session, stock[0]) == 115_000


def test_what_somebody_else_made_is_split_into_a_product_of_ones_own(
    client: Client, home: str, session: Session, business: Any, owner: Any, stock: list[Batch]
) -> None:
    farmer = factories.make_user(session)
    theirs = held_batch(session, factories.make_business(session, owner=farmer), farmer)
    session.add(Holding(batch_id=theirs.id, business_id=business.id, amount=10_000))
    session.commit()
    path = f"{home}/{theirs.id}/split"
    data = {"amounts-0": "4", "product_id": stock[0].product_id, "site_id": stock[0].site_id, "at": AT, "step": "save"}
    assert client.submit(path, data).status_code == 303
    assert (newest(session).business_id, newest(session).product_id) == (business.id, stock[0].product_id)
    assert theirs.lot in client.get(home).text
    assert client.get(f"{home}/{theirs.id}").status_code == 200


def test_another_unit_is_refused_at_the_product(
    client: Client, home: str, session: Session, business: Any, stock: list[Batch]
) -> None:
    eggs = factories.make_product(session, business, unit=Unit.EA)
    answer = client.submit(f"{home}/make", {**making(stock, product_id=eggs.id), "step": "check"})
    assert 'id="product_id-error"' in answer.text


def test_an_officer_sees_a_batch_over_all_its_holders(
    client: Client, home: str, session: Session, stock: list[Batch]
) -> None:
    client.submit(f"{home}/{stock[0].id}/remove", {"kind": "lost", "amount": "5", "at": AT})
    client.sign_in(factories.make_officer(session))
    page = client.get(f"/authority/batches/{stock[0].public_code}/balance").text
    assert re.search(r"Còn ở các cơ sở.*?115 kg.*?Hao hụt.*?5 kg", page, re.DOTALL)


def test_a_removal_is_taken_back_and_shown_as_corrected(
    client: Client, home: str, session: Session, stock: list[Batch]
) -> None:
    path = f"{home}/{stock[0].id}"
    client.submit(f"{path}/remove", {"kind": "lost", "amount": "5", "at": AT})
    undo = re.search(rf'href="({path}/events/\d+/undo)"', client.get(path).text)
    assert undo
    assert 'id="reason-error"' in client.submit(undo[1], {"reason": ""}).text
    assert client.submit(undo[1], {"reason": "Cân nhầm"}).status_code == 303
    assert left(session, stock[0]) == 120_000
    assert re.search(r"Đính chính lúc .*, vì: Cân nhầm", client.get(path).text)
    assert "không hủy được nữa" in client.submit(undo[1], {"reason": "Lại nhầm"}).text


def test_the_making_of_a_batch_is_taken_back_from_the_page_of_what_it_used(
    client: Client, home: str, session: Session, stock: list[Batch]
) -> None:
    client.submit(f"{home}/make", {**making(stock), "step": "save"})
    made = newest(session)
    undo = re.search(rf'href="({home}/{stock[0].id}/events/\d+/undo)"', client.get(f"{home}/{stock[0].id}").text)
    assert undo
    assert made.lot in client.get(undo[1]).text
    assert client.submit(undo[1], {"reason": "Nhầm lô"}).status_code == 303
    assert [left(session, batch) for batch in (*stock, made)] == [120_000, 120_000, 0]
    assert client.get(f"{home}/{made.id}").status_code == 200
