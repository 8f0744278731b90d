"""The headline number and the official list, on the pages."""

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.batches import BatchStatus
from trace.domain.reach import Reach
from trace.request.database import db
from trace.services.settling import settle
from trace.storage.coverage import Match, RegisterEntry, RegisterList

TAX_CODE = "0109999904"


pytestmark = pytest.mark.usefixtures("in_march")


def sheet(*rows: list[Any]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for number, row in enumerate([["Tên cơ sở", "Mã số thuế", "Địa chỉ"], *rows]):
            page.write_row(number, 0, row)
    return file.getvalue()


def test_without_a_list_the_front_page_asks_for_one(client: Client, officer: Any) -> None:
    page = client.get("/authority/").text
    assert "Chưa có danh sách chính thức" in page
    assert "/authority/register/import" in page


def test_the_front_page_says_number_date_definition_target_and_who_is_missing(
    client: Client, officer: Any, session: Session
) -> None:
    listed = factories.make_register_list(session, ["Chưa đăng ký", "Cũng chưa"])
    business = factories.make_business(session, last_event_on=factories.NOW.date())
    published = {"status": BatchStatus.PUBLISHED, "published_at": factories.NOW, "reach": Reach.END_TO_END.value}
    factories.make_batch(session, business, **published)
    factories.make_register_entry(session, listed, business_id=business.id, match=Match.CONFIRMED)
    settle(session)
    page = client.get("/authority/").text
    for words in ("33,3%", "1 trên 3 cơ sở", "01/02/2026", "chỉ tiêu 100%", "Định nghĩa phiên bản 2", "02/03/2025"):
        assert words in page
    assert "/authority/progress?progress=not_enrolled" in page
    missing = client.get("/authority/progress?progress=not_enrolled").text
    assert "Cũng chưa" in missing
    assert business.legal_name not in missing


def test_the_front_page_asks_as_many_questions_however_long_the_list(
    client: Client, officer: Any, session: Session
) -> None:
    def questions() -> int:
        asked: list[str] = []
        with client.application.app_context():
            engine = db.engine

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get("/authority/").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([one for one in asked if one.startswith("SELECT")])

    factories.make_register_list(session, ["A"])
    few = questions()
    factories.make_register_list(session, [f"Cơ sở {n}" for n in range(200)], as_of=date(2026, 3, 1))
    assert questions() == few
    assert few <= 10


def test_a_list_is_brought_in_looked_at_and_put_in_force(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session, tax_code=TAX_CODE)
    data = sheet(["Cơ sở A", TAX_CODE, "Phường Hoàn Kiếm, Hà Nội"], ["Cơ sở B", "", "Văn Đức, Gia Lâm, Hà Nội"])
    form = {"file": (io.BytesIO(data), "ds.xlsx"), "as_of": "2026-03-01", "source": "QĐ 12"}
    answer = client.submit("/authority/register/import", form)
    assert answer.status_code == 303
    preview = client.get(answer.location).text
    assert "chưa có hiệu lực" in preview
    assert "Khớp theo mã số thuế: 1" in preview
    assert business.legal_name in preview
    assert "Chưa có danh sách chính thức" in client.get("/authority/").text
    assert client.submit(f"{answer.location}/confirm", form=answer.location).status_code == 303
    assert "1 trên 2 cơ sở" not in client.get("/authority/").text
    assert "0 trên 2 cơ sở" in client.get("/authority/").text


def test_a_list_with_faults_is_shown_row_by_row_and_keeps_what_was_typed(
    client: Client, officer: Any, session: Session
) -> None:
    data = sheet(["", TAX_CODE, "Phường Hoàn Kiếm, Hà Nội"], ["Cơ sở B", "0109999905", "Hà Nội"])
    form = {"file": (io.BytesIO(data), "ds.xlsx"), "as_of": "2026-03-01", "source": "QĐ 12"}
    answer = client.submit("/authority/register/import", form)
    assert answer.status_code == 422
    for words in ("2 chỗ sai", "Thiếu tên cơ sở", "sai số kiểm tra", "Mã số thuế", 'value="QĐ 12"'):
        assert words in answer.text
    assert session.scalars(select(RegisterList)).all() == []


def test_a_proposal_is_confirmed_or_refused_by_a_person(client: Client, officer: Any, session: Session) -> None:
    listed = factories.make_register_list(session)
    one, two = (factories.make_business(session, legal_name=f"HTX {name}") for name in ("Một", "Hai"))
    entries = [
        factories.make_register_entry(session, listed, name="HTX", business_id=each.id, match=Match.PROPOSED)
        for each in (one, two)
    ]
    path = f"/authority/register/{listed.id}?match=proposed"
    assert "HTX Một" in client.get(path).text
    yes, no = (f"/authority/register/entries/{entry.id}" for entry in entries)
    assert client.submit(f"{yes}/confirm", {"business_id": str(one.id)}, form=path).status_code == 303
    assert client.submit(f"{no}/refuse", form=path).status_code == 303
    for entry in entries:
        session.refresh(entry)
    assert [entry.match for entry in entries] == [Match.CONFIRMED, Match.REFUSED]
    late = client.submit(f"{yes}/refuse", form=path.split("?")[0])
    assert late.status_code == 422
    assert "một người khác xử lý" in late.text


def test_an_unmatched_entry_is_matched_to_a_business_found_by_name(
    client: Client, officer: Any, session: Session
) -> None:
    listed = factories.make_register_list(session, ["Cơ sở bà Hoa"])
    entry = session.scalars(select(RegisterEntry)).one()
    business = factories.make_business(session, legal_name="Hộ kinh doanh Nguyễn Thị Hoa", commune_code="00004")
    path = f"/authority/register/entries/{entry.id}"
    assert business.legal_name not in client.get(path).text
    assert business.legal_name in client.get(f"{path}?q=thi+hoa").text
    answer = client.submit(f"{path}/confirm", {"business_id": str(business.id)}, form=f"{path}?q=thi+hoa")
    assert answer.location == f"/authority/register/{listed.id}?match=proposed"
    assert client.submit(f"{path}/confirm", {"business_id": "x"}, form="/authority/register/import").status_code == 422


def test_the_template_of_the_list_is_an_excel_file(client: Client, officer: Any) -> None:
    answer = client.get("/authority/register/template.xlsx")
    assert answer.data.startswith(b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]
