"""The officer reads whom to inspect first and why, and tries other weights before publishing them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client
from trace.domain.permissions import OfficeRole
from trace.services import risks
from trace.storage.risks import weights_said

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
    assert "HTX Vắng Lặng" not in client.get("/authority/risks?commodity=vegetables").text


def test_an_officer_of_a_commune_sees_its_businesses_only(client: Client, session: Session, farm: Any) -> None:
    client.sign_in(factories.make_officer(session, OfficeRole.COMMUNE, office_commune_code="00004"))
    page = client.get("/authority/risks").text
    assert "HTX Vắng Lặng" in page
    assert "HTX Rau Sạch" not in page
    assert "HTX Rau Sạch" not in client.get("/authority/exports/risks.csv").text


def test_a_preview_keeps_nothing_and_publishing_does(client: Client, officer: Any, session: Session, farm: Any) -> None:
    typed = {"commodity:vegetables": "9", "most-commodity:vegetables": "9", "version": "1"}
    tried = client.submit("/authority/risks/weights", {**typed, "preview": "yes"})
    assert (tried.status_code, "Số cơ sở đổi điểm: 1" in tried.text) == (200, True)
    assert len(session.scalars(weights_said()).all()) == 1
    refused = client.submit("/authority/risks/weights", typed)
    assert refused.status_code == 422
    typed |= {"valid_from": "2026-03-02", "source": "Kế hoạch", "reason": "Mùa mưa"}
    assert client.submit("/authority/risks/weights", typed).status_code == 303
    late = client.submit("/authority/risks/weights", typed)
    assert (late.status_code, "đã công bố trọng số phiên bản 2" in late.text) == (422, True)


def test_the_file_has_a_column_for_each_factor(client: Client, officer: Any, farm: Any) -> None:
    heading, first, *_ = client.get("/authority/exports/risks.csv").text.splitlines()
    assert "Giấy chứng nhận hết hạn" in heading
    assert "HTX Rau Sạch" in first
