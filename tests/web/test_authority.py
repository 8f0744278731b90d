"""The department's pages: deciding, verifying, answering, bringing in the list and taking tables away."""

import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from sqlalchemy import event, select
from sqlalchemy.orm import Session

import trace.services
from tests import factories
from tests.client import Client, Clock
from trace.domain.batches import BatchStatus
from trace.domain.businesses import BusinessStatus
from trace.domain.certificates import CertificateStatus
from trace.domain.complaints import ComplaintReason, ComplaintStatus
from trace.request.database import db
from trace.services.export_tables import Table
from trace.storage.audit import AuditEntry
from trace.storage.complaints import Complaint
from trace.storage.coverage import Match, RegisterEntry, RegisterList
from trace.web.authority import audit_words

TAX_CODE = "0109999904"


@pytest.fixture(autouse=True)
def today(clock: Clock) -> None:
    clock.set(factories.NOW)


@pytest.fixture
def officer(session: Session, client: Client) -> Any:
    user = factories.make_officer(session, name="Cán bộ Hà")
    client.sign_in(user)
    return user


@pytest.fixture
def complaint(session: Session) -> Complaint:
    business = factories.make_business(session)
    batch = factories.make_batch(session, business, status=BatchStatus.PUBLISHED, public_code="7K3M9XW2QT")
    made = Complaint(
        tracking_number="PA-7K3M-9XW2",
        batch=batch,
        business_id=business.id,
        reason=ComplaintReason.ILLNESS,
        text="Đau bụng",
        phone="+84912345678",
        status=ComplaintStatus.RECEIVED,
        at=factories.NOW,
    )
    session.add(made)
    session.flush()
    return made


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
    business = factories.make_business(session, complete_batches=1, last_complete_at=factories.NOW)
    factories.make_register_entry(session, listed, business_id=business.id, match=Match.CONFIRMED)
    page = client.get("/authority/").text
    for words in ("33,3 %", "1 trên 3 cơ sở", "01/02/2026", "chỉ tiêu 100 %", "Định nghĩa phiên bản 1", "02/03/2025"):
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


def test_an_application_is_approved_and_leaves_the_queue(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED, legal_name="HTX Mới")
    assert "HTX Mới" in client.get("/authority/applications").text
    path = f"/authority/businesses/{business.id}"
    answer = client.submit(path, {"decision": "approve", "version": str(business.version), "reason": ""})
    assert (answer.status_code, answer.location) == (303, path)
    session.refresh(business)
    assert business.status is BusinessStatus.APPROVED
    assert "Cán bộ Hà" in client.get(path).text
    assert "Không còn hồ sơ nào chờ" in client.get("/authority/applications").text


def test_a_rejection_without_a_reason_keeps_the_page_and_says_why(
    client: Client, officer: Any, session: Session
) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    answer = client.submit(f"/authority/businesses/{business.id}", {"decision": "reject", "reason": " "})
    assert answer.status_code == 422
    assert "Hãy ghi rõ lý do" in answer.text


def test_the_second_officer_is_told_and_sees_the_first_decision(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    path, seen = f"/authority/businesses/{business.id}", str(business.version)
    client.submit(path, {"decision": "reject", "reason": "Thiếu giấy đăng ký", "version": seen})
    answer = client.submit(path, {"decision": "approve", "reason": "", "version": seen})
    assert answer.status_code == 422
    assert "vừa được thay đổi" in answer.text
    assert "Thiếu giấy đăng ký" in answer.text
    session.refresh(business)
    assert business.status is BusinessStatus.REJECTED


@pytest.mark.parametrize("decision", ["", "withdraw", "apply", "nonsense"])
def test_only_an_officers_decision_is_taken(client: Client, officer: Any, session: Session, decision: str) -> None:
    business = factories.make_business(session, status=BusinessStatus.APPLIED)
    answer = client.submit(f"/authority/businesses/{business.id}", {"decision": decision, "reason": "x"})
    assert answer.status_code == 422
    session.refresh(business)
    assert business.status is BusinessStatus.APPLIED


def test_the_dossier_shows_everything_and_opening_it_is_written_down(
    client: Client, officer: Any, session: Session
) -> None:
    business = factories.make_business(session)
    factories.make_site(session, business, name="Ruộng Bãi", latitude=20.98765, longitude=105.91234)
    factories.make_product(session, business, name="Cải bó xôi")
    factories.make_certificate(session, business, number="VG-123")
    factories.make_batch(session, business, lot="LO-DAU")
    page = client.get(f"/authority/businesses/{business.id}").text
    for words in ("Ruộng Bãi", "20.98765", "Cải bó xôi", "VG-123", "LO-DAU", "0912 345 678"):
        assert words in page
    look = session.scalars(select(AuditEntry)).one()
    assert (look.action, look.business_id, look.actor) == ("businesses:open_dossier", business.id, "Cán bộ Hà")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
        ("q=song+hong", {"HTX Rau Sông Hồng"}),
        ("q=0109999904", {"Cửa hàng Xanh"}),
        ("kind=shop", {"Cửa hàng Xanh"}),
        ("status=applied", {"HTX Rau Sông Hồng"}),
        ("commune=V%C4%83n+%C4%90%E1%BB%A9c%2C+Gia+L%C3%A2m", {"Cửa hàng Xanh"}),
        ("certificates=valid", {"Cửa hàng Xanh"}),
        ("certificates=lapsing", {"Cửa hàng Xanh"}),
        ("certificates=none", {"HTX Rau Sông Hồng"}),
        ("certificates=lapsed", set()),
        ("kind=nonsense&after=x&status=", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
        ("endpoint=x&_scheme=javascript&_external=1", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
        ("commune=khong+co+noi+nay", {"HTX Rau Sông Hồng", "Cửa hàng Xanh"}),
    ],
)
def test_the_register_is_searched_and_filtered(
    client: Client, officer: Any, session: Session, query: str, names: set[str]
) -> None:
    factories.make_business(session, legal_name="HTX Rau Sông Hồng", status=BusinessStatus.APPLIED)
    shop = factories.make_business(
        session, legal_name="Cửa hàng Xanh", kind="shop", tax_code=TAX_CODE, commune_code="00577"
    )
    factories.make_certificate(session, shop, valid_until=factories.NOW.date() + timedelta(days=10))
    page = client.get(f"/authority/businesses?{query}")
    assert page.status_code == 200
    assert {name for name in ("HTX Rau Sông Hồng", "Cửa hàng Xanh") if name in page.text} == names
    assert "javascript:" not in page.text


def test_a_long_register_is_read_page_by_page(client: Client, officer: Any, session: Session) -> None:
    made = [factories.make_business(session, legal_name=f"Cơ sở số {n}!") for n in range(52)]
    first = client.get("/authority/businesses?q=co+so").text
    assert f"after={made[2].id}" in first
    assert "q=co+so" in first
    second = client.get(f"/authority/businesses?q=co+so&after={made[2].id}").text
    assert made[1].legal_name in second
    assert made[2].legal_name not in second


def test_a_certificate_is_verified_or_refused_with_a_reason(client: Client, officer: Any, session: Session) -> None:
    business = factories.make_business(session)
    good, bad = (
        factories.make_certificate(session, business, number=number, status=CertificateStatus.SUBMITTED)
        for number in ("VG-1", "VG-2")
    )
    assert "VG-1" in client.get("/authority/certificates").text
    answer = client.submit(f"/authority/certificates/{good.id}", {"verdict": "verify", "version": "1"})
    assert answer.status_code == 303
    assert client.submit(f"/authority/certificates/{bad.id}", {"verdict": "refuse"}).status_code == 422
    refused = client.submit(f"/authority/certificates/{bad.id}", {"verdict": "refuse", "reason": "Ảnh mờ"})
    assert refused.status_code == 303
    session.refresh(good)
    session.refresh(bad)
    assert (good.status, bad.status, bad.reason) == (CertificateStatus.VERIFIED, CertificateStatus.REFUSED, "Ảnh mờ")
    again = client.submit(
        f"/authority/certificates/{good.id}", {"verdict": "refuse", "reason": "x"}, form="/authority/register/import"
    )
    assert again.status_code == 422
    assert "không còn chờ kiểm tra" in again.text


def test_a_complaint_is_answered_and_its_phone_number_is_seen_on_the_record(
    client: Client, officer: Any, session: Session, complaint: Complaint
) -> None:
    path = f"/authority/complaints/{complaint.id}"
    assert "Khẩn" in client.get("/authority/complaints").text
    assert "0912 345 678" in client.get(path).text
    assert session.scalars(select(AuditEntry.action)).all() == ["complaints:see_phone"]
    assert client.submit(path, {"to": "resolved", "text": "", "version": "1"}).status_code == 422
    assert client.submit(path, {"to": "resolved", "text": "Đã thu hồi lô", "version": "1"}).status_code == 303
    page = client.get(path).text
    assert "Đã thu hồi lô" in page
    assert "Không có phản ánh nào" in client.get("/authority/complaints").text
    assert "Đau bụng" not in client.get("/authority/complaints?status=resolved").text
    assert complaint.batch.product.name in client.get("/authority/complaints?status=resolved").text


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


def test_the_trail_is_filtered_by_person_topic_and_business(client: Client, officer: Any, session: Session) -> None:
    one, two = factories.make_business(session), factories.make_business(session)
    for business in (one, two):
        client.get(f"/authority/businesses/{business.id}")
    assert client.get("/authority/audit").text.count("<td>Xem hồ sơ cơ sở") == 2
    assert client.get(f"/authority/audit?business={one.id}").text.count("<td>Xem hồ sơ cơ sở") == 1
    assert "<td>Xem hồ sơ cơ sở" in client.get("/authority/audit?person=c%C3%A1n+b%E1%BB%99&topic=businesses").text
    assert "<td>Xem hồ sơ cơ sở" not in client.get("/authority/audit?topic=labels").text
    assert "<td>Xem hồ sơ cơ sở" not in client.get("/authority/audit?person=ai+kh%C3%A1c").text


@pytest.mark.parametrize("table", ["businesses", "certificates", "complaints", "batches", "register", "audit"])
@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_every_table_is_taken_away_as_a_file_and_that_is_written_down(
    client: Client, officer: Any, session: Session, complaint: Complaint, table: str, extension: str
) -> None:
    factories.make_certificate(session, complaint.batch.business)
    factories.make_register_list(session, ["=HYPERLINK(1)"])
    answer = client.get(f"/authority/exports/{table}.{extension}")
    assert answer.status_code == 200
    assert f'filename="{table}-20260302.{extension}"' in answer.headers["Content-Disposition"]
    if extension == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.data)).active.max_row >= 2
    else:
        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert len(answer.text.splitlines()) >= 2
    if (table, extension) == ("register", "csv"):
        assert "'=HYPERLINK(1)" in answer.text
    assert f"exports:{table}" in session.scalars(select(AuditEntry.action)).all()


def test_a_file_has_the_rows_that_the_page_showed(client: Client, officer: Any, session: Session) -> None:
    factories.make_business(session, legal_name="HTX Có", status=BusinessStatus.APPLIED)
    other = factories.make_business(session, legal_name="HTX Không", tax_code=TAX_CODE)
    text = client.get("/authority/exports/businesses.csv?status=applied").text
    assert "HTX Có" in text
    assert "HTX Không" not in text
    factories.make_site(session, other, name="Ruộng Bãi", latitude=20.98765, longitude=105.91234)
    factories.make_product(session, other)
    sites = client.get(f"/authority/exports/sites.csv?business={other.id}").text
    assert "Ruộng Bãi" in sites
    assert "20.98765" not in sites
    assert "20,98765" not in sites
    assert "Cải ngọt" in client.get(f"/authority/exports/products.csv?business={other.id}").text
    assert TAX_CODE in client.get("/authority/exports/businesses.csv?q=kh%C3%B4ng").text


@pytest.mark.parametrize("path", ["nonsense.csv", "businesses.pdf", "sites.csv", "register.csv"])
def test_what_cannot_be_exported_is_not_found(client: Client, officer: Any, path: str) -> None:
    assert client.get(f"/authority/exports/{path}").status_code == 404


def test_the_template_of_the_list_is_an_excel_file(client: Client, officer: Any) -> None:
    answer = client.get("/authority/register/template.xlsx")
    assert answer.data.startswith(b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "progress",
        "applications",
        "businesses",
        "certificates",
        "complaints",
        "register",
        "register/import",
        "audit",
        "exports/businesses.csv",
    ],
)
def test_nobody_else_comes_in(client: Client, session: Session, path: str) -> None:
    assert client.get(f"/authority/{path}").status_code == 302
    owner = factories.make_user(session)
    factories.make_business(session, owner=owner)
    client.sign_in(owner)
    assert client.get(f"/authority/{path}").status_code == 403


@pytest.mark.parametrize("path", ["businesses/9", "certificates/9", "complaints/9", "register/9", "register/entries/9"])
def test_what_is_not_there_is_not_found(client: Client, officer: Any, path: str) -> None:
    assert client.get(f"/authority/{path}").status_code == 404


def test_the_pages_speak_english(client: Client, officer: Any, session: Session) -> None:
    factories.make_register_list(session, ["A"])
    for path in ("", "progress", "applications", "businesses", "certificates", "complaints", "register", "audit"):
        assert client.get(f"/authority/{path}?lang=en").status_code == 200


def test_every_act_that_the_services_write_down_has_words() -> None:
    services = Path(trace.services.__file__).parent.glob("**/*.py")
    topics = "|".join(audit_words.TOPICS)
    written = {code for path in services for code in re.findall(rf'"((?:{topics}):[a-z_-]+)"', path.read_text())}
    assert len(written) > 40
    assert written - set(audit_words.ACTIONS) == set()
    assert {table for table in Table if f"exports:{table}" not in audit_words.ACTIONS} == set()


def test_urgent_complaints_stand_first(client: Client, officer: Any, session: Session, complaint: Complaint) -> None:
    session.add(
        Complaint(
            tracking_number="PA-AAAA-AAAA",
            batch=complaint.batch,
            business_id=complaint.business_id,
            reason=ComplaintReason.EXPIRED,
            status=ComplaintStatus.RECEIVED,
            at=factories.NOW - timedelta(days=9),
        )
    )
    page = client.get("/authority/complaints").text
    assert page.index("Cần xem ngay") < page.index("đau bụng") < page.index("quá hạn sử dụng")
