"""The page behind a label: one light request that anybody can open, in their language, and that hides no gap."""

import base64
import gzip
import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from trace.domain.businesses import BusinessStatus
from trace.domain.scans import Visitor
from trace.request.database import db
from trace.services import batches, chain
from trace.storage.batches import Batch
from trace.storage.questions import Question
from trace.storage.scans import Scan

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
URL = "http://trace.test"
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 12; SM-A125F) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "vi-VN,vi;q=0.9",
}
ENGLISH = {**PHONE, "Accept-Language": "en-GB,en;q=0.9"}
JSON = {**PHONE, "Accept": "application/json"}


@pytest.fixture(autouse=True)
def _in_march(clock: Clock) -> None:
    clock.set(MORNING)


def published(session: Session, *, packed: bool = True, business: Any = None, **facts: Any) -> Batch:
    owner = factories.make_user(session)
    business = business or factories.make_business(session)
    factories.add_member(session, business, owner)
    batch = factories.make_batch(session, business, **{"best_before": date(2026, 3, 6), **facts})
    session.commit()
    actor = factories.actor(owner)
    batches.publish(session, actor, batch.id, public_url=URL)
    if packed:
        at = MORNING - timedelta(hours=2)
        chain.record_packing(session, actor, batch.id, at=at, site_id=batch.site_id, public_url=URL)
    return batch


def open_page(client: Client, batch: Batch, headers: dict[str, str] = PHONE) -> str:
    response = client.get(f"/q/{batch.public_code}", headers=headers)
    assert response.status_code == 200
    return response.text


def test_it_says_what_is_known_in_the_order_a_shopper_asks(session: Session, client: Client) -> None:
    business = factories.make_business(session, legal_name="Hợp tác xã Văn Đức")
    product = factories.make_product(session, business, name="Cải ngọt", brand="Vườn Đức")
    factories.make_certificate(session, business, issuer="Trung tâm Chứng nhận", number="VG-77")
    page = open_page(client, published(session, business=business, product_id=product.id, lot="VD-1"))
    wanted = [
        "Đủ thông tin truy xuất",
        "Cải ngọt",
        "01/03/2026",
        "Còn 4 ngày",
        "Hợp tác xã Văn Đức",
        "Phường Hoàn Kiếm",
        "VietGAP: còn hiệu lực",
        "VG-77",
        "Sở Nông nghiệp và Môi trường đã kiểm tra ngày 02/03/2026",
        "Công bố trên Rõ Nguồn",
        "Đóng gói",
        "06:00 02/03/2026",
        "Thu hoạch, sản xuất",
        "place-map",
        "Báo có vấn đề",
        "Mười mục thông tin theo luật",
    ]
    places = [page.find(each, page.find("<main>")) for each in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert places == sorted(places)


def test_gaps_are_shown_as_gaps(session: Session, client: Client) -> None:
    business = factories.make_business(session)
    product = factories.make_product(session, business, photo_id=None, standards=[])
    page = open_page(client, published(session, business=business, product_id=product.id, packed=False))
    assert "Thông tin chưa đủ" in page
    assert "Còn thiếu: ảnh sản phẩm, bước đóng gói, tiêu chuẩn áp dụng." in page
    assert "Chưa có ảnh sản phẩm" in page
    assert "Chưa có giấy chứng nhận nào" in page
    assert '<li class="gap">' in page


def test_it_never_claims_that_goods_are_genuine(session: Session, client: Client) -> None:
    batch = published(session)
    for headers, words in (PHONE, ["hàng thật", "chính hãng", "xác thực"]), (ENGLISH, ["genuine", "authentic"]):
        page = open_page(client, batch, headers).lower()
        assert not [word for word in words if word in page]


@pytest.mark.parametrize("path", ["/q/{code}", "/Q/{code}", "/q/{lower}", "/q/{grouped}"])
def test_the_code_is_understood_as_printed_typed_or_grouped(session: Session, client: Client, path: str) -> None:
    code = published(session).public_code or ""
    grouped = f"{code[:3]}-{code[3:7]}-{code[7:]}"
    assert client.get(path.format(code=code, lower=code.lower(), grouped=grouped)).status_code == 200


def test_the_language_is_the_phone_s_until_a_link_chooses_another(session: Session, client: Client) -> None:
    batch = published(session)
    assert '<html lang="vi">' in open_page(client, batch)
    assert '<html lang="en">' in open_page(client, batch, ENGLISH)
    chosen = client.get(f"/q/{batch.public_code}?lang=en", headers=PHONE)
    assert '<html lang="en">' in chosen.text


def test_it_is_one_light_request_without_session_or_script(session: Session, client: Client) -> None:
    business = factories.make_business(session, legal_name="Hợp tác xã " + "Rau an toàn " * 8)
    for _ in range(4):
        factories.make_certificate(session, business)
    code = published(session, business=business).public_code
    response = client.get(f"/q/{code}", headers={**PHONE, "Accept-Encoding": "gzip, deflate, br"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) <= 14_000
    page = gzip.decompress(response.data).decode()
    assert "<script" not in page
    assert "stylesheet" not in page
    assert not re.search(r'(src|href)="https?:', page)
    assert "Set-Cookie" not in response.headers
    for name in ("Accept", "Accept-Language", "Accept-Encoding"):
        assert name in response.headers["Vary"]


def test_its_style_is_allowed_by_its_hash_and_the_usual_headers_are_there(session: Session, client: Client) -> None:
    response = client.get(f"/q/{published(session).public_code}", headers=PHONE)
    style = re.search(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_short_way_and_flask_give_the_same_page(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    code = published(session).public_code
    headers = {**PHONE, "Accept-Encoding": "gzip, br", "Accept-Language": language}
    with monkeypatch.context() as without_flask:
        without_flask.setattr(Flask, "wsgi_app", None)
        short = client.get(f"/q/{code}", headers=headers)
    monkeypatch.setattr("trace.request.quick.Application._short", lambda *_: None)
    whole = client.get(f"/q/{code}", headers=headers)
    assert short.status == whole.status == "200 OK"
    assert short.data == whole.data
    assert dict(short.headers) == dict(whole.headers)


def test_what_the_short_way_cannot_answer_flask_does(
    session: Session, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = published(session).public_code

    def fail(*_: object) -> None:
        raise OSError("no way to the database")

    monkeypatch.setattr("trace.web.public.short_way.resolve_quickly", fail)
    response = client.get(f"/q/{code}", headers={**PHONE, "Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert len(session.scalars(select(Scan)).all()) == 1


def test_it_asks_the_database_at_most_eight_questions(
    session: Session, app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = published(session).public_code
    asked: list[str] = []
    ask = Question.ask
    monkeypatch.setattr(Question, "ask", lambda self, *a, **k: asked.append("question") or ask(self, *a, **k))
    monkeypatch.setattr(app.extensions["trace.scans"], "record", lambda **_: Visitor.PERSON)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    client.get(f"/q/{code}", headers=PHONE)
    assert 1 <= len(asked) <= 8, asked


def test_what_a_business_typed_stays_text(session: Session, client: Client) -> None:
    evil = '<script>alert("1")</script>'
    business = factories.make_business(session, legal_name=evil)
    product = factories.make_product(session, business, name=evil, brand=evil, standards=[evil])
    factories.make_certificate(session, business, issuer=evil, number="%(day)s {{ 7*7 }}")
    batch = published(session, business=business, product_id=product.id)
    page = open_page(client, batch)
    assert "<script" not in page
    assert "%(day)s {{ 7*7 }}" in page


def test_a_withdrawn_batch_says_so_first(session: Session, client: Client) -> None:
    batch = published(session)
    owner = factories.make_user(session)
    factories.add_member(session, batch.business, owner)
    session.commit()
    batches.withdraw(session, factories.actor(owner), batch.id, reason="bao bì rách")
    page = open_page(client, batch)
    assert page.index("Lô hàng này đã bị rút") < page.index('id="product"')
    assert "Lý do: bao bì rách." in page


def test_a_suspended_business_s_batch_is_not_hidden(session: Session, client: Client) -> None:
    batch = published(session)
    batch.business.status = BusinessStatus.SUSPENDED
    session.commit()
    page = open_page(client, batch)
    assert "Cơ sở đang bị tạm đình chỉ" in page
    assert "từ ngày 02/03/2026" in page


@pytest.mark.parametrize(
    ("days", "sentence"), [(4, "Hôm nay là ngày cuối"), (3, "Còn 1 ngày"), (5, "Đã quá hạn sử dụng")]
)
def test_the_last_days_are_counted(session: Session, client: Client, clock: Clock, days: int, sentence: str) -> None:
    batch = published(session)
    clock.advance(days=days)
    assert sentence in open_page(client, batch)


def test_a_machine_gets_the_same_facts(session: Session, client: Client) -> None:
    batch = published(session)
    response = client.get(f"/q/{batch.public_code}", headers=JSON)
    assert response.mimetype == "application/json"
    document = response.get_json()
    assert document["code"] == batch.public_code
    assert document["verdicts"] == ["complete"]
    assert document["production_date"] == "2026-03-01"
    assert [step["evidence"] for step in document["steps"]] == ["declared", "declared"]
    assert document["link"] == f"{URL}/q/{batch.public_code}"
    assert "amount" not in document
    assert "id" not in document


def test_a_look_by_a_person_is_recorded_and_a_preview_told_apart(session: Session, client: Client) -> None:
    batch = published(session)
    open_page(client, batch)
    open_page(client, batch)
    client.get(f"/q/{batch.public_code}", headers={"User-Agent": "facebookexternalhit/1.1"})
    client.get("/q/KHONGPHAIMA", headers=PHONE)
    looks = session.execute(select(Scan.batch_id, Scan.visitor).order_by(Scan.id)).all()
    assert looks == [(batch.id, Visitor.PERSON), (batch.id, Visitor.PREVIEW), (None, Visitor.PERSON)]


def test_a_digital_link_leads_to_the_same_page(session: Session, client: Client) -> None:
    business = factories.make_business(session)
    product = factories.make_product(session, business, gtin="08930000000019")
    batch = published(session, business=business, product_id=product.id, lot="VD/1-A")
    for lot in ("VD%2F1-A", "vd%2f1-a"):
        response = client.get(f"/01/08930000000019/10/{lot}/21/7", headers=PHONE)
        assert response.status_code == 200
        assert (batch.public_code or "")[:3] in response.text


def test_a_digital_link_without_a_lot_lets_the_shopper_choose(session: Session, client: Client) -> None:
    business = factories.make_business(session)
    product = factories.make_product(session, business, gtin="08930000000019")
    made = [published(session, business=business, product_id=product.id) for _ in range(2)]
    page = client.get("/01/8930000000019", headers=PHONE)
    assert page.status_code == 200
    for batch in made:
        assert f"/q/{batch.public_code}" in page.text
    document = client.get("/01/8930000000019", headers=JSON).get_json()
    assert len(document["batches"]) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/01/08930000000011", 422),
        ("/01/08930000000019/10", 404),
        ("/01/08930000000019/99/1", 404),
        ("/01/02000000000017", 422),
        ("/01/x/10/y/21/z/22/w", 422),
    ],
)
def test_a_digital_link_that_is_none_is_answered_with_a_sentence(client: Client, path: str, status: int) -> None:
    assert client.get(path, headers=PHONE).status_code == status


def test_a_digital_link_to_nothing_says_so(client: Client) -> None:
    assert client.get("/01/08930000000019/10/X", headers=PHONE).status_code == 404
    assert "Chưa tìm thấy lô hàng" in client.get("/01/08930000000019", headers=PHONE).text
