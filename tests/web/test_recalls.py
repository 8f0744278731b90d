"""Recalls on the pages of shoppers, businesses and the department."""

from io import BytesIO
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.approving import approve
from tests.client import Client
from tests.pdf_text import text_of
from trace.domain.approvals import ApprovalKind
from trace.services import batches
from trace.storage.batches import Batch
from trace.storage.recalls import Recall, RecallItem

ATOM = "{http://www.w3.org/2005/Atom}"
FACTS = {"recall_class": "serious", "reason": "Dư lượng thuốc", "kind": "batches", "phone": "0912345678"}


@pytest.fixture
def owner(session: Session, client: Client) -> Any:
    person = factories.make_user(session)
    client.sign_in(person)
    return person


@pytest.fixture
def batch(session: Session, owner: Any) -> Batch:
    business = factories.make_business(session, owner=owner)
    draft = factories.make_batch(session, business)
    session.commit()
    return batches.publish(session, factories.actor(owner), draft.id, public_url="http://trace.test")


def propose(client: Client, session: Session, batch: Batch, room: str = "") -> str:
    """The address of the proposal."""
    room = room or f"/workspace/{batch.business_id}"
    answer = client.submit(f"{room}/recalls/new", {**FACTS, "codes": batch.public_code})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_from_proposal_to_report(client: Client, session: Session, batch: Batch) -> None:
    code = batch.public_code
    case = propose(client, session, batch)
    preview = client.get(case).text
    assert "Thu hồi 1 lô" in preview
    assert "120 kg" in preview
    assert "ĐÃ THU HỒI" not in client.get(f"/q/{code}").text
    refused = client.submit(f"{case}/confirm", {"word": "vâng", "seen": "1"}, form=case)
    assert (refused.status_code, "gõ đúng chữ" in refused.text) == (422, True)
    assert client.submit(f"{case}/confirm", {"word": "thu hồi", "seen": "1"}, form=case).status_code == 303

    page = client.get(f"/q/{code}").text
    number = session.scalars(select(Recall.number)).one()
    assert page.index("ĐÃ THU HỒI") < page.index("Dư lượng thuốc") < page.index("tel:+84912345678")
    assert f"/recalls/{number}" in page
    facts = client.get(f"/q/{code}", headers={"Accept": "application/json"}).json
    assert (facts["verdicts"][0], facts["recall"]["recall_class"]) == ("recalled", "serious")

    assert "đang chờ cơ sở xác nhận" in client.get(f"/workspace/{batch.business_id}").text
    item = session.scalars(select(RecallItem.id)).one()
    wrong = client.submit(f"{case}/answer", {f"amount-{item}": "121", f"disposal-{item}": "destruction"}, form=case)
    assert (wrong.status_code, 'value="121"' in wrong.text) == (422, True)
    answer = {f"amount-{item}": "100", f"disposal-{item}": "destruction", "note": "Kho 2"}
    assert client.submit(f"{case}/answer", answer, form=case).status_code == 303
    led = client.get(case).text
    assert "83,3%" in led
    assert "Kết thúc vụ thu hồi" in led
    assert client.submit(f"{case}/close", {"conclusion": "Đã tiêu hủy 100 kg"}, form=case).status_code == 303
    report = text_of(client.get(f"{case}/report.pdf").data)
    for said in ("BÁO CÁO THU HỒI THỰC PHẨM", number or "", "Đã tiêu hủy 100 kg", "Tiêu hủy", "83.3%", "Kho 2"):
        assert said in report
    sheet = load_workbook(BytesIO(client.get(f"{case}/report.xlsx").data)).active
    assert [cell.value for cell in sheet[2]][5:10] == [120, "Không", 100, "kg", "Tiêu hủy"]
    notice = client.get(f"/recalls/{number}").text
    assert "Đã tiêu hủy 100 kg" in notice
    assert f"/q/{code}" in notice


def test_what_is_wrong_stands_at_its_field(client: Client, batch: Batch) -> None:
    answer = client.submit(
        f"/workspace/{batch.business_id}/recalls/new", {**FACTS, "codes": "0000000000", "reason": ""}
    )
    assert answer.status_code == 422
    for said in ("Hãy ghi lý do", "Không có lô nào mang mã"):
        assert said in answer.text


def test_an_officer_orders_and_everyone_reads_it(client: Client, session: Session, batch: Batch) -> None:
    client.sign_in(factories.make_officer(session))
    case = propose(client, session, batch, "/authority")
    assert client.submit(f"{case}/confirm", {"word": "recall", "seen": "1"}, form=case).status_code == 303
    assert "chờ người thứ hai duyệt" in client.get(case).text
    approve(session, ApprovalKind.RECALL, session.scalars(select(Recall.id)).one())
    assert "Im lặng" in client.get(case).text
    assert client.submit(f"{case}/remind", form=case, follow_redirects=True).text.count("Đã nhắc 1 nơi") == 1
    client.delete_cookie("session")
    number = session.scalars(select(Recall.number)).one() or ""
    assert number in client.get("/recalls").text
    assert number not in client.get("/recalls?closed=yes").text
    assert "Recalled foods" in client.get("/recalls?lang=en").text
    assert client.get("/recalls/TH-1-1").status_code == 404
    feed = client.get("/recalls/feed")
    assert feed.content_type == "application/atom+xml; charset=utf-8"
    tree = fromstring(feed.data)  # noqa: S314 - ours
    assert tree.tag == f"{ATOM}feed"
    for required in ("id", "title", "updated"):
        assert tree.findtext(f"{ATOM}{required}")
        assert tree.findtext(f"{ATOM}entry/{ATOM}{required}")
    assert tree.findtext(f"{ATOM}entry/{ATOM}id") == f"http://trace.test/recalls/{number}"


def test_a_proposal_may_be_dropped(client: Client, session: Session, batch: Batch) -> None:
    case = propose(client, session, batch)
    assert client.submit(f"{case}/dismiss", form=case).status_code == 303
    assert "Đã bỏ" in client.get(case).text
    assert client.get("/recalls/feed").status_code == 200
