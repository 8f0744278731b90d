"""The pages on which steps and laboratories' reports are recorded, put right and judged."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.pictures import encoded, halves
from trace.domain.evidence import Evidence
from trace.services import batches
from trace.storage.batches import Batch
from trace.storage.chain import Event
from trace.storage.laboratory import LaboratoryTest

PHOTO = encoded(halves())


@pytest.fixture
def batch(session: Session, client: Client, in_march: None) -> Batch:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    made = factories.make_batch(session, business)
    session.commit()
    client.sign_in(owner)
    return batches.publish(session, factories.actor(owner), made.id, public_url="http://trace.test")


def address(batch: Batch, rest: str = "steps") -> str:
    return f"/workspace/{batch.business_id}/batches/{batch.id}/{rest}"


def storing(batch: Batch, **more: Any) -> dict[str, Any]:
    return {"at": "2026-03-02T07:00", "site_id": batch.site_id, **more}


def test_storing_takes_one_value_or_a_logger_s_file(client: Client, batch: Batch) -> None:
    file = (BytesIO(b"time,temp\n2026-03-02 06:00,12.5,90\n2026-03-02 06:30,3.5,88\n"), "log.csv")
    answer = client.submit(address(batch, "steps/storing"), storing(batch, temperature="4,5", readings_file=file))
    assert answer.status_code == 303
    page = client.get(address(batch)).text
    assert "3,5…12,5 °C" in page
    assert "độ ẩm 88–90%" in page
    assert "3,5…12,5 °C" in client.get(address(batch, "")[:-1]).text


def test_an_unreadable_line_is_named_and_what_was_typed_is_kept(client: Client, batch: Batch) -> None:
    answer = client.submit(address(batch, "steps/storing"), storing(batch, readings="lúc sáng; 4"))
    assert answer.status_code == 422
    assert "Dòng 1 chưa đọc được" in answer.text
    assert "lúc sáng; 4</textarea>" in answer.text


def test_a_step_said_again_shows_what_was_wrong(client: Client, batch: Batch, session: Session) -> None:
    path = address(batch, "steps/inspecting")
    client.submit(path, storing(batch, passed="no", note="Dập nát"))
    wrong = session.scalars(select(Event).where(Event.business_step == "inspecting")).one()
    again = f"{path}?corrects={wrong.id}"
    assert "Dập nát</textarea>" in client.get(again).text
    assert client.submit(again, storing(batch, passed="yes", reason="Nhầm lô")).status_code == 303
    page = client.get(address(batch)).text
    assert "<del>Kiểm tra</del>" in page
    assert "Đã sửa ngày 02/03/2026: Nhầm lô" in page


def test_a_report_goes_from_the_farm_to_the_officer_and_back(client: Client, batch: Batch, session: Session) -> None:
    report = {
        "paper": (BytesIO(PHOTO), "phieu.jpg"),
        "passed": "no",
        "laboratory": "Trung tâm Phân tích",
        "report": "KN-7",
        "sampled_at": "2026-03-02T07:00",
        "site_id": batch.site_id,
        "findings": "Chlorpyrifos; 0,02; mg/kg; 0,01",
    }
    assert client.submit(address(batch, "laboratory"), report).status_code == 303
    assert "KN-7" in client.get(address(batch)).text
    assert "Kết quả kiểm nghiệm không đạt" in client.get(address(batch, "")[:-1]).text
    test_id = session.scalars(select(LaboratoryTest.id)).one()
    client.sign_in(factories.make_officer(session))
    assert "Trung tâm Phân tích" in client.get("/authority/laboratory").text
    page = f"/authority/laboratory/{test_id}"
    assert "Chlorpyrifos" in client.get(page).text
    assert client.submit(page, {"decision": "released"}).status_code == 422
    assert client.submit(page, {"decision": "nothing"}).status_code == 422
    assert client.submit(page, {"decision": "released", "reason": "Mẫu đối chứng đạt"}).status_code == 303
    session.refresh(batch)
    assert batch.under_review_since is None


def test_a_photo_of_the_packing_raises_what_is_known_of_it(client: Client, batch: Batch, session: Session) -> None:
    path = address(batch, "packing")
    refused = client.submit(path, storing(batch, evidence=(BytesIO(b"no paper"), "giay.pdf")))
    assert refused.status_code == 422
    assert client.submit(path, storing(batch, evidence=(BytesIO(PHOTO), "goi.jpg"))).status_code == 303
    event = session.scalars(select(Event).where(Event.business_step == "packing")).one()
    assert (event.evidence, event.document_id is None) == (Evidence.DOCUMENT, False)
    assert "/files/" in client.get(address(batch)).text
    assert "Có giấy tờ kèm theo" in client.get(f"/q/{batch.public_code}").text
