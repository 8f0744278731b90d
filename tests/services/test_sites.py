"""Places of a business."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from trace.domain.errors import Conflict, InvalidFields, NotFound
from trace.domain.permissions import Actor
from trace.domain.sites import SiteKind
from trace.services import sites
from trace.services.sites import SiteFacts


def facts(**changes: Any) -> SiteFacts:
    field = SiteFacts(kind=SiteKind.GROWING_AREA, name="Ruộng Văn Đức", commune_code="00577")
    return dataclasses.replace(field, **changes)


def test_a_site_gets_a_short_code_of_its_own(session: Session, owner: Actor, business_id: int) -> None:
    codes = [sites.register(session, owner, business_id, facts(code=code)).code for code in ("", "", "vd1")]
    assert codes == ["RVD", "RVD2", "VD1"]


def test_a_code_stands_for_one_site(session: Session, owner: Actor, business_id: int) -> None:
    site = sites.register(session, owner, business_id, facts(code="VD1"))
    with pytest.raises(InvalidFields):
        sites.register(session, owner, business_id, facts(code="VD1"))
    assert sites.update(session, owner, site.id, facts(code="VD1", area_m2=3600)).area_m2 == 3600


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": "RUỘNG 1"}, "code"),
        ({"commune_code": "00000"}, "commune"),
        ({"gln": "8938521000011"}, "gln"),
        ({"area_m2": 0}, "area_m2"),
        ({"latitude": 20.9}, "latitude"),
        ({"latitude": 48.8, "longitude": 2.3}, "latitude"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    session: Session, owner: Actor, business_id: int, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidFields) as refused:
        sites.register(session, owner, business_id, facts(**wrong))
    assert [error.field for error in refused.value.errors] == [field]


def test_a_site_is_taken_out_of_use_and_brought_back(session: Session, owner: Actor, business_id: int) -> None:
    site = sites.register(session, owner, business_id, facts())
    assert not sites.set_active(session, owner, site.id, active=False).active
    assert sites.set_active(session, owner, site.id, active=True).active


def test_a_stale_form_changes_nothing(session: Session, owner: Actor, business_id: int) -> None:
    site = sites.register(session, owner, business_id, facts())
    seen = site.version
    sites.update(session, owner, site.id, facts(name="Một"), version=seen)
    with pytest.raises(Conflict):
        sites.update(session, owner, site.id, facts(name="Hai"), version=seen)


def test_a_stranger_does_not_learn_that_a_site_exists(session: Session, owner: Actor, business_id: int) -> None:
    site = sites.register(session, owner, business_id, facts())
    with pytest.raises(NotFound):
        sites.update(session, factories.actor(factories.make_user(session)), site.id, facts())
