"""Products, sites and certificates on the pages of a business."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.uploads import PAGE_CALLED_PHOTO, paper, picture
from trace.domain.quantities import Unit
from trace.storage.businesses import Business
from trace.storage.certificates import Certificate
from trace.storage.products import Product
from trace.storage.sites import Site
from trace.web.workspace.products import parse_pack_sizes

PRODUCT = {"name": "Cải ngọt", "commodity": "vegetables", "unit": "KGM", "pack_sizes": "300 g; 0,5; 1 kg"}


@pytest.fixture
def owner(session: Session, client: Client) -> Any:
    user = factories.make_user(session)
    client.sign_in(user)
    return user


@pytest.fixture
def home(session: Session, owner: Any) -> str:
    return f"/workspace/{factories.make_business(session, owner=owner).id}"


@pytest.mark.parametrize(
    ("typed", "sizes"),
    [("300 g; 0,5; 1 kg", [300, 500, 1000]), ("0,3 0,5 1", [300, 500, 1000]), ("", []), ("1/2", [1000, 2000])],
)
def test_pack_sizes_are_read_as_people_write_them(typed: str, sizes: list[int]) -> None:
    assert parse_pack_sizes(typed, Unit.KGM) == sizes


def test_a_product_with_its_photo_appears_in_the_list(client: Client, home: str, session: Session) -> None:
    answer = client.submit(f"{home}/products/new", {**PRODUCT, "photo": (BytesIO(picture()), "rau.jpg")})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    photo = re.search(r"/files/[0-9a-f]{64}-320\.webp", page)
    assert photo
    assert "0,3 kg" in page
    client.sign_in(factories.make_user(session))
    shown = client.get(photo[0], buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert "immutable" in shown.headers["Cache-Control"]


def test_an_edit_starts_from_what_is_kept_and_keeps_the_photo(client: Client, home: str, session: Session) -> None:
    client.submit(f"{home}/products/new", {**PRODUCT, "photo": (BytesIO(picture()), "rau.jpg")})
    product = session.scalars(select(Product)).one()
    path = f"{home}/products/{product.id}"
    assert 'value="0,3 kg; 0,5 kg; 1 kg"' in client.get(path).text
    client.submit(path, {**PRODUCT, "name": "Cải bó xôi", "version": str(product.version)})
    session.refresh(product)
    assert (product.name, product.photo_id is not None) == ("Cải bó xôi", True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"gtin": "8930000000011"}, "chữ số cuối phải là 9"),
        ({"gtin": "2000000000008"}, "chỉ dùng trong nội bộ"),
        ({"pack_sizes": "to"}, "Chưa đọc được “to”"),
        ({"shelf_life_days": "năm"}, "Hãy nhập một số nguyên"),
        ({"commodity": ""}, "Hãy chọn một mục"),
        ({"photo": (BytesIO(PAGE_CALLED_PHOTO), "rau.jpg")}, "không phải là ảnh"),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_keeps_the_rest(
    client: Client, home: str, wrong: dict[str, Any], sentence: str
) -> None:
    answer = client.submit(f"{home}/products/new", {**PRODUCT, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Cải ngọt"' in answer.text


def test_a_product_is_stopped_and_taken_up_again(client: Client, home: str, session: Session) -> None:
    client.submit(f"{home}/products/new", PRODUCT)
    product = session.scalars(select(Product)).one()
    for active in ("no", "yes"):
        form = f"{home}/products/{product.id}"
        assert client.submit(f"{form}/active", {"active": active}, form=form).status_code == 303
        session.refresh(product)
        assert product.active is (active == "yes")


def test_a_site_is_added_changed_and_stopped(client: Client, home: str, session: Session) -> None:
    facts = {"kind": "growing_area", "name": "Ruộng Văn Đức", "province": "01", "commune": "Xã Bát Tràng"}
    assert client.submit(f"{home}/sites/new", facts).status_code == 303
    site = session.scalars(select(Site)).one()
    path = f"{home}/sites/{site.id}"
    details = {"area_m2": "3.600", "latitude": "20,9928", "longitude": "105,917", "version": str(site.version)}
    assert client.submit(path, {**facts, **details}).status_code == 303
    session.refresh(site)
    assert (site.code, site.area_m2, site.latitude) == ("RVD", 3600, 20.9928)
    client.submit(f"{path}/active", {"active": "no"}, form=path)
    assert "Ngừng dùng" in client.get(f"{home}/sites").text


def test_a_certificate_is_handed_in_and_stands_as_of_today(client: Client, home: str, session: Session) -> None:
    facts = {
        "scheme": "vietgap",
        "number": "VG-01",
        "issuer": "Trung tâm Chứng nhận",
        "valid_from": "01/01/2026",
        "valid_until": "2026-12-31",
    }
    missing = client.submit(f"{home}/certificates/new", facts)
    assert missing.status_code == 422
    assert "Hãy chụp ảnh hoặc chọn tệp PDF" in missing.text
    wrong = client.submit(f"{home}/certificates/new", {**facts, "valid_from": "31/02/2026"})
    assert "Không có ngày 31/02/2026 trong lịch" in wrong.text
    answer = client.submit(f"{home}/certificates/new", {**facts, "file": (BytesIO(paper()), "giấy.pdf")})
    assert answer.status_code == 303
    certificate = session.scalars(select(Certificate)).one()
    assert "Chưa được kiểm tra" in client.get(answer.location).text
    assert client.get(f"{home}/certificates/{certificate.id}").status_code == 200


def test_a_form_that_was_not_ours_is_refused(client: Client, home: str, session: Session) -> None:
    assert client.post(f"{home}/products/new", data=PRODUCT).status_code == 400
    assert session.scalars(select(Product)).all() == []


def test_a_recipe_is_declared_and_its_history_shown(client: Client, home: str, session: Session, clock: Clock) -> None:
    clock.set(datetime(2026, 3, 2, 3, 0, tzinfo=UTC))
    product = factories.make_product(session, session.get_one(Business, int(home.rsplit("/", 1)[1])))
    path = f"{home}/products/{product.id}/making-rule"
    data = {"added": "Nước 20%\nMuối: 2", "valid_from": "2026-03-01"}
    assert client.submit(path, data).status_code == 303
    page = client.get(path).text
    assert "Nước 20%\nMuối 2%" in page
    assert "Nước ≤ 20%, Muối ≤ 2%" in page
    assert "Từ ngày 01/03/2026" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("added", "Nước nhiều"),
        ("added", "Nước 0%"),
        ("added", "Muối 1\nMuối 2"),
        ("grams_per_piece", "60"),
        ("valid_from", ""),
        ("valid_from", "31/02/2026"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_at_its_field(
    client: Client, home: str, session: Session, field: str, typed: str
) -> None:
    product = factories.make_product(session, session.get_one(Business, int(home.rsplit("/", 1)[1])))
    path = f"{home}/products/{product.id}/making-rule"
    answer = client.submit(path, {"valid_from": "2026-03-01", field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
