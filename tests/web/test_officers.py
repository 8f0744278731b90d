"""An officer of one commune at work: what lies outside it is not there."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.world import make_world
from trace.domain.permissions import OfficeRole
from trace.storage.businesses import Business

LISTS = [
    "/authority/applications",
    "/authority/businesses",
    "/authority/batches?q=LO",
    "/authority/certificates",
    "/authority/complaints",
    "/authority/diary",
    "/authority/excesses",
    "/authority/laboratory",
    "/authority/handovers?disputed=yes",
    "/authority/audit",
    "/authority/exports/businesses.csv",
    "/authority/exports/certificates.csv",
    "/authority/exports/batches.csv",
    "/authority/exports/complaints.csv",
]


@pytest.fixture
def officer(session: Session, client: Client) -> Any:
    person = factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00070")
    client.sign_in(person)
    return person


@pytest.mark.usefixtures("officer")
def test_lists_show_the_businesses_of_the_commune_only(client: Client, session: Session) -> None:
    near, far = make_world(session), make_world(session, commune_code="00004")
    names = {}
    for name, world in (("Gần Hồ", near), ("Xa Hồ", far)):
        business = session.get_one(Business, world.business_id)
        business.legal_name = names[name] = name
    session.commit()
    pages = {path: client.get(path).text for path in LISTS}
    assert not [path for path, text in pages.items() if "Xa Hồ" in text]
    named = [path for path, text in pages.items() if "Gần Hồ" in text]
    assert len(named) >= 7, named


@pytest.mark.usefixtures("officer")
def test_work_of_the_whole_city_is_not_theirs(client: Client) -> None:
    for path in ("/authority/recalls", "/authority/register/import", "/authority/officers", "/authority/yields/new"):
        assert client.get(path).status_code == 403
    assert "/authority/recalls" not in client.get("/authority/").text


def test_an_auditor_finds_no_button_that_would_be_refused(client: Client, session: Session) -> None:
    world = make_world(session)
    client.sign_in(factories.make_officer(session, OfficeRole.AUDITOR))
    for path in (
        f"/authority/businesses/{world.business_id}",
        f"/authority/certificates/{world.values['certificate_id']}",
        f"/authority/complaints/{world.values['complaint_id']}",
        f"/authority/diary/{world.values['flag_id']}",
        f"/authority/excesses/{world.values['excess_id']}",
        f"/authority/laboratory/{world.values['test_id']}",
        f"/authority/recalls/{world.values['recall_id']}",
        f"/authority/handovers/{world.values['handover_id']}",
        "/authority/handovers/terms",
        f"/authority/yields/{world.values['yield_id']}",
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        main = answer.text.split("<main", 1)[1]
        assert 'method="post"' not in main, path


def test_an_administrator_appoints_an_officer_of_a_commune(client: Client, session: Session) -> None:
    person = factories.make_user(session)
    client.sign_in(factories.make_administrator(session))
    refused = client.submit("/authority/officers", {"email": person.email, "role": "commune"})
    assert refused.status_code == 422
    client.submit("/authority/officers", {"email": person.email, "role": "commune", "commune": "Phường Hoàn Kiếm"})
    assert "Cán bộ xã, phường, Phường Hoàn Kiếm" in client.get("/authority/officers").text
