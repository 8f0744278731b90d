"""The officer reads whom to inspect first and why, and tries other weights before publishing them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from tests.risk_records import one_of_each
from trace.domain.permissions import OfficeRole
from trace.domain.risks import Factor
from trace.services import risks

pytestmark = pytest.mark.usefixtures("in_march")


@pytest.fixture
def farm(session: Session) -> Any:
    farm = factories.make_business(session, legal_name="HTX Rau Sạch")
    factories.make_product(session, farm)
    factories.make_business(session, legal_name="HTX Vắng Lặng", commune_code="00004")
    session.commit()
    risks.recount_all(session)
    return farm


def test_the_list_gives_reasons_and_the_dossier_all_of_them(client: Client, officer: Any, farm: Any) -> None:
    page = client.get("/authority/risks").text
    assert page.index("HTX Rau Sạch") < page.index("HTX Vắng Lặng")
    assert "Loại thực phẩm: Rau, củ" in page
    dossier = client.get(f"/authority/businesses/{farm.id}").text
    assert "Loại thực phẩm: Rau, củ" in dossier
    assert "+6" in dossier
    why = client.get(f"/authority/risks/{farm.id}").text
    records = f"/authority/risks/{farm.id}/commodity?subject=vegetables"
    assert records in why
    assert f"/authority/inspections/new?business={farm.id}" in why
    assert "Cải ngọt" in client.get(records).text
    assert "HTX Vắng Lặng" not in client.get("/authority/risks?commodity=vegetables").text


def test_an_officer_of_a_commune_sees_its_businesses_only(client: Client, session: Session, farm: Any) -> None:
    client.sign_in(factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004"))
    page = client.get("/authority/risks").text
    assert "HTX Vắng Lặng" in page
    assert "HTX Rau Sạch" not in page
    assert "HTX Rau Sạch" not in client.get("/authority/exports/risks.csv").text


@pytest.mark.parametrize("factor", Factor)
def test_every_factor_leads_to_its_records(client: Client, officer: Any, session: Session, factor: Factor) -> None:
    farm, shop = factories.make_business(session), factories.make_business(session)
    one_of_each(session, farm, shop)
    whose = shop if factor in (Factor.IGNORED_OFFER, Factor.OUTSIDERS_ONLY, Factor.NEVER_VISITED) else farm
    assert factor in {fact.factor for fact in risks.facts_of(session, [whose.id])[whose.id]}
    page = client.get(f"/authority/risks/{whose.id}/{factor}")
    assert (page.status_code, "Không còn ghi chép nào" in page.text) == (200, False)


def test_weights_are_tried_proposed_and_approved(client: Client, officer: Any, session: Session, farm: Any) -> None:
    typed = {"commodity:vegetables": "9", "most-commodity:vegetables": "9", "version": "1"}
    tried = client.submit("/authority/risks/weights", {**typed, "preview": "yes"})
    assert (tried.status_code, "Số cơ sở đổi điểm: 1" in tried.text) == (200, True)
    assert client.submit("/authority/risks/weights", typed).status_code == 422
    typed |= {"valid_from": "2026-03-02", "source": "Kế hoạch", "reason": "Mùa mưa"}
    asked = client.submit("/authority/risks/weights", typed)
    assert asked.status_code == 303
    assert "chờ người thứ hai" in client.get("/authority/risks/weights").text
    client.sign_in(factories.make_officer(session))
    seen = client.get(asked.location).text
    assert "12 → <strong>15</strong>" in seen
    assert client.submit(asked.location, {"decision": "approved"}).status_code == 303
    late = client.submit("/authority/risks/weights", typed)
    assert (late.status_code, "đã công bố trọng số phiên bản 2" in late.text) == (422, True)


def test_the_file_has_a_column_for_each_factor(client: Client, officer: Any, farm: Any) -> None:
    heading, first, *_ = client.get("/authority/exports/risks.csv").text.splitlines()
    assert "Giấy chứng nhận hết hạn" in heading
    assert "HTX Rau Sạch" in first
