"""The department's tables as files, and the trail that says who took them."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import trace.services
from tests import factories
from tests.client import Client
from trace.domain.businesses import BusinessStatus
from trace.services.export_tables import Table
from trace.storage.audit import AuditEntry
from trace.storage.complaints import Complaint
from trace.web import audit_words

TAX_CODE = "0109999904"


pytestmark = pytest.mark.usefixtures("in_march")


def test_the_trail_is_filtered_by_person_topic_and_business(client: Client, officer: Any, session: Session) -> None:
    one, two = factories.make_business(session), factories.make_business(session)
    for business in (one, two):
        client.get(f"/authority/businesses/{business.id}")
    assert client.get("/authority/audit").text.count(">Xem hồ sơ cơ sở</a>") == 2
    assert client.get(f"/authority/audit?business={one.id}").text.count(">Xem hồ sơ cơ sở</a>") == 1
    assert ">Xem hồ sơ cơ sở</a>" in client.get("/authority/audit?person=c%C3%A1n+b%E1%BB%99&topic=businesses").text
    assert ">Xem hồ sơ cơ sở</a>" not in client.get("/authority/audit?topic=labels").text
    assert ">Xem hồ sơ cơ sở</a>" not in client.get("/authority/audit?person=ai+kh%C3%A1c").text


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


def test_every_act_that_the_services_write_down_has_words() -> None:
    services = list(Path(trace.services.__file__).parent.glob("**/*.py"))
    topics = "|".join(audit_words.TOPICS)
    written = {code for path in services for code in re.findall(rf'"((?:{topics}):[a-z_-]+)"', path.read_text())}
    written |= {code for path in services for code in re.findall(r'actor, "([a-z_]+:[a-z_-]+)"', path.read_text())}
    assert len(written) > 40
    assert written - set(audit_words.ACTIONS) == set()
    assert {table for table in Table if f"exports:{table}" not in audit_words.ACTIONS} == set()
