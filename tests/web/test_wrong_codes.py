"""Somebody whose code leads nowhere is helped, not sent away."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.client import Client
from tests.web.test_shopper_page import PHONE, published
from trace.labels.symbols import qr_symbol, symbol_png
from trace.storage.batches import Batch


@pytest.fixture
def batch(session: Session, clock: Any) -> Batch:
    from tests.web.test_shopper_page import MORNING

    clock.set(MORNING)
    return published(session)


def photo_of(text: str) -> dict[str, Any]:
    return {"photo": (BytesIO(symbol_png(qr_symbol(text), dots_per_module=6)), "tem.png")}


def test_a_slip_is_offered_the_code_that_exists(client: Client, batch: Batch) -> None:
    code = batch.public_code or ""
    slip = ("0" if code[0] != "0" else "1") + code[1:]
    response = client.get(f"/q/{slip}", headers=PHONE)
    assert response.status_code == 404
    assert "Có phải mã này không?" in response.text
    assert f"/q/{code}" in response.text
    assert f'value="{slip}"' in response.text, "what was typed is kept"


def test_a_machine_gets_the_same_help(client: Client, batch: Batch) -> None:
    code = batch.public_code or ""
    slip = ("0" if code[0] != "0" else "1") + code[1:]
    response = client.get(f"/q/{slip}", headers={"Accept": "application/json"})
    assert response.mimetype == "application/problem+json"
    assert response.status_code == 404
    document = response.get_json(force=True)
    assert document["nearest"] == [code]
    assert document["code"] == "invalid-public-code"


def test_a_code_that_was_never_given_out_is_told_apart_from_a_slip(client: Client) -> None:
    response = client.get("/q/0000000000", headers=PHONE)
    assert response.status_code == 404
    assert "Mã này chưa được cấp cho lô hàng nào." in response.text


@pytest.mark.parametrize("typed", ["photo", "U", "<b>", "%00", "💚", "a" * 300])
def test_nothing_that_is_typed_breaks_the_page(client: Client, typed: str) -> None:
    response = client.get(f"/q/{typed}", headers=PHONE)
    assert response.status_code == 404
    assert "<b>" not in response.text


@pytest.mark.parametrize(
    "typed", ["{code}", " {code} ", "HTTPS://TRACE.TEST/Q/{code}", "https://other.example/q/{code}?a=1"]
)
def test_what_is_typed_or_pasted_leads_to_the_page(client: Client, batch: Batch, typed: str) -> None:
    found = client.get("/q", query_string={"code": typed.format(code=batch.public_code)})
    assert found.status_code == 303
    assert found.location == f"/q/{batch.public_code}"


def test_a_bar_code_number_leads_to_its_batches(client: Client) -> None:
    assert client.get("/q?code=8930000000019").location == "/01/08930000000019"


@pytest.mark.parametrize("typed", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/01/../admin"])
def test_no_look_up_leads_to_another_site(client: Client, typed: str) -> None:
    location = client.get("/q", query_string={"code": typed}).location
    assert location.startswith("/q/")


def test_an_empty_look_up_goes_home(client: Client) -> None:
    assert client.get("/q?code=").location == "/"


def test_a_photo_of_the_label_leads_to_the_page(client: Client, batch: Batch) -> None:
    link = f"HTTP://TRACE.TEST/Q/{batch.public_code}"
    response = client.submit("/q/photo", photo_of(link), form="/", content_type="multipart/form-data")
    assert response.status_code == 303
    assert response.location == f"/q/{batch.public_code}"


def test_a_photo_of_something_else_says_what_to_photograph(client: Client) -> None:
    response = client.submit("/q/photo", photo_of("https://example.com"), form="/", content_type="multipart/form-data")
    assert response.status_code == 422
    assert "không phải là mã của Rõ Nguồn" in response.text


@pytest.mark.parametrize("data", [b"", b"<html>", b"\xff\xd8\xff" + b"x" * 100])
def test_a_file_that_is_no_photo_is_answered_with_a_sentence(client: Client, data: bytes) -> None:
    upload = {"photo": (BytesIO(data), "tem.jpg")}
    response = client.submit("/q/photo", upload, form="/", content_type="multipart/form-data")
    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_the_home_page_has_a_field_and_leads_everyone_on(client: Client) -> None:
    page = client.get("/", headers=PHONE).text
    for each in ('name="code"', 'action="/q/photo"', "/account/register", "/workspace/", "/authority/"):
        assert each in page


def test_a_forged_form_is_refused(client: Client) -> None:
    assert client.post("/q/photo", data=photo_of("x"), content_type="multipart/form-data").status_code == 400
