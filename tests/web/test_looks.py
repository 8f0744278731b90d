"""An officer's look at private figures is itself written down, and the business sees it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.client import Client, Clock
from tests.world import make_world
from trace.domain.permissions import OfficeRole
from trace.storage.audit import AuditEntry


def actions(session: Session) -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.is_look).order_by(AuditEntry.id)
    return list(session.scalars(wanted))


@pytest.mark.usefixtures("in_march")
def test_a_look_is_noted_once_in_a_while_for_each_kind(client: Client, session: Session, clock: Clock) -> None:
    business = factories.make_business(session)
    client.sign_in(factories.make_officer(session, name="Cán bộ Hà"))
    for path in ("authority/businesses/{}", "workspace/{}/batches", "workspace/{}/diary", "workspace/{}/batches"):
        assert client.get("/" + path.format(business.id)).status_code == 200
    assert actions(session) == ["businesses:look", "batches:look", "diary:look"]
    clock.advance(minutes=16)
    client.get(f"/workspace/{business.id}/diary")
    assert actions(session)[3:] == ["diary:look"]


def test_the_business_sees_who_looked_and_its_own_people_leave_no_trace(client: Client, session: Session) -> None:
    world = make_world(session)
    client.sign_in(factories.make_officer(session, name="Cán bộ Hà"))
    for path in (f"batches/{world.values['code']}/balance", f"certificates/{world.values['certificate_id']}"):
        client.get(f"/authority/{path}")
    client.get(f"/authority/exports/sites.csv?business={world.business_id}")
    client.sign_in(world.owner)
    client.get(f"/workspace/{world.business_id}/batches")
    page = client.get(f"/workspace/{world.business_id}/looks").text
    for said in ("Cán bộ Hà", "Xem cân đối lượng hàng", "Xem giấy chứng nhận", "Tải về bảng địa điểm"):
        assert said in page
    assert "Xem lô hàng, tồn kho" not in page
    client.sign_in(world.staff)
    assert client.get(f"/workspace/{world.business_id}/looks").status_code == 403


def test_the_business_sees_every_office_that_looked(client: Client, session: Session) -> None:
    owner = factories.make_user(session)
    business = factories.make_business(session, owner=owner)
    for office in OfficeRole:
        area = business.commune_code if office is OfficeRole.COMMUNE else None
        client.sign_in(factories.make_officer(session, office, name=f"Người {office}", office_commune_code=area))
        assert client.get(f"/authority/businesses/{business.id}").status_code == 200
    client.sign_in(owner)
    page = client.get(f"/workspace/{business.id}/looks").text
    assert all(f"Người {office}" in page for office in OfficeRole)


def test_the_trail_is_read_by_subject_and_by_what_was_done(client: Client, session: Session) -> None:
    one, other = factories.make_business(session), factories.make_business(session)
    client.sign_in(factories.make_officer(session))
    for path in (f"authority/businesses/{one.id}", f"workspace/{one.id}/diary", f"authority/businesses/{other.id}"):
        client.get(f"/{path}")
    asked = f"type=Business&subject={one.id}&action=diary:look"
    page = client.get(f"/authority/audit?{asked}").text
    assert page.count("<tr>") == 2, "its heading and the one entry"
    assert client.get(f"/authority/exports/audit.csv?{asked}").text.count("diary:look") == 1


def test_the_trail_is_read_by_day(client: Client, session: Session, clock: Clock) -> None:
    clock.set(factories.NOW)
    business = factories.make_business(session)
    officer: Any = factories.make_officer(session)
    client.sign_in(officer)
    client.get(f"/authority/businesses/{business.id}")
    seen = f"/authority/audit?business={business.id}&since="
    assert "Xem hồ sơ cơ sở" in client.get(f"{seen}02/03/2026&until=02/03/2026").text
    assert "Không có việc nào" in client.get(f"{seen}03/03/2026").text
