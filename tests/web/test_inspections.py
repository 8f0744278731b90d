"""Pages of visits: what bad input gets, and who sees what."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.inspecting import plan_visit, sign_visit
from trace.domain.inspections import InspectionKind
from trace.domain.permissions import OfficeRole
from trace.storage.accounts import User
from trace.storage.businesses import Business
from trace.storage.files import FileStore
from trace.storage.inspections import Inspection

JSON = {"Accept": "application/json"}


@pytest.fixture
def owner(session: Session) -> User:
    return factories.make_user(session)


@pytest.fixture
def business(session: Session, owner: User) -> Business:
    return factories.make_business(session, owner=owner)


@pytest.fixture
def officer(client: Client, session: Session) -> User:
    made = factories.make_officer(session)
    client.sign_in(made)
    return made


@pytest.mark.usefixtures("officer")
def test_a_filter_that_means_nothing_is_no_filter(client: Client) -> None:
    for query in ("day=31/02/2026", "kind=x&status=y&after=99999999999999999999", "day=%00&mine=maybe"):
        assert client.get(f"/authority/inspections?{query}").status_code == 200
    assert client.get("/authority/inspections/findings?status=?&overdue=1").status_code == 200
    assert client.get("/authority/inspections/new?business=999999").status_code == 404


@pytest.mark.usefixtures("officer")
def test_a_plan_without_a_day_or_a_reason_is_shown_again(client: Client, business: Business) -> None:
    path = f"/authority/inspections/new?business={business.id}"
    for day, said in (
        ("31/02/2026", "Không có ngày 31/02/2026 trong lịch"),
        ("", "Hãy ghi lý do hoặc căn cứ kiểm tra."),
    ):
        answer = client.submit(path, {"kind": "periodic", "planned_on": day, "team": "Lê Thị Hoa"})
        assert answer.status_code == 422
        assert said in answer.text
        assert "Lê Thị Hoa" in answer.text


def test_a_phone_is_told_what_is_wrong_and_when_others_signed_first(
    client: Client, session: Session, business: Business, officer: User, tmp_path: Path
) -> None:
    visit = plan_visit(session, factories.actor(officer), business.id)
    path = f"/authority/inspections/{visit.id}/visit"
    refused = client.submit(path, {"held_on": "x", "result_T1": "perfect", "event_ids": ["-1", "x"]}, headers=JSON)
    assert refused.status_code == 422
    assert "Hãy chọn một mục." in refused.get_json()["errors"]
    sign_visit(session, factories.actor(officer), visit, FileStore(tmp_path))
    assert client.submit(path, {}, headers=JSON).status_code == 409


def test_a_business_sees_announced_visits_and_signed_ones_only(
    client: Client, session: Session, business: Business, owner: User, officer: User
) -> None:
    acting = factories.actor(officer)
    announced = plan_visit(session, acting, business.id)
    hidden = plan_visit(session, acting, business.id, kind=InspectionKind.UNSCHEDULED)
    client.sign_in(owner)
    pages = f"/workspace/{business.id}/inspections"
    assert client.get(f"{pages}/{announced.id}").status_code == 200
    assert client.get(f"{pages}/{hidden.id}").status_code == 404


def test_an_officer_of_a_commune_visits_its_businesses_and_an_auditor_only_reads(
    client: Client, session: Session, business: Business, officer: User
) -> None:
    visit = plan_visit(session, factories.actor(officer), business.id)
    page = f"/authority/inspections/{visit.id}"
    near, far = (
        factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code=code)
        for code in (business.commune_code, "00004")
    )
    auditor = factories.make_officer(session, OfficeRole.AUDITOR)
    for person, reads, visits in ((near, 200, 200), (far, 404, 404), (auditor, 200, 403)):
        client.sign_in(person)
        assert client.get(page).status_code == reads
        assert client.get(f"{page}/visit").status_code == visits
    client.sign_in(far)
    assert business.legal_name not in client.get("/authority/inspections").text


@pytest.mark.usefixtures("officer")
def test_several_visits_are_planned_on_one_form_or_none_is(client: Client, session: Session) -> None:
    first, second = factories.make_business(session), factories.make_business(session)
    path = (
        f"/authority/inspections/round?business={second.id}&business={first.id}&reason=%C4%90i%E1%BB%83m+r%E1%BB%A7i+ro"
    )
    page = client.get(path).text
    assert page.index(second.legal_name) < page.index(first.legal_name)
    days = re.findall(r'name="planned_on_\d+"[^>]*value="(\d{4}-\d\d-\d\d)"', page)
    assert len(set(days)) == 2
    assert all(date.fromisoformat(day).weekday() < 5 for day in days)
    typed = {"kind": "periodic", "lead_id": officer_of(page), "reason": "Điểm rủi ro", "team": "Lê Thị Hoa"}
    wrong = {**typed, f"planned_on_{first.id}": days[0], f"planned_on_{second.id}": "31/02/2026"}
    answer = client.submit(path, wrong)
    assert answer.status_code == 422
    assert "Không có ngày 31/02/2026 trong lịch" in answer.text
    assert "Lê Thị Hoa" in answer.text
    past = client.submit(path, {**wrong, f"planned_on_{second.id}": "01/02/2020"})
    assert f'id="planned_on_{second.id}-error"' in past.text
    assert session.scalars(select(Inspection)).all() == []
    right = {**typed, f"planned_on_{first.id}": days[1], f"planned_on_{second.id}": days[0]}
    assert client.submit(path, right).status_code == 303
    planned = {each.business_id: each.planned_on.isoformat() for each in session.scalars(select(Inspection))}
    assert planned == {first.id: days[1], second.id: days[0]}
    again = client.submit(path, right)
    assert again.status_code == 422
    assert again.text.count("Cơ sở này đã có cuộc kiểm tra trong kế hoạch.") == 4  # above the form and at each day


@pytest.mark.usefixtures("officer")
def test_a_round_is_of_businesses_that_there_are(client: Client, business: Business) -> None:
    assert client.get("/authority/inspections/round").status_code == 303
    assert client.get(f"/authority/inspections/round?business={business.id}&business=999999").status_code == 404
    many = "&".join(f"business={number}" for number in range(1, 40))
    assert client.get(f"/authority/inspections/round?{many}").status_code == 303


def officer_of(page: str) -> str:
    return re.findall(r'<option selected value="(\d+)"', page)[0]
