"""Places of a business: growing areas, farms, packing houses, stores and shops."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..domain.errors import N_, InvalidInput
from ..domain.identifiers import Gln
from ..domain.permissions import Actor, Permission, require
from ..domain.sites import SiteKind, proposed_code, site_code
from ..domain.text import clean
from ..storage.addresses import gazetteer
from ..storage.sites import Site
from . import audit
from .changes import Faults, assign, load_for_change
from .clock import now

LARGEST_AREA_M2 = 100_000_000  # 100 km²: beyond it a unit was mistaken


class SiteCodeTaken(InvalidInput):
    code = "site-code-taken"
    message = N_("Mã địa điểm %(code)s đã dùng cho địa điểm khác. Hãy chọn mã khác, hoặc để trống để hệ thống tự đặt.")


@dataclass(frozen=True, kw_only=True)
class SiteFacts:
    """``code`` empty lets one be proposed; ``area_m2`` in square metres; coordinates WGS 84, both or neither."""

    kind: SiteKind
    name: str
    commune_code: str
    code: str = ""
    growing_area_code: str = ""
    area_m2: int | None = None
    gln: str = ""
    latitude: float | None = None
    longitude: float | None = None


def register(session: Session, actor: Actor, business_id: int, facts: SiteFacts) -> Site:
    """Raises InvalidFields, or SiteCodeTaken."""
    require(actor, Permission.SITES_WRITE, business_id)
    site = add_site(session, actor, business_id, facts)
    session.commit()
    return site


def add_site(session: Session, actor: Actor, business_id: int, facts: SiteFacts) -> Site:
    """As ``register``, inside a verb that commits."""
    site = Site(business_id=business_id, created_at=now(), **_checked(session, business_id, facts))
    session.add(site)
    _flush(session, site)
    audit.record(session, actor, "sites:register", site, changes={"code": site.code, "name": site.name})
    return site


def update(session: Session, actor: Actor, site_id: int, facts: SiteFacts, *, version: int | None = None) -> Site:
    """Raises Conflict when ``version`` is no longer the latest. Batches already numbered keep their lot codes."""
    site = load_for_change(session, Site, site_id, version)
    require(actor, Permission.SITES_WRITE, site.business_id)
    changes = assign(site, **_checked(session, site.business_id, facts, site))
    _flush(session, site)
    if changes:
        audit.record(session, actor, "sites:update", site, changes=changes)
    session.commit()
    return site


def set_active(session: Session, actor: Actor, site_id: int, *, active: bool, version: int | None = None) -> Site:
    """Take a place out of use or bring it back; what happened there stays."""
    site = load_for_change(session, Site, site_id, version)
    require(actor, Permission.SITES_WRITE, site.business_id)
    if changes := assign(site, active=active):
        audit.record(session, actor, "sites:reactivate" if active else "sites:deactivate", site, changes=changes)
    session.commit()
    return site


def _checked(session: Session, business_id: int, facts: SiteFacts, site: Site | None = None) -> dict[str, object]:
    faults = Faults()
    name = clean(facts.name)
    if not name:
        faults.add(N_("Hãy đặt tên cho địa điểm, ví dụ “Ruộng Văn Đức”."), field="name")
    elif len(name) > 120:
        faults.add(N_("Tên quá dài (tối đa 120 ký tự)."), field="name")
    taken = set(session.scalars(select(Site.code).where(Site.business_id == business_id)))
    if site:
        taken.discard(site.code)
    code = faults.attempt(site_code, facts.code) if clean(facts.code) else proposed_code(name, taken)
    if code in taken:
        faults.note(SiteCodeTaken(field="code", code=code))
    commune = faults.attempt(gazetteer().commune, facts.commune_code)
    gln = faults.attempt(Gln, facts.gln) if clean(facts.gln) else None
    if facts.area_m2 is not None and not 0 < facts.area_m2 <= LARGEST_AREA_M2:
        faults.add(N_("Diện tích tính bằng m², lớn hơn 0. Một sào Bắc Bộ là 360 m²."), field="area_m2")
    if (facts.latitude is None) != (facts.longitude is None):
        faults.add(N_("Vị trí cần cả vĩ độ và kinh độ."), field="latitude")
    elif (
        facts.latitude is not None and facts.longitude is not None and not _in_vietnam(facts.latitude, facts.longitude)
    ):
        faults.add(N_("Vị trí này nằm ngoài Việt Nam. Vĩ độ từ 8 đến 23,5; kinh độ từ 102 đến 110."), field="latitude")
    faults.raise_any()
    assert commune  # noqa: S101 - its absence was raised above
    return {
        "kind": facts.kind,
        "code": code,
        "name": name,
        "province_code": commune.province.code,
        "commune_code": commune.code,
        "growing_area_code": clean(facts.growing_area_code)[:60],
        "area_m2": facts.area_m2,
        "gln": gln and gln.value,
        "latitude": facts.latitude,
        "longitude": facts.longitude,
    }


def _flush(session: Session, site: Site) -> None:
    code = site.code
    try:
        session.flush()
    except IntegrityError:  # the same code was given a moment ago
        raise SiteCodeTaken(field="code", code=code) from None


def _in_vietnam(latitude: float, longitude: float) -> bool:
    return 8 <= latitude <= 23.5 and 102 <= longitude <= 110
